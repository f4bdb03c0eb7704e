import { createGuard, type ProtectedRequest, type TokenVerifier } from '@keybound/core';
import { createDpopAuthenticator, createMemoryReplayStore } from '@keybound/dpop';

/** `tokens` comes from `createJwtVerifier` or `createIntrospectionVerifier` of the core. */
export function createNotes(tokens: TokenVerifier) {
  const dpop = createDpopAuthenticator({
    tokens,
    publicOrigin: 'https://rs.example',
    replay: createMemoryReplayStore(),
  });
  const guard = createGuard({ authenticators: [dpop] });

  return async (request: ProtectedRequest) => {
    const decision = await guard.decide(request, { scopes: ['notes:read'] });
    if (!decision.granted) return decision.denial; // status, headers and body to send
    const { headers, auth } = decision;
    return { status: 200, headers, body: { owner: auth.claims.sub } };
  };
}
