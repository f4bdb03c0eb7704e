import type { AsConfig } from '@keybound/dpop-vectors';
import type { JsonObject } from '../json.ts';
import type { Switches } from '../switches.ts';

/** RFC 8414 §2. */
export function metadata(
  { issuer, endpoints, clients, proofAlgorithms }: AsConfig,
  switches: Switches,
): JsonObject {
  const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)];
  return {
    issuer,
    authorization_endpoint: endpoints.authorization,
    token_endpoint: endpoints.token,
    pushed_authorization_request_endpoint: endpoints.pushed_authorization_request,
    introspection_endpoint: endpoints.introspection,
    revocation_endpoint: endpoints.revocation,
    response_types_supported: ['code'],
    grant_types_supported: distinct(clients.flatMap(({ grant_types }) => grant_types)),
    token_endpoint_auth_methods_supported: distinct(
      clients.map(({ token_endpoint_auth_method }) => token_endpoint_auth_method),
    ),
    code_challenge_methods_supported: ['S256'],
    dpop_signing_alg_values_supported: switches.has('metadata-list-other-algorithms')
      ? [...proofAlgorithms, 'ES256K']
      : proofAlgorithms,
  };
}
