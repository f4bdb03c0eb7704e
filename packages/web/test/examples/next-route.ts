// app/notes/route.ts
import { createJwtVerifier } from '@keybound/core';
import { createDpopAuthenticator, createMemoryReplayStore } from '@keybound/dpop';
import { createRequestGuard } from '@keybound/web';

const publicOrigin = 'https://api.example';
const tokens = createJwtVerifier({ issuer: 'https://as.example', audience: publicOrigin });
const replay = createMemoryReplayStore();
const dpop = createDpopAuthenticator({ tokens, publicOrigin, replay });
const guard = createRequestGuard({ authenticators: [dpop] });

export async function GET(request: Request): Promise<Response> {
  const access = await guard.decide(request, { scopes: ['notes:read'] });
  if (!access.granted) return access.response;
  return access.apply(Response.json({ notesOf: access.auth.claims.sub }));
}
