/**
 * A walk through the installed packages with nothing but Node: issue a token, sign, present, verify,
 * steal. Runs on the oldest Node that the packages support and on the newest here.
 */
import assert from 'node:assert/strict';
import { createBearerAuthenticator } from '@keybound/bearer';
import { createJwtVerifier, createKeySet, createTokenIssuer } from '@keybound/core';
import {
  createDpopAuthenticator,
  createMemoryReplayStore,
  createNonces,
  createProofVerifier,
} from '@keybound/dpop';
import keybound from '@keybound/fastify';
import { createRedisReplayStore } from '@keybound/redis';
import {
  createBearerFetch,
  createDpopFetch,
  createProof,
  createSigner,
  openSigner,
} from '@keybound/signer';
import { createFileStore } from '@keybound/signer/node';
import Fastify from 'fastify';

const ISSUER = 'https://as.example';
let checks = 0;
function check(actual, expected, what) {
  assert.deepEqual(actual, expected, what);
  checks++;
}

const { publicKey, privateKey } = await crypto.subtle.generateKey(
  { name: 'ECDSA', namedCurve: 'P-256' },
  true,
  ['sign', 'verify'],
);
const publicJwk = await crypto.subtle.exportKey('jwk', publicKey);
const keys = createKeySet({ keys: [{ ...publicJwk, kid: 'k1' }] });
const tokens = createTokenIssuer({
  issuer: ISSUER,
  signingKey: () => ({ kid: 'k1', algorithm: 'ES256', privateKey }),
});
const proofsAtIssuer = createProofVerifier({
  publicOrigin: ISSUER,
  replay: createMemoryReplayStore(),
});

/** What a token endpoint does with a proof. */
async function issueTo(signer) {
  const uri = `${ISSUER}/token`;
  const proof = signer && (await createProof(signer, { method: 'POST', uri }));
  const presented = await proofsAtIssuer.verify({
    method: 'POST',
    target: '/token',
    headers: (name) => (name === 'dpop' && proof ? [proof] : []),
  });
  const { token } = await tokens.issue({
    subject: 'alice',
    clientId: 'walk',
    audience: origin,
    scope: ['read'],
    ...(presented && { jkt: presented.jkt }),
  });
  return token;
}

const app = Fastify();
// The port is known only when the server listens, and the origin is part of the configuration.
const probe = Fastify();
await probe.listen({ host: '127.0.0.1', port: 0 });
const { port } = probe.server.address();
await probe.close();
const origin = `http://localhost:${port}`;

const verifier = createJwtVerifier({ issuer: ISSUER, audience: origin, keys });
await app.register(keybound, {
  authenticators: [
    createBearerAuthenticator({ tokens: verifier }),
    createDpopAuthenticator({
      tokens: verifier,
      publicOrigin: origin,
      replay: createMemoryReplayStore(),
      nonces: createNonces({ secrets: () => ['w'.repeat(32)], server: origin }),
    }),
  ],
});
app.get('/', { config: { auth: { scopes: ['read'] } } }, async ({ auth }) => auth.scheme);
await app.listen({ host: '127.0.0.1', port });

for (const algorithm of ['ES256', 'ES384', 'ES512', 'PS256', 'Ed25519']) {
  const signer = await createSigner({ algorithm });
  const token = await issueTo(signer);
  const dpopFetch = createDpopFetch({ signer, origins: [origin], accessToken: () => token });
  const response = await dpopFetch(`${origin}/`);
  check([response.status, await response.text()], [200, 'DPoP'], `${algorithm} end to end`);

  const thief = createDpopFetch({
    signer: await createSigner(),
    origins: [origin],
    accessToken: () => token,
  });
  const stolen = await thief(`${origin}/`);
  check([stolen.status, (await stolen.json()).error], [401, 'invalid_token'], 'another key');
  const asBearer = createBearerFetch({ origins: [origin], accessToken: () => token });
  check((await asBearer(`${origin}/`)).status, 401, 'bound token as Bearer');
}

const bearerToken = await issueTo(undefined);
const bearerFetch = createBearerFetch({ origins: [origin], accessToken: () => bearerToken });
const response = await bearerFetch(`${origin}/`);
check([response.status, await response.text()], [200, 'Bearer'], 'bearer end to end');
check((await fetch(`${origin}/`)).status, 401, 'no credentials');

// A client that answers as the script does for a new record, since when nothing is lost, and the time.
const answer = async () => [1, '1000000', String(Math.floor(Date.now() / 1000)), '0'];
const shared = createRedisReplayStore({
  client: { eval: answer, evalsha: answer, info: async () => 'redis_version:7.0.0' },
});
await shared.ready();
const hash = 'A'.repeat(43);
const now = Date.now() / 1000;
check(
  await shared.add({ id: hash, owner: hash, usableFrom: now - 60, rememberUntil: now + 60 }),
  { isNew: true, completeSince: 1 },
  'a shared store',
);

// A key in a file: the same after a restart, which is another store here.
const kept = { path: 'client.keys', passphrase: 'a passphrase of the walk' };
const first = await openSigner({ store: createFileStore(kept) });
const again = await openSigner({ store: createFileStore(kept) });
check(again.publicJwk, first.publicJwk, 'a key that a file keeps');

await app.close();
console.log(`Node ${process.versions.node}: ${checks} checks passed`);
