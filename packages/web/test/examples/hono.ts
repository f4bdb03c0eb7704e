import { createJwtVerifier, type Requirement } from '@keybound/core';
import { createDpopAuthenticator, createMemoryReplayStore } from '@keybound/dpop';
import { createRequestGuard, type GrantedAccess } from '@keybound/web';
import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';

const publicOrigin = 'https://api.example';
const tokens = createJwtVerifier({ issuer: 'https://as.example', audience: publicOrigin });
const dpop = createDpopAuthenticator({ tokens, publicOrigin, replay: createMemoryReplayStore() });
const guard = createRequestGuard({ authenticators: [dpop] });

const protect = (requirement?: Requirement) =>
  createMiddleware<{ Variables: { access: GrantedAccess } }>(async (c, next) => {
    const access = await guard.decide(c.req.raw, requirement);
    if (!access.granted) return access.response;
    c.set('access', access);
    await next();
    const response = access.apply(c.res);
    c.res = undefined; // without this line Hono lays the old fields over the new ones
    c.res = response;
  });

export const app = new Hono();
app.get('/notes', protect({ scopes: ['notes:read'] }), (c) =>
  c.json({ notesOf: c.get('access').auth.claims.sub }),
);
