/** A JSON object whose members are not known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The public part of a JSON Web Key, or what stands in its place. */
export type Jwk = JsonObject;

/** A resource server under test. */
export interface RsConfig {
  /** Tells a resource server from an {@link AsConfig}. */
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
  /** The issuer identifier whose tokens are taken. */
  readonly issuer: string;
  /** What `aud` of a token must contain: the identifier of this resource. */
  readonly audience: string;
  /** The published keys of the issuer. */
  readonly jwks: { readonly keys: readonly Jwk[] };
  /** What introspection answers, by token; a token that is not here and is no JWT is inactive. */
  readonly introspection?: Readonly<Record<string, JsonObject>>;
  /** The schemes the resource takes. */
  readonly schemes: readonly ('DPoP' | 'Bearer')[];
  /** The `alg` values that proofs may have. */
  readonly proofAlgorithms: readonly string[];
  /** The `alg` values that access tokens may have. */
  readonly tokenAlgorithms: readonly string[];
  /** How far `iat` of a proof may lie back, the limit included. */
  readonly maxAgeSeconds: number;
  /** How far `iat` of a proof may lie ahead, the limit included. */
  readonly maxFutureSeconds: number;
  /** Nonces are demanded when this is set: `current` is handed out, all of `accepted` are taken. */
  readonly nonce: NonceConfig | null;
  /** `failing` is a store that throws at every question. */
  readonly replay: 'off' | 'track' | 'failing';
  /** The `realm` of every challenge. */
  readonly realm: string;
  /** The URL of RFC 9728 metadata that challenges point to. */
  readonly resourceMetadata?: string;
  /** Scope values that the resource demands of a token. */
  readonly requiredScope?: readonly string[];
  /** The family of specifications whose rules count: SEP-1932 for `mcp`, FAPI 2.0 for `fapi`. */
  readonly preset: 'default' | 'mcp' | 'fapi';
}

/** Nonces as an oracle, so that frozen proofs can carry them. */
export interface NonceConfig {
  /** The nonce that the server hands out. */
  readonly current: string;
  /** Every nonce that the server takes; `current` is one of them. */
  readonly accepted: readonly string[];
}

/** A verifier of JWT access tokens alone (RFC 9068). */
export interface TokenConfig {
  /** Tokens are verified by a resource server. */
  readonly server: 'rs';
  /** What time it is, in seconds since 1970-01-01T00:00:00Z. */
  readonly clock: number;
  /** The issuer identifier whose tokens are taken. */
  readonly issuer: string;
  /** What `aud` of a token must contain: the identifier of this resource. */
  readonly audience: string;
  /** The published keys of the issuer. */
  readonly jwks: { readonly keys: readonly Jwk[] };
  /** The `alg` values that access tokens may have. */
  readonly tokenAlgorithms: readonly string[];
}

/** An authorization server under test. */
export interface AsConfig {
  /** Tells an authorization server from an {@link RsConfig}. */
  readonly server: 'as';
  /** What time it is, in seconds since 1970-01-01T00:00:00Z. */
  readonly clock: number;
  /** The issuer identifier of the server. */
  readonly issuer: string;
  /** Absolute URIs; requests name an endpoint by its key here. */
  readonly endpoints: Readonly<Record<AsEndpoint, string>>;
  /** The clients that are registered; no others exist. */
  readonly clients: readonly AsClient[];
  /** The resources tokens can be for. */
  readonly resources: readonly string[];
  /** The `alg` values that proofs may have. */
  readonly proofAlgorithms: readonly string[];
  /** How far `iat` of a proof may lie back, the limit included. */
  readonly maxAgeSeconds: number;
  /** How far `iat` of a proof may lie ahead, the limit included. */
  readonly maxFutureSeconds: number;
  /** Nonces are demanded when this is set: `current` is handed out, all of `accepted` are taken. */
  readonly nonce: NonceConfig | null;
  /** Whether used proofs are remembered. */
  readonly replay: 'off' | 'track';
  /** The family of specifications whose rules count: SEP-1932 for `mcp`, FAPI 2.0 for `fapi`. */
  readonly preset: 'default' | 'mcp' | 'fapi';
}

/** An endpoint of an authorization server, by a name that stands for its URI. */
export type AsEndpoint =
  | 'authorization'
  | 'token'
  | 'pushed_authorization_request'
  | 'introspection'
  | 'revocation'
  | 'metadata';

/** A registered client, with the member names of RFC 7591. */
export interface AsClient {
  /** The identifier of the client. */
  readonly client_id: string;
  /** For clients that authenticate by `client_secret_basic` or `client_secret_post`. */
  readonly client_secret?: string;
  /** How the client authenticates at the token endpoint; `none` for a public one. */
  readonly token_endpoint_auth_method:
    | 'none'
    | 'client_secret_basic'
    | 'client_secret_post'
    | 'private_key_jwt';
  /** For clients that authenticate by `private_key_jwt`. */
  readonly jwks?: { readonly keys: readonly Jwk[] };
  /** The redirect URIs the client may use. */
  readonly redirect_uris: readonly string[];
  /** The grant types the client may use. */
  readonly grant_types: readonly string[];
  /** Scope values the client may ask for, with blanks between them. */
  readonly scope: string;
  /** Whether the client gets bound tokens only (RFC 9449 §5.2). */
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
  /** What time it is, in seconds since 1970-01-01T00:00:00Z. */
  readonly clock: number;
}

/** How thumbprints and hashes are made. */
export interface ThumbprintConfig {
  /** The hash function, the same for all cases. */
  readonly hash: 'SHA-256';
}
