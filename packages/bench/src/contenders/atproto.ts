import { JoseKey } from '@atproto/jwk-jose';
import { OAuthVerifier } from '@atproto/oauth-provider/verifier';
import { DEPLOYMENT, METHOD, type PresentedRequest, URI } from '../requests.ts';
import type { Suite } from '../suite.ts';
import type { Contender } from '../table.ts';
import { versionOf } from '../versions.ts';

/**
 * The resource server's half of `@atproto/oauth-provider`: its `authenticateRequest` calls its
 * `DpopManager.checkProof`, checks the token and remembers the proof, as its middleware has it.
 * Nonces are off, because no other contender demands them.
 */
export async function createAtproto({ jwks }: Suite): Promise<Contender<PresentedRequest>> {
  const keys = jwks.keys.map(({ use, ...jwk }) =>
    // It wants to be told what a key is for in the other of the two members.
    JoseKey.fromJWK({ ...jwk, key_ops: ['verify'] }),
  );
  const verifier = new OAuthVerifier({
    issuer: DEPLOYMENT.issuer,
    keyset: await Promise.all(keys),
    dpopSecret: false,
  });
  return {
    name: '@atproto/oauth-provider',
    version: versionOf('@atproto/oauth-provider'),
    prepare({ scheme, token, proof }) {
      const headers = { authorization: `${scheme} ${token}`, ...(proof && { dpop: proof }) };
      const uri = new URL(URI);
      const options: { audience: [string] } = { audience: [DEPLOYMENT.audience] };
      return () => verifier.authenticateRequest(METHOD, uri, headers, options);
    },
  };
}
