/** The paths of the endpoints, as the metadata publishes them. */
export const ENDPOINTS = {
  authorization: '/authorize',
  token: '/token',
  pushedAuthorization: '/par',
  introspection: '/introspect',
  revocation: '/revoke',
  registration: '/register',
  jwks: '/jwks',
} as const;

/** The paths of the metadata: RFC 8414 §3, and OpenID Connect Discovery §4 for clients that look there. */
export const METADATA_PATHS: readonly string[] = [
  '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
];
