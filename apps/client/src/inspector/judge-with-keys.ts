import { createBearerAuthenticator } from '@keybound/bearer';
import {
  type Clock,
  createGuard,
  createJwtVerifier,
  createKeySet,
  isAuthError,
  type ProtectedRequest,
} from '@keybound/core';
import { createDpopAuthenticator, createMemoryReplayStore } from '@keybound/dpop';
import type { Fault, IssuerKeys } from './inspection.ts';

/** A few proofs, where a page judges one. */
export const REPLAY_BYTES: number = 4096;

/**
 * Lets the guard of this toolkit decide about a request whose issuer's keys are at hand: a fault, or
 * undefined when it grants the request.
 *
 * @throws UnavailableError when the request could not be judged.
 */
export async function judgeWithKeys(
  request: ProtectedRequest,
  { origin, issuerKeys, clock }: { origin: string; issuerKeys: IssuerKeys; clock: Clock },
): Promise<Fault | undefined> {
  const tokens = createJwtVerifier({
    issuer: issuerKeys.issuer,
    audience: issuerKeys.audience,
    keys: createKeySet(issuerKeys.jwks),
    tokenCache: 'off',
    clock,
  });
  const replay = createMemoryReplayStore({ maxBytes: REPLAY_BYTES, clock });
  const guard = createGuard({
    authenticators: [
      createDpopAuthenticator({ tokens, publicOrigin: origin, replay, clock }),
      createBearerAuthenticator({ tokens }),
    ],
  });
  const decision = await guard.decide(request);
  if (decision.granted) return undefined;
  if (!isAuthError(decision.error)) throw decision.error;
  return { reason: decision.error.reason, facts: decision.error.facts };
}
