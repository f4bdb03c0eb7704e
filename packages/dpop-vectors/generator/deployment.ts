import type { AsConfig, RsConfig, TokenConfig } from '../src/format.ts';
import { KEYS, type Key } from './keys/keys.ts';

/** 2026-01-01T00:00:00Z, where time stands in all cases that do not say otherwise. */
export const CLOCK = 1_767_225_600;

export const ISSUER = 'https://as.example';
export const ORIGIN = 'https://rs.example';

/** The algorithms the suite expects of every verifier. */
export const ALGORITHMS: readonly string[] = [
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'Ed25519',
  'EdDSA',
];

/** The published key set of the issuer. */
export const JWKS: TokenConfig['jwks'] = {
  keys: [KEYS.issuer1, KEYS.issuer2, KEYS.issuerRsa, KEYS.issuerEd].map(publishedKey),
};

/** A key as a key set publishes it. */
export function publishedKey({ jwk, name, alg }: Key): Readonly<Record<string, string>> {
  return { ...jwk, kid: name, alg, use: 'sig' };
}

/** A resource server that takes DPoP and nothing else, remembers proofs and asks for no nonce. */
export function rsConfig(changes: Partial<RsConfig> = {}): RsConfig {
  return {
    server: 'rs',
    clock: CLOCK,
    origin: ORIGIN,
    issuer: ISSUER,
    audience: ORIGIN,
    jwks: JWKS,
    schemes: ['DPoP'],
    proofAlgorithms: ALGORITHMS,
    tokenAlgorithms: [...ALGORITHMS, 'RS256'],
    maxAgeSeconds: 60,
    maxFutureSeconds: 30,
    nonce: null,
    replay: 'track',
    realm: 'vectors',
    preset: 'default',
    ...changes,
  };
}

/** A verifier of access tokens alone. */
export function tokenConfig(changes: Partial<TokenConfig> = {}): TokenConfig {
  return {
    server: 'rs',
    clock: CLOCK,
    issuer: ISSUER,
    audience: ORIGIN,
    jwks: JWKS,
    tokenAlgorithms: [...ALGORITHMS, 'RS256'],
    ...changes,
  };
}

/** An authorization server with a client of each kind. */
export function asConfig(changes: Partial<AsConfig> = {}): AsConfig {
  return {
    server: 'as',
    clock: CLOCK,
    issuer: ISSUER,
    endpoints: {
      authorization: `${ISSUER}/authorize`,
      token: `${ISSUER}/token`,
      pushed_authorization_request: `${ISSUER}/par`,
      introspection: `${ISSUER}/introspect`,
      revocation: `${ISSUER}/revoke`,
      metadata: `${ISSUER}/.well-known/oauth-authorization-server`,
    },
    clients: [PUBLIC_APP, PUBLIC_BEARER_APP, WEB_APP, MACHINE, OPAQUE_MACHINE, API],
    resources: [ORIGIN],
    proofAlgorithms: ALGORITHMS,
    maxAgeSeconds: 60,
    maxFutureSeconds: 30,
    nonce: null,
    replay: 'track',
    preset: 'default',
    ...changes,
  };
}

export const REDIRECT_URI = 'https://app.example/callback';

const FOR_PEOPLE = {
  redirect_uris: [REDIRECT_URI],
  grant_types: ['authorization_code', 'refresh_token'],
  scope: 'notes:read notes:write',
} as const;

const FOR_MACHINES = {
  token_endpoint_auth_method: 'client_secret_basic',
  redirect_uris: [],
  grant_types: ['client_credentials'],
  scope: 'notes:read notes:write',
} as const;

/** A public client whose tokens must be bound. */
const PUBLIC_APP: AsConfig['clients'][number] = {
  client_id: 'app',
  token_endpoint_auth_method: 'none',
  dpop_bound_access_tokens: true,
  ...FOR_PEOPLE,
};
/** A public client that may do without proofs. */
const PUBLIC_BEARER_APP: AsConfig['clients'][number] = {
  client_id: 'app-bearer',
  token_endpoint_auth_method: 'none',
  dpop_bound_access_tokens: false,
  ...FOR_PEOPLE,
};
/** A confidential client that may do without proofs. */
const WEB_APP: AsConfig['clients'][number] = {
  client_id: 'web',
  client_secret: 'secret-of-web-0123456789abcdef',
  token_endpoint_auth_method: 'client_secret_basic',
  dpop_bound_access_tokens: false,
  ...FOR_PEOPLE,
};
/** A service whose tokens must be bound. */
const MACHINE: AsConfig['clients'][number] = {
  client_id: 'machine',
  client_secret: 'secret-of-machine-0123456789abcdef',
  dpop_bound_access_tokens: true,
  ...FOR_MACHINES,
};
/** A service that gets opaque tokens, bound when it shows a proof. */
const OPAQUE_MACHINE: AsConfig['clients'][number] = {
  client_id: 'machine-opaque',
  client_secret: 'secret-of-machine-opaque-0123456789',
  dpop_bound_access_tokens: false,
  access_token_format: 'opaque',
  ...FOR_MACHINES,
};
/** The resource server, which introspects. */
const API: AsConfig['clients'][number] = {
  client_id: 'api',
  client_secret: 'secret-of-api-0123456789abcdef',
  token_endpoint_auth_method: 'client_secret_basic',
  redirect_uris: [],
  grant_types: [],
  scope: '',
  dpop_bound_access_tokens: false,
  introspects: [ORIGIN],
};

/** The `Authorization` field of a confidential client. */
export function basic(clientId: string): string {
  const client = asConfig().clients.find(({ client_id }) => client_id === clientId);
  if (client?.client_secret === undefined) throw new Error(`${clientId} has no secret`);
  return `Basic ${Buffer.from(`${clientId}:${client.client_secret}`).toString('base64')}`;
}
