import { createVerifier } from 'fast-jwt';
import { DEPLOYMENT, type PresentedRequest } from '../requests.ts';
import type { Suite } from '../suite.ts';
import type { Contender } from '../table.ts';
import { versionOf } from '../versions.ts';

/** Its synchronous verifier, with its cache of a thousand tokens or, as by default, without. */
export function createFastJwt(
  { algorithm, issuer }: Suite,
  cache: boolean,
): Contender<PresentedRequest> {
  const verify = createVerifier({
    key: issuer.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    algorithms: [algorithm],
    allowedIss: DEPLOYMENT.issuer,
    allowedAud: DEPLOYMENT.audience,
    requiredClaims: ['exp', 'iss', 'aud'],
    checkTyp: 'at+jwt',
    cache,
  });
  return {
    name: cache ? 'fast-jwt, cache on' : 'fast-jwt',
    version: versionOf('fast-jwt'),
    prepare:
      ({ token }) =>
      () =>
        verify(token),
  };
}
