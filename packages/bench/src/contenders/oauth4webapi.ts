import { type AuthorizationServer, customFetch, validateJwtAccessToken } from 'oauth4webapi';
import { DEPLOYMENT, METHOD, type PresentedRequest, URI } from '../requests.ts';
import type { Suite } from '../suite.ts';
import type { Contender } from '../table.ts';
import { versionOf } from '../versions.ts';

/**
 * Its `validateJwtAccessToken`, which takes both schemes. The key set comes from memory when it asks
 * for it, once in five minutes; the `Request` objects it takes are made beforehand.
 */
export function createOauth4webapi(
  { algorithm, jwks }: Suite,
  scheme: 'Bearer' | 'DPoP',
): Contender<PresentedRequest> {
  const { issuer, audience } = DEPLOYMENT;
  const as: AuthorizationServer = { issuer, jwks_uri: `${issuer}/jwks` };
  const options = {
    requireDPoP: scheme === 'DPoP',
    signingAlgorithms: [algorithm],
    [customFetch]: async () => Response.json(jwks),
  };
  return {
    name: 'oauth4webapi',
    version: versionOf('oauth4webapi'),
    prepare({ token, proof }) {
      const request = new Request(URI, {
        method: METHOD,
        headers: {
          authorization: `${scheme} ${token}`,
          ...(proof !== undefined && { dpop: proof }),
        },
      });
      return () => validateJwtAccessToken(as, request, audience, options);
    },
  };
}
