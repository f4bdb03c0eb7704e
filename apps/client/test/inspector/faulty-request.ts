import { createBearerAuthenticator } from '@keybound/bearer';
import {
  type AuthReason,
  createGuard,
  createJwtVerifier,
  createKeySet,
  isAuthError,
  type Scheme,
} from '@keybound/core';
import { createDpopAuthenticator, createNonces } from '@keybound/dpop';
import {
  createTestClock,
  ISSUER,
  KEYS,
  keySet,
  mintProof,
  mintToken,
  NOW,
  RESOURCE,
  sha256,
  type TestKey,
  testRequest,
  thumbprint,
} from '@keybound/test-kit';

type Members = Readonly<Record<string, unknown>>;

/** How a request differs from a good one, and the server from one that takes it. */
export interface Differences {
  readonly credentialsTwice?: true;
  readonly offers?: Scheme;
  readonly proofTwice?: true;
  readonly proofPrefix?: string;
  readonly proofKey?: TestKey;
  readonly proofSigner?: TestKey;
  readonly proofHeader?: Members;
  readonly jwk?: Members;
  readonly proofClaims?: Members;
  readonly tokenSuffix?: string;
  readonly tokenKey?: TestKey;
  readonly tokenHeader?: Members;
  readonly tokenClaims?: Members;
  readonly isRevoked?: true;
  readonly target?: string;
  readonly isReplayed?: true;
  readonly scopes?: readonly string[];
  /** A proof beside a bearer token. */
  readonly strayProof?: true;
}

/** Two kinds of differences in one; where both set the same thing, the first one has its way. */
export function both(first: Differences, second: Differences): Differences {
  return {
    ...second,
    ...first,
    proofHeader: { ...second.proofHeader, ...first.proofHeader },
    jwk: { ...second.jwk, ...first.jwk },
    proofClaims: { ...second.proofClaims, ...first.proofClaims },
    tokenHeader: { ...second.tokenHeader, ...first.tokenHeader },
    tokenClaims: { ...second.tokenClaims, ...first.tokenClaims },
  };
}

/** Why a server that demands nonces refuses the request; undefined when it is granted. */
export async function reasonOf(
  scheme: Scheme,
  differences: Differences = {},
): Promise<AuthReason | undefined> {
  const clock = createTestClock();
  const nonces = createNonces({ secrets: () => ['s'.repeat(32)], server: RESOURCE, clock });
  const tokens = createJwtVerifier({
    issuer: ISSUER,
    audience: RESOURCE,
    keys: createKeySet(keySet(KEYS.issuer)),
    isRevoked: () => differences.isRevoked === true,
    clock,
  });
  const replay = {
    add: () => ({ isNew: differences.isReplayed !== true, completeSince: 0 }),
  };
  const offered = [
    createDpopAuthenticator({ tokens, publicOrigin: RESOURCE, replay, nonces, clock }),
    createBearerAuthenticator({ tokens, strayProof: 'refuse' }),
  ].filter((one) => one.scheme === (differences.offers ?? one.scheme));
  const guard = createGuard({ authenticators: offered });

  const token = tokenWith(scheme, differences);
  const field = `${scheme} ${token}`;
  const proof = proofWith(differences, token, await nonces.current());
  const hasProof = scheme === 'DPoP' || differences.strayProof === true;
  const request = testRequest(
    {
      authorization: differences.credentialsTwice ? [field, field] : field,
      dpop: [proof, proof].slice(0, hasProof ? (differences.proofTwice ? 2 : 1) : 0),
    },
    { target: differences.target ?? '/r' },
  );
  const decision = await guard.decide(request, { scopes: differences.scopes ?? [] });
  if (decision.granted) return undefined;
  if (!isAuthError(decision.error)) throw decision.error;
  return decision.error.reason;
}

function tokenWith(scheme: Scheme, differences: Differences): string {
  const cnf = { jkt: thumbprint(KEYS.alice.publicJwk) };
  const token = mintToken({
    key: differences.tokenKey ?? KEYS.issuer,
    header: { kid: KEYS.issuer.kid, ...differences.tokenHeader },
    claims: { ...(scheme === 'DPoP' && { cnf }), ...differences.tokenClaims },
  });
  return `${token}${differences.tokenSuffix ?? ''}`;
}

function proofWith(differences: Differences, token: string, nonce: string): string {
  const key = differences.proofKey ?? KEYS.alice;
  const proof = mintProof({
    key: differences.proofSigner ?? key,
    header: {
      alg: key.alg,
      jwk: { ...key.publicJwk, ...differences.jwk },
      ...differences.proofHeader,
    },
    claims: { iat: NOW, ath: sha256(token), nonce, ...differences.proofClaims },
  });
  return `${differences.proofPrefix ?? ''}${proof}`;
}
