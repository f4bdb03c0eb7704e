import { JwtVerifier } from 'aws-jwt-verify';
import type { Jwk } from 'aws-jwt-verify/jwk';
import { DEPLOYMENT, type PresentedRequest } from '../requests.ts';
import type { Suite } from '../suite.ts';
import type { Contender } from '../table.ts';
import { versionOf } from '../versions.ts';

/** Its verifier for any issuer, with the key set put into its cache beforehand. */
export function createAwsJwtVerify({ jwks, jwksUri }: Suite): Contender<PresentedRequest> {
  const verifier = JwtVerifier.create({ ...DEPLOYMENT, jwksUri });
  verifier.cacheJwks({ keys: jwks.keys as [Jwk] });
  return {
    name: 'aws-jwt-verify',
    version: versionOf('aws-jwt-verify'),
    prepare:
      ({ token }) =>
      () =>
        verifier.verify(token),
  };
}
