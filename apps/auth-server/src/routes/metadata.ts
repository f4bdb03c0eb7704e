import type { FastifyInstance } from 'fastify';
import type { ServerContext } from '../context.ts';
import { ENDPOINTS } from './endpoints.ts';
import { GRANTS } from './token.ts';

/** RFC 8414 metadata and the key set. Lists what is enforced and nothing else. */
export function metadataRoutes(app: FastifyInstance, context: ServerContext): void {
  const { issuer, clients, keys, proofs } = context;
  const scopes = [...clients.values()].flatMap(({ scope }) => scope.split(' '));
  const metadata = {
    issuer,
    token_endpoint: `${issuer}${ENDPOINTS.token}`,
    introspection_endpoint: `${issuer}${ENDPOINTS.introspection}`,
    jwks_uri: `${issuer}${ENDPOINTS.jwks}`,
    scopes_supported: [...new Set(scopes)].filter((scope) => scope !== ''),
    grant_types_supported: GRANTS,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    dpop_signing_alg_values_supported: proofs.algorithms,
  };
  app.get('/.well-known/oauth-authorization-server', async () => metadata);
  app.get(ENDPOINTS.jwks, async (_request, reply) => {
    reply.header('cache-control', 'public, max-age=300');
    return keys.jwks;
  });
}
