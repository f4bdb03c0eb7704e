import {
  type Authentication,
  type Authenticator,
  isAuthError,
  isUnavailableError,
  type VerifiedToken,
  verifyToken,
} from '@keybound/core';
import { createBoundAuthentication, type DpopAuthenticatorOptions } from './authenticator.ts';

/**
 * An authenticator for the DPoP scheme that checks everything {@link createDpopAuthenticator} does and
 * refuses nothing but a token that is not good: for the time in which an API finds out whose proofs would
 * fail. A request that would be refused passes when its token is good, as a bearer
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
  const { tokens, authenticator, authenticate } = createBoundAuthentication(options);

  async function asBearer(token: VerifiedToken): Promise<Authentication> {
    const { claims, scope, expiresAt } = token;
    const nonce = (await authenticator.refusalHeaders?.()) ?? [];
    return {
      context: { scheme: 'Bearer', claims, scope, expiresAt },
      // A client that lacks the nonce of today learns it from a success as it would from a refusal.
      headers: nonce.length === 0 ? nonce : [...nonce, ['cache-control', 'no-store']],
    };
  }

  return {
    ...authenticator,
    async authenticate(request, token, observation): Promise<Authentication> {
      let verifying: Promise<VerifiedToken> | undefined;
      const verifyOnce = (): Promise<VerifiedToken> => {
        verifying ??= verifyToken(tokens, token, observation);
        return verifying;
      };
      try {
        return await authenticate(request, verifyOnce, observation);
      } catch (reported) {
        if (!isAuthError(reported) && !isUnavailableError(reported)) throw reported;
        // What refuses the token is thrown here once more.
        return { ...(await asBearer(await verifyOnce())), reported };
      }
    },
  };
}
