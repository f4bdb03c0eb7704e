import {
  type Authentication,
  type Authenticator,
  isAuthError,
  isUnavailableError,
  type Observation,
  type ProtectedRequest,
  verifyToken,
} from '@keybound/core';
import { createDpopAuthenticator, type DpopAuthenticatorOptions } from './authenticator.ts';

/**
 * An authenticator for the DPoP scheme that checks everything {@link createDpopAuthenticator} does and
 * refuses nothing but what a bearer token would be refused for: for the time in which an API finds out
 * whose proofs would fail. A request that would be refused passes when its token is good, as a bearer
 * request does: `auth.scheme` is then `Bearer`, and what was wrong is `reported` in the decision
 * (`onDecision` of the guard) and in the grant. A good one is a DPoP request like any other.
 *
 * It protects nothing: a stolen token passes with a wrong proof, with a replayed one, and with none. A
 * route that demands `schemes: ['DPoP']` refuses what was reported.
 *
 * A good proof is spent, so replays are reported too. An outage of the replay store is reported and does
 * not stop the request; one of the token verifier does.
 *
 * @throws TypeError when an option is missing or out of range.
 */
export function createReportOnlyAuthenticator(options: DpopAuthenticatorOptions): Authenticator {
  const dpop = createDpopAuthenticator(options);
  const { tokens } = options;

  async function asBearer(
    token: string,
    observation: Observation | undefined,
  ): Promise<Omit<Authentication, 'reported'>> {
    const { claims, scope, expiresAt } = await verifyToken(tokens, token, observation);
    return {
      context: { scheme: 'Bearer', claims, scope, expiresAt },
      // A client that lacks the nonce of today learns it from a success as it would from a refusal.
      headers: (await dpop.refusalHeaders?.()) ?? [],
    };
  }

  return {
    ...dpop,
    async authenticate(
      request: ProtectedRequest,
      token: string,
      observation?: Observation,
    ): Promise<Authentication> {
      try {
        return await dpop.authenticate(request, token, observation);
      } catch (reported) {
        if (!isAuthError(reported) && !isUnavailableError(reported)) throw reported;
        return { ...(await asBearer(token, observation)), reported };
      }
    },
  };
}
