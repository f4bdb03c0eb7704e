/** A JSON object whose members are not known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The public part of a JSON Web Key, or what stands in its place. */
export type Jwk = JsonObject;

/** A resource server under test. */
export interface RsConfig {
  readonly server: 'rs';
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly clock: number;
  /** The origin that clients use; target URIs are this and the request target. */
  readonly origin: string;
  /** Other origins under which the same server is reached. */
  readonly furtherOrigins?: readonly string[];
  /** What a proxy in front strips from the path of the target URI. */
  readonly mountPrefix?: string;
  /** Addresses of proxies whose `X-Forwarded-Host` and `X-Forwarded-Proto` are believed. */
  readonly trustedProxies?: readonly string[];
  readonly issuer: string;
  readonly audience: string;
  /** The published keys of the issuer. */
  readonly jwks: { readonly keys: readonly Jwk[] };
  /** What introspection answers, by token; a token that is not here and is no JWT is inactive. */
  readonly introspection?: Readonly<Record<string, JsonObject>>;
  /** The schemes the resource takes. */
  readonly schemes: readonly ('DPoP' | 'Bearer')[];
  readonly proofAlgorithms: readonly string[];
  readonly tokenAlgorithms: readonly string[];
  /** How far `iat` of a proof may lie back, the limit included. */
  readonly maxAgeSeconds: number;
  /** How far `iat` of a proof may lie ahead, the limit included. */
  readonly maxFutureSeconds: number;
  /** Nonces are demanded when this is set: `current` is handed out, all of `accepted` are taken. */
  readonly nonce: NonceConfig | null;
  /** `failing` is a store that throws at every question. */
  readonly replay: 'off' | 'track' | 'failing';
  readonly realm: string;
  /** The URL of RFC 9728 metadata that challenges point to. */
  readonly resourceMetadata?: string;
  /** Scope values that the resource demands of a token. */
  readonly requiredScope?: readonly string[];
  readonly preset: 'default' | 'mcp' | 'fapi';
}

/** Nonces as an oracle, so that frozen proofs can carry them. */
export interface NonceConfig {
  readonly current: string;
  readonly accepted: readonly string[];
}

/** A verifier of JWT access tokens alone (RFC 9068). */
export interface TokenConfig {
  readonly server: 'rs';
  readonly clock: number;
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: { readonly keys: readonly Jwk[] };
  readonly tokenAlgorithms: readonly string[];
}

/** An authorization server under test. */
export interface AsConfig {
  readonly server: 'as';
  readonly clock: number;
  readonly issuer: string;
  /** Absolute URIs; requests name an endpoint by its key here. */
  readonly endpoints: Readonly<Record<AsEndpoint, string>>;
  readonly clients: readonly AsClient[];
  /** The resources tokens can be for. */
  readonly resources: readonly string[];
  readonly proofAlgorithms: readonly string[];
  readonly maxAgeSeconds: number;
  readonly maxFutureSeconds: number;
  readonly nonce: NonceConfig | null;
  readonly replay: 'off' | 'track';
  readonly preset: 'default' | 'mcp' | 'fapi';
}

export type AsEndpoint =
  | 'authorization'
  | 'token'
  | 'pushed_authorization_request'
  | 'introspection'
  | 'revocation'
  | 'metadata';

/** A registered client, with the member names of RFC 7591. */
export interface AsClient {
  readonly client_id: string;
  /** For clients that authenticate by `client_secret_basic` or `client_secret_post`. */
  readonly client_secret?: string;
  readonly token_endpoint_auth_method:
    | 'none'
    | 'client_secret_basic'
    | 'client_secret_post'
    | 'private_key_jwt';
  /** For clients that authenticate by `private_key_jwt`. */
  readonly jwks?: { readonly keys: readonly Jwk[] };
  readonly redirect_uris: readonly string[];
  readonly grant_types: readonly string[];
  readonly scope: string;
  readonly dpop_bound_access_tokens: boolean;
  /** Whether its access tokens are JWTs or opaque. */
  readonly access_token_format?: 'jwt' | 'opaque';
  /** Audiences whose tokens this client, a resource server, may introspect. */
  readonly introspects?: readonly string[];
}

/** A deviation from the configuration of the group, for one case. */
export type Override<Config> = Partial<Omit<Config, 'server'>>;

/** A client under test. */
export interface SignerConfig {
  readonly clock: number;
}

export interface ThumbprintConfig {
  readonly hash: 'SHA-256';
}
