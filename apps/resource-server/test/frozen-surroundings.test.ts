import type { Nonces } from '@keybound/dpop';
import {
  createTestClock,
  ISSUER,
  KEYS,
  keySet,
  mintProof,
  mintToken,
  NOW,
  RESOURCE,
  thumbprint,
} from '@keybound/test-kit';
import { expect, it, onTestFinished } from 'vitest';
import { buildResourceServer } from '../src/index.ts';

const NONCE = 'a-nonce-that-was-written-down';
const cnf = { jkt: thumbprint(KEYS.alice.publicJwk) };

/** What an issuer that nobody can reach would answer. */
const ANSWERS: Readonly<Record<string, object>> = {
  [`${ISSUER}/.well-known/oauth-authorization-server`]: {
    issuer: ISSUER,
    jwks_uri: `${ISSUER}/jwks`,
    introspection_endpoint: `${ISSUER}/introspect`,
  },
  [`${ISSUER}/jwks`]: keySet(KEYS.issuer),
  [`${ISSUER}/introspect`]: {
    active: true,
    aud: RESOURCE,
    sub: 'alice',
    scope: 'notes:read',
    exp: NOW + 300,
    cnf,
  },
};

const NONCES: Nonces = {
  current: async () => NONCE,
  judge: async (nonce) =>
    nonce === NONCE ? { state: 'current', acceptedUntil: NOW + 60, givenAfter: 0 } : undefined,
};

it.each([
  { mount: '/dpop', nonce: undefined, status: 200 },
  { mount: '/opaque', nonce: undefined, status: 200 },
  { mount: '/dpop-nonce', nonce: NONCE, status: 200 },
  { mount: '/dpop-nonce', nonce: 'another-nonce', status: 401 },
])(
  'given the answers of the issuer and the nonces: $nonce at $mount → $status, by them alone',
  async ({ mount, nonce, status }) => {
    const app = await buildResourceServer({
      publicOrigin: RESOURCE,
      issuer: ISSUER,
      introspection: { clientId: 'notes-api', clientSecret: 'not looked at' },
      apiKey: 'not used in these tests',
      nonces: NONCES,
      preset: 'default',
      fetch: async (url) => Response.json(ANSWERS[String(url)]),
      logLevel: 'silent',
      clock: createTestClock(),
    });
    onTestFinished(() => app.close());
    const token = mintToken({ boundTo: KEYS.alice });
    const dpop = mintProof({ token, claims: { htu: `${RESOURCE}${mount}/notes`, nonce } });
    const headers = { authorization: `DPoP ${token}`, dpop };
    const response = await app.inject({ url: `${mount}/notes`, headers });
    expect(response.statusCode).toBe(status);
    expect(response.headers['dpop-nonce']).toBe(status === 401 ? NONCE : undefined);
  },
);
