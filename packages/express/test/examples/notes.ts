import { createJwtVerifier } from '@keybound/core';
import { createDpopAuthenticator, createMemoryReplayStore } from '@keybound/dpop';
import { createExpressGuard } from '@keybound/express';
import express from 'express';

const publicOrigin = 'https://api.example';
const tokens = createJwtVerifier({ issuer: 'https://as.example', audience: publicOrigin });
const replay = createMemoryReplayStore();
const guard = createExpressGuard({
  authenticators: [createDpopAuthenticator({ tokens, publicOrigin, replay })],
});

export const app = express();
app.get('/status', (_request, response) => {
  response.send('open to everybody');
});
app.get('/notes', guard({ scopes: ['notes:read'] }), ({ auth }, response) => {
  response.send(`notes of ${auth.claims.sub}`);
});
