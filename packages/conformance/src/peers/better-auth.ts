import type { Decision, RsConfig, TokenConfig } from '@keybound/dpop-vectors';
import {
  createInMemoryDpopReplayStore,
  deriveDpopAth,
  deriveDpopJkt,
  requestToResourceInput,
  verifyAccessTokenRequest,
  verifyBearerToken,
} from 'better-auth/oauth2';
import { fetchRequest, isInexpressible } from './forms.ts';
import { type Loopback, startLoopback } from './loopback.ts';
import { createPeer, decisionOf, type Peer } from './peer.ts';
import { broughtBy } from './versions.ts';

const NAME = 'better-auth';

/** Of what it has, the names of the vectors. */
const KNOWN: readonly string[] = [
  ...['ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'],
  ...['Ed25519', 'EdDSA'],
];

type ReplayStore = ReturnType<typeof createInMemoryDpopReplayStore>;
type Options = Parameters<typeof verifyAccessTokenRequest>[1];

/** The resource server's half of Better Auth, which its documentation recommends for APIs. */
export function createBetterAuthPeer(): Peer {
  let loopback: Promise<Loopback> | undefined;
  function authorizationServer(): Promise<Loopback> {
    loopback ??= startLoopback();
    return loopback;
  }

  return createPeer<ReplayStore>({
    package: NAME,
    builtOn: `${broughtBy(NAME, '@better-auth/core')}, ${broughtBy('@better-auth/core', 'jose')}`,
    configuration:
      'verifyAccessTokenRequest of better-auth/oauth2 with requestToResourceInput, jwksUrl (on loopback), verifyOptions with issuer, audience, algorithms, typ and the required claims of RFC 9068, dpop.signingAlgorithms, dpop.proofMaxAgeSeconds and an in-memory replay store of its own for each server, requiredScopes, and remoteVerify where the case has introspection; tokens alone go to verifyBearerToken.',
    limits: {
      challenges: 'Its challenges are made by a package of its own, @better-auth/oauth-provider.',
      nonces: 'It has no nonces.',
      schemes: 'Which of the two schemes it takes cannot be limited.',
      proxies: 'The target URI is found by the application.',
      mountPrefix: 'The target URI is found by the application.',
      targets: 'It is given a URL; whether the request target is proper is left to the server.',
      otherPlaces: 'It looks for tokens in the Authorization field alone.',
      window: ({ maxAgeSeconds }) => ({ back: maxAgeSeconds, ahead: 5 }),
      algorithms: ({ tokenAlgorithms, proofAlgorithms = [] }) => ({
        tokenAlgorithms: tokenAlgorithms.filter((alg) => KNOWN.includes(alg)),
        proofAlgorithms: proofAlgorithms.filter((alg) => KNOWN.includes(alg)),
      }),
    },
    open: ({ config }) => replayStoreOf(config),
    async decide({ config, request: vector }, replayStore) {
      const request = fetchRequest(config, vector);
      if (isInexpressible(request)) return request;
      const options: Options = {
        ...(await tokenOptions(config, await authorizationServer())),
        dpop: {
          proofMaxAgeSeconds: config.maxAgeSeconds,
          signingAlgorithms: config.proofAlgorithms,
          replayStore,
        },
        ...(config.requiredScope && { requiredScopes: config.requiredScope }),
      };
      return await decisionOf(
        () => verifyAccessTokenRequest(requestToResourceInput(request), options),
        saidBy,
      );
    },
    async decideToken({ config, token }) {
      const options = await tokenOptions(config, await authorizationServer());
      return await decisionOf(() => verifyBearerToken(token, options), saidBy);
    },
    async computeThumbprint({ input }) {
      try {
        const output =
          input.operation === 'ath'
            ? await deriveDpopAth(input.token)
            : await deriveDpopJkt(input.jwk as never);
        return { output };
      } catch (error) {
        return { decision: 'reject', detail: String(error) };
      }
    },
    async close() {
      await (await loopback)?.close();
      loopback = undefined;
    },
  });
}

async function tokenOptions(
  config: RsConfig | TokenConfig,
  loopback: Loopback,
): Promise<Omit<Options, 'dpop'>> {
  const { issuer, audience, jwks, tokenAlgorithms } = config;
  const introspection = 'introspection' in config ? config.introspection : undefined;
  loopback.introspection = introspection ?? {};
  return {
    jwksUrl: loopback.jwksUrl(jwks),
    verifyOptions: {
      issuer,
      audience,
      typ: 'at+jwt',
      algorithms: [...tokenAlgorithms],
      // Introspection is checked against these too, and RFC 7662 demands none of them.
      ...(introspection === undefined && {
        requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'jti'],
      }),
    },
    ...(introspection && {
      remoteVerify: {
        introspectUrl: loopback.introspectUrl,
        clientId: 'api',
        clientSecret: 'secret-of-api-0123456789abcdef',
      },
    }),
  };
}

function replayStoreOf({ replay }: RsConfig): ReplayStore {
  switch (replay) {
    case 'track':
      return createInMemoryDpopReplayStore();
    case 'off':
      return { reserve: () => true };
    case 'failing':
      return {
        reserve() {
          throw new Error('the store is down');
        },
      };
  }
}

/** Its errors are those of its API. */
function saidBy(error: {
  readonly statusCode?: number;
  readonly body?: { readonly error?: string };
}): Partial<Decision> {
  const { statusCode, body } = error;
  if (statusCode === undefined) return {};
  return { status: statusCode, error: body?.error ?? null };
}
