import type { Observation } from '../observation.ts';
import type { TokenVerifier, VerifiedToken } from './verified-token.ts';

/**
 * Verifies a token and observes it, for authenticators: who the client is, and how long it took. The same
 * as `tokens.verify(token)` where nobody listens.
 *
 * @throws AuthError and UnavailableError of the verifier.
 */
export function verifyToken(
  tokens: TokenVerifier,
  token: string,
  observation: Observation | undefined,
): Promise<VerifiedToken> {
  return observation === undefined
    ? tokens.verify(token)
    : verifyObserved(tokens, token, observation);
}

async function verifyObserved(
  tokens: TokenVerifier,
  token: string,
  observation: Observation,
): Promise<VerifiedToken> {
  const from = observation.stopwatch();
  try {
    const verified = await tokens.verify(token, observation);
    observation.clientId = verified.claims.client_id;
    return verified;
  } finally {
    observation.tokenSeconds = observation.stopwatch() - from;
  }
}
