/**
 * What a CORS plugin must let browsers send and read, to be spread into the options of
 * `@fastify/cors`: the credentials fields, the challenge and the nonce that a script needs to
 * repeat a refused request (RFC 9449 §7.1, §8), and the time by which it corrects a wrong clock. Register CORS before the plugin of this package, so that preflight
 * requests, which carry no credentials, are answered first.
 */
export const DPOP_CORS: {
  readonly allowedHeaders: string[];
  readonly exposedHeaders: string[];
} = {
  allowedHeaders: ['Authorization', 'DPoP', 'Content-Type'],
  exposedHeaders: ['WWW-Authenticate', 'DPoP-Nonce', 'Date'],
};
