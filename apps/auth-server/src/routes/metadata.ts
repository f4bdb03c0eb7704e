import type { FastifyInstance } from 'fastify';
import { ACR_VALUES } from '../authorization/parse-authorization-request.ts';
import type { ClientAuthMethod } from '../clients/client.ts';
import type { ServerContext } from '../context.ts';
import { KEY_SET_MAX_AGE_SECONDS } from '../keys/key-schedule.ts';
import { ENDPOINTS, METADATA_PATHS } from './endpoints.ts';
import { sendOutage } from './oauth-endpoints.ts';
import { GRANT_TYPES } from './token.ts';

const CONFIDENTIAL_METHODS: readonly ClientAuthMethod[] = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
];

/** RFC 8414 metadata and the key set. Lists what is enforced and nothing else. */
export function metadataRoutes(app: FastifyInstance, context: ServerContext): void {
  const metadata = createMetadata(context);
  for (const path of METADATA_PATHS) app.get(path, async () => metadata);
  app.get(ENDPOINTS.jwks, { errorHandler: sendOutage }, async (_request, reply) => {
    const keys = await context.keys.published();
    // Only now: a fault must not be kept for as long.
    reply.header('cache-control', `public, max-age=${KEY_SET_MAX_AGE_SECONDS}`);
    return keys;
  });
}

function createMetadata({
  issuer,
  clients,
  policy,
  proofs,
  registration,
}: ServerContext): Readonly<Record<string, unknown>> {
  const algorithms = policy.assertionAlgorithms;
  const clientMethods = authMethods(policy.authMethods, algorithms);
  return {
    issuer,
    authorization_endpoint: `${issuer}${ENDPOINTS.authorization}`,
    token_endpoint: `${issuer}${ENDPOINTS.token}`,
    pushed_authorization_request_endpoint: `${issuer}${ENDPOINTS.pushedAuthorization}`,
    introspection_endpoint: `${issuer}${ENDPOINTS.introspection}`,
    revocation_endpoint: `${issuer}${ENDPOINTS.revocation}`,
    ...(registration === 'open' && {
      registration_endpoint: `${issuer}${ENDPOINTS.registration}`,
    }),
    jwks_uri: `${issuer}${ENDPOINTS.jwks}`,
    ...(clients.scopes.length > 0 && { scopes_supported: clients.scopes }),
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: Object.keys(GRANT_TYPES),
    code_challenge_methods_supported: ['S256'],
    ...clientMethods('token_endpoint'),
    // A resource server proves who it is; see mayUseMethod in clients/client.ts.
    ...authMethods(CONFIDENTIAL_METHODS, algorithms)('introspection_endpoint'),
    ...clientMethods('revocation_endpoint'),
    require_pushed_authorization_requests: policy.requiresPushedRequests,
    authorization_response_iss_parameter_supported: true,
    dpop_signing_alg_values_supported: proofs.algorithms,
    acr_values_supported: ACR_VALUES,
    prompt_values_supported: ['login', 'consent'],
  };
}

function authMethods(
  methods: readonly ClientAuthMethod[],
  algorithms: readonly string[],
): (endpoint: string) => Readonly<Record<string, readonly string[]>> {
  return (endpoint) => ({
    [`${endpoint}_auth_methods_supported`]: methods,
    ...(methods.includes('private_key_jwt') && {
      [`${endpoint}_auth_signing_alg_values_supported`]: algorithms,
    }),
  });
}
