import type { RequestVector, RsConfig, TokenConfig } from '@keybound/dpop-vectors';
import { type AuthorizationServer, customFetch, validateJwtAccessToken } from 'oauth4webapi';
import { bearerField, fetchRequest, isInexpressible } from './forms.ts';
import { createPeer, decisionOf, type Peer } from './peer.ts';

/** Of what it has, the names of the vectors. */
const KNOWN: readonly string[] = [
  ...['ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'],
  ...['Ed25519', 'EdDSA'],
];

/** `oauth4webapi` on the side of a resource server. */
export function createOauth4webapiPeer(): Peer {
  return createPeer({
    package: 'oauth4webapi',
    builtOn: 'the Web Cryptography API of Node',
    configuration:
      'validateJwtAccessToken with a Request, the audience, signingAlgorithms (one list, for tokens and for proofs), requireDPoP where the resource takes no Bearer tokens, and the key set through customFetch; clockTolerance as it is by default.',
    limits: {
      challenges: 'It makes no challenges for a resource server.',
      nonces: 'Nonces are left to the application, as its documentation says.',
      replay: 'It has no memory of proofs.',
      introspection: 'It validates JWTs alone.',
      scopes: 'Scopes are left to the application, as its documentation says.',
      schemes: 'Taking Bearer tokens alone, or not taking them, is more than requireDPoP says.',
      proxies: 'The target URI is found by the application.',
      mountPrefix: 'The target URI is found by the application.',
      targets: 'It is given a URL; whether the request target is proper is left to the server.',
      otherPlaces:
        'It looks for tokens in the Authorization field alone, as its documentation says.',
      window: () => ({ back: 300, ahead: 300, leeway: 30 }),
      algorithms: (config) => {
        const both = signingAlgorithms(config);
        return { tokenAlgorithms: both, proofAlgorithms: both };
      },
    },
    open: () => undefined,
    decide: ({ config, request }) =>
      validate(config, request, !config.schemes.includes('Bearer'), config.origin),
    async decideToken({ config, token }) {
      const request = bearerField(token);
      return isInexpressible(request) ? request : await validate(config, request, false);
    },
  });
}

async function validate(
  config: RsConfig | TokenConfig,
  vector: RequestVector,
  requireDPoP: boolean,
  origin: string = config.audience,
): ReturnType<Parameters<typeof createPeer>[0]['decide']> {
  const request = fetchRequest({ origin }, vector);
  if (isInexpressible(request)) return request;
  const { issuer, audience, jwks } = config;
  const as: AuthorizationServer = { issuer, jwks_uri: `${issuer}/jwks` };
  return await decisionOf(() =>
    validateJwtAccessToken(as, request, audience, {
      requireDPoP,
      signingAlgorithms: signingAlgorithms(config),
      [customFetch]: async () => Response.json(jwks),
    }),
  );
}

function signingAlgorithms({
  tokenAlgorithms,
  proofAlgorithms = [],
}: Pick<TokenConfig, 'tokenAlgorithms'> & { proofAlgorithms?: readonly string[] }): string[] {
  return [...new Set([...tokenAlgorithms, ...proofAlgorithms])].filter((alg) =>
    KNOWN.includes(alg),
  );
}
