import { createJwtVerifier } from '@keybound/core';
import { createDpopAuthenticator, createMemoryReplayStore } from '@keybound/dpop';
import { createRequestGuard, type RequestGuard } from '@keybound/web';

function createGuard(): RequestGuard {
  const publicOrigin = 'https://api.example';
  const tokens = createJwtVerifier({ issuer: 'https://as.example', audience: publicOrigin });
  const dpop = createDpopAuthenticator({ tokens, publicOrigin, replay: createMemoryReplayStore() });
  return createRequestGuard({ authenticators: [dpop] });
}

let guard: RequestGuard | undefined; // made by a request: random numbers may not be drawn before

export default {
  async fetch(request: Request): Promise<Response> {
    guard ??= createGuard();
    const access = await guard.decide(request, { scopes: ['notes:read'] });
    return access.granted ? access.apply(Response.json(access.auth.claims)) : access.response;
  },
};
