/** How a client authenticates at the token endpoint (RFC 7591 §2). */
export type ClientAuthMethod =
  | 'none'
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'private_key_jwt';

/** What is known of a client, with the member names of RFC 7591, RFC 9126 §6 and RFC 9449 §5.2. */
export interface ClientMetadata {
  /** The name people see when they are asked for consent. */
  readonly client_name?: string;
  readonly client_uri?: string;
  readonly redirect_uris: readonly string[];
  readonly grant_types: readonly string[];
  readonly token_endpoint_auth_method: ClientAuthMethod;
  /** The public keys of a client with `private_key_jwt`. */
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
  /** Scope values the client may ask for, separated by blanks. */
  readonly scope: string;
  readonly application_type: 'web' | 'native';
  /** Refuse token requests of this client that come without a proof. */
  readonly dpop_bound_access_tokens: boolean;
  /** Refuse authorization requests of this client that were not pushed. */
  readonly require_pushed_authorization_requests: boolean;
  /** The form of this client's access tokens; a member of this server. */
  readonly access_token_format: 'jwt' | 'opaque';
  /** The audiences whose tokens this client, a resource server, may introspect; of this server. */
  readonly introspects: readonly string[];
}

/** A client of this server. */
export interface Client extends ClientMetadata {
  readonly client_id: string;
  /** SHA-256 of the secret, see `hashSecret`; undefined for clients without one. */
  readonly secretHash: string | undefined;
}

/** Whether the client can keep no secret (RFC 6749 §2.1). */
export function isPublicClient(client: ClientMetadata): boolean {
  return client.token_endpoint_auth_method === 'none';
}

/** The scope values of a client, one an entry. */
export function scopesOf({ scope }: ClientMetadata): readonly string[] {
  return scope.split(' ').filter((value) => value !== '');
}

/**
 * Whether a client may authenticate by a method. What a preset demands is for clients that get tokens;
 * a resource server, which only asks about tokens, may have a secret under every preset.
 */
export function mayUseMethod(
  { grant_types: grants }: Pick<ClientMetadata, 'grant_types'>,
  method: ClientAuthMethod,
  accepted: readonly ClientAuthMethod[],
): boolean {
  return accepted.includes(method) || (grants.length === 0 && method !== 'none');
}
