/** The paths of the endpoints, as the metadata publishes them. */
export const ENDPOINTS = {
  token: '/token',
  introspection: '/introspect',
  jwks: '/jwks',
} as const;
