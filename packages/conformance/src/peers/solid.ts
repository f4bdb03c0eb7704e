import type { Decision, RsConfig, TokenConfig } from '@keybound/dpop-vectors';
import { parseSolidAuthorizationHeader } from '@solid/access-token-verifier/dist/algorithm/parseSolidAuthorizationHeader.js';
import { verifyDpopProof } from '@solid/access-token-verifier/dist/algorithm/verifyDpopProof.js';
import { DPoPJTICache } from '@solid/access-token-verifier/dist/class/DPoPJTICache.js';
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose';
import { isInexpressible, nodeHeaders } from './forms.ts';
import { createPeer, decisionOf, type Peer } from './peer.ts';
import { credentialsOf } from './sent.ts';
import { broughtBy } from './versions.ts';

const NAME = '@solid/access-token-verifier';

/** Its list, which cannot be changed. */
const KNOWN: readonly string[] = [
  ...['ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'],
];

/** The verifier of Solid servers. */
export function createSolidPeer(): Peer {
  return createPeer<DPoPJTICache>({
    package: NAME,
    builtOn: broughtBy(NAME, 'jose'),
    configuration:
      'Its public function takes Solid-OIDC tokens alone (audience solid, a webid claim), which the tokens of the vectors are not; so where the token is good for RFC 9068, its parser of the Authorization field, its verifyDpopProof and its in-memory cache of jti are asked as its public function asks them, imported from its files.',
    limits: {
      challenges: 'It makes no challenges.',
      nonces: 'It has no nonces.',
      introspection: 'It takes JWTs alone.',
      scopes: 'Scopes are left to the application.',
      schemes: 'Which of the two schemes it takes cannot be limited.',
      proxies: 'The target URI is found by the application.',
      mountPrefix: 'The target URI is found by the application.',
      targets: 'It is given a URL; whether the request target is proper is left to the server.',
      otherPlaces: 'It looks for tokens in the Authorization field alone.',
      severalAuthorizations: 'Node passes on the first of several Authorization fields alone.',
      window: () => ({ back: 240, ahead: 120, leeway: 120 }),
      algorithms: ({ tokenAlgorithms }) => ({ tokenAlgorithms, proofAlgorithms: KNOWN }),
    },
    open: () => new DPoPJTICache(),
    async decide({ config, request }, cache) {
      if (config.replay === 'failing') return { skip: 'Its cache is within the process.' };
      const headers = nodeHeaders(request);
      if (isInexpressible(headers)) return headers;
      const { token } = credentialsOf(request);
      if (token !== '' && !(await isGoodToken(token, config))) return { skip: OTHER_TOKENS };
      return await verify(config, request, headers, cache);
    },
    decideToken: OTHER_TOKENS,
  });
}

const OTHER_TOKENS = 'It takes Solid-OIDC tokens alone, so questions about tokens are not asked.';

async function verify(
  { origin, replay }: RsConfig,
  { method, target }: { readonly method: string; readonly target: string },
  { authorization = '', dpop = '' }: Readonly<Record<string, string>>,
  cache: DPoPJTICache,
): Promise<Decision> {
  return await decisionOf(async () => {
    const { authenticationScheme, value, jwsSignature } =
      parseSolidAuthorizationHeader(authorization);
    const payload = decodeJwt(value);
    if (authenticationScheme !== 'DPoP' && payload.cnf === undefined) return;
    const accessToken = { header: {}, payload, signature: jwsSignature };
    const isDuplicate = replay === 'track' ? cache.isDuplicateJTI.bind(cache) : undefined;
    await verifyDpopProof(
      dpop,
      accessToken as never,
      value,
      method as never,
      `${origin}${target}`,
      isDuplicate,
    );
  });
}

/** By `jose`, in the place of its own check. */
async function isGoodToken(
  token: string,
  { issuer, audience, jwks, tokenAlgorithms }: Omit<TokenConfig, 'server'>,
): Promise<boolean> {
  try {
    await jwtVerify(token, createLocalJWKSet(jwks as unknown as JSONWebKeySet), {
      issuer,
      audience,
      typ: 'at+jwt',
      algorithms: [...tokenAlgorithms],
      requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'jti'],
    });
    return true;
  } catch {
    return false;
  }
}
