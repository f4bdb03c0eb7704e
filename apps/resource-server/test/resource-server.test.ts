import type { AddressInfo } from 'node:net';
import { buildAuthServer, type Database, demoClients, openDatabase } from '@keybound/auth-server';
import { AUTH_REASONS, type AuthReason } from '@keybound/core';
import { createNonces } from '@keybound/dpop';
import { createTestClock, mintProof, NOW } from '@keybound/test-kit';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildResourceServer } from '../src/index.ts';

const RESOURCE = 'https://rs.example';
const API_KEY = 'the-api-key-of-the-tests';

const clock = createTestClock();
const NONCES = createNonces({
  secrets: () => ['a secret of the tests, 32 or more chars'],
  server: RESOURCE,
  clock,
});
let issuer = '';
let database: Database;
let authServer: FastifyInstance;
const tokens: Record<string, string> = {};

/** A proof for the token endpoint, or for a resource. */
function proofFor(
  htm: string,
  htu: string,
  token?: string,
  claims: Record<string, unknown> = {},
): string {
  return mintProof({ ...(token !== undefined && { token }), claims: { htm, htu, ...claims } });
}

async function requestToken(client: string, dpop?: string): Promise<string> {
  const response = await authServer.inject({
    method: 'POST',
    url: '/token',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`${client}:demo-secret-of-${client}`).toString('base64')}`,
      ...(dpop !== undefined && { dpop }),
    },
    payload: 'grant_type=client_credentials',
  });
  return response.json().access_token;
}

beforeAll(async () => {
  const port = await freePort();
  issuer = `http://localhost:${port}`;
  database = await openDatabase();
  authServer = await buildAuthServer({
    issuer,
    resources: [RESOURCE],
    database,
    clients: demoClients([RESOURCE]),
    preset: 'default',
    registration: 'off',
    lifetimes: { accessTokenSeconds: 300, refreshTokenSeconds: 86_400, grantSeconds: 86_400 },
    limits: { loginsPerMinute: 1000, requestsPerMinute: 100_000 },
    signing: {
      algorithm: 'ES256',
      rotationSeconds: 30 * 86_400,
      encryptionSecrets: ['an encryption secret of the tests, long'],
    },
    logLevel: 'silent',
    clock,
  });
  await authServer.listen({ host: '127.0.0.1', port });
  for (const [name, client] of [
    ['jwt', 'notes-jwt'],
    ['opaque', 'notes-opaque'],
    ['bound', 'notes-dpop'],
    ['bound opaque', 'notes-dpop-opaque'],
  ] as const) {
    const isBound = name.startsWith('bound');
    const dpop = isBound ? proofFor('POST', `${issuer}/token`) : undefined;
    tokens[name] = await requestToken(client, dpop);
  }
}, 60_000);
afterAll(async () => {
  await authServer.close();
  await database.close();
});

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function startServer(
  options: { issuer?: string; logs?: string[] } = {},
): Promise<FastifyInstance> {
  const { logs } = options;
  const app = await buildResourceServer({
    publicOrigin: RESOURCE,
    issuer: options.issuer ?? issuer,
    introspection: { clientId: 'notes-api', clientSecret: 'demo-secret-of-notes-api' },
    apiKey: API_KEY,
    nonces: NONCES,
    preset: 'default',
    logLevel: logs ? 'trace' : 'silent',
    ...(logs && { logStream: { write: (line: string) => void logs.push(line) } }),
    clock,
  });
  onTestFinished(() => app.close());
  return app;
}

const MOUNTS = ['/api-key', '/bearer', '/opaque', '/dpop', '/dpop-nonce', '/either'] as const;
type Outcome = 200 | AuthReason | 'api key required';

/** The fields of a presentation at one mount. */
function fields(presentation: string, mount: string): Record<string, string> {
  const [scheme = '', ...rest] = presentation.split(' ');
  if (scheme === 'nothing') return {};
  if (scheme === 'X-API-Key') return { 'x-api-key': API_KEY };
  const token = tokens[rest.join(' ').replace(', no proof', '')] ?? '';
  const authorization = `${scheme} ${token}`;
  if (scheme === 'Bearer' || presentation.endsWith('no proof')) return { authorization };
  return { authorization, dpop: proofFor('GET', `${RESOURCE}${mount}/notes`, token) };
}

const N: Outcome = 'credentials_missing';
const K: Outcome = 'api key required';
const S: Outcome = 'scheme_not_offered';
const M: Outcome = 'token_malformed';

describe('every mount with every credential [DPOP-6-01, DPOP-7.2-01, DPOP-7.2-P1, DPOP-7.1-02]', () => {
  const table: readonly [string, ...Outcome[]][] = [
    // presentation            /api-key /bearer       /opaque        /dpop            /dpop-nonce      /either
    ['nothing', K, N, N, N, N, N],
    ['X-API-Key', 200, N, N, N, N, N],
    ['Bearer jwt', K, 200, 200, S, S, 200],
    ['Bearer opaque', K, M, 200, S, S, M],
    ['Bearer bound', K, 'token_bound', 'token_bound', S, S, 'token_bound'],
    ['Bearer bound opaque', K, M, 'token_bound', S, S, M],
    ['DPoP jwt', K, S, 'token_not_bound', 'token_not_bound', 'token_not_bound', 'token_not_bound'],
    ['DPoP opaque', K, S, 'token_not_bound', M, M, M],
    ['DPoP bound', K, S, 200, 200, 'nonce_missing', 200],
    ['DPoP bound opaque', K, S, 200, M, M, M],
    [
      'DPoP bound, no proof',
      K,
      S,
      'proof_missing',
      'proof_missing',
      'proof_missing',
      'proof_missing',
    ],
  ];
  const cases = table.flatMap(([presentation, ...outcomes]) =>
    MOUNTS.map((mount, index) => ({ presentation, mount, outcome: outcomes[index] })),
  );

  it.each(cases)('$presentation at $mount → $outcome', async ({ presentation, mount, outcome }) => {
    const app = await startServer();
    const response = await app.inject({
      url: `${mount}/notes`,
      headers: fields(presentation, mount),
    });
    const { statusCode } = response;
    if (outcome === 200) return expect(statusCode).toBe(200);
    expect(statusCode).toBe(401);
    const sentence =
      outcome === 'api key required'
        ? 'An API key is required'
        : AUTH_REASONS[outcome as AuthReason].description;
    expect(response.json().error_description).toBe(sentence);
    expect(response.headers['www-authenticate'] === undefined).toBe(mount === '/api-key');
  });
});

describe('notes', () => {
  const headers = { 'x-api-key': API_KEY };
  it('what is added is listed', async () => {
    const app = await startServer();
    const added = await app.inject({
      method: 'POST',
      url: '/api-key/notes',
      headers,
      payload: { text: 'Milk' },
    });
    expect(added.statusCode).toBe(201);
    const { notes } = (await app.inject({ url: '/api-key/notes', headers })).json();
    expect(notes.at(-1)).toEqual(added.json());
  });

  it.each([
    ['no text', {}],
    ['an empty text', { text: '' }],
    ['a text of 1001 characters', { text: 'x'.repeat(1001) }],
  ])('%s → 400, and nothing received is repeated', async (_name, payload) => {
    const app = await startServer();
    const response = await app.inject({ method: 'POST', url: '/api-key/notes', headers, payload });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toEqual({
      error: 'invalid_request',
      error_description: 'The request is malformed',
    });
  });

  it('each client has its own notes', async () => {
    const app = await startServer();
    const read = async (token: string | undefined) =>
      (
        await app.inject({ url: '/opaque/notes', headers: { authorization: `Bearer ${token}` } })
      ).json().notes;
    expect((await read(tokens.jwt))[0].id).not.toBe((await read(tokens.opaque))[0].id);
  });
});

it('a proof is spent at every mount, not only where it was used', async () => {
  const app = await startServer();
  const token = tokens.bound ?? '';
  const dpop = proofFor('GET', `${RESOURCE}/either/notes`, token);
  const send = () =>
    app.inject({ url: '/either/notes', headers: { authorization: `DPoP ${token}`, dpop } });
  expect((await send()).statusCode).toBe(200);
  expect((await send()).json().error_description).toBe(AUTH_REASONS.proof_replayed.description);
});

it('the nonce of a refusal opens /dpop-nonce [DPOP-9-01, DPOP-11.3-01]', async () => {
  const app = await startServer();
  const token = tokens.bound ?? '';
  const { headers } = await app.inject('/dpop-nonce/notes');
  const dpop = proofFor('GET', `${RESOURCE}/dpop-nonce/notes`, token, {
    nonce: headers['dpop-nonce'],
  });
  const response = await app.inject({
    url: '/dpop-nonce/notes',
    headers: { authorization: `DPoP ${token}`, dpop },
  });
  expect(response.statusCode).toBe(200);
});

it('an issuer that cannot be reached → 503, never 401 [DPOP-7.1-03]', async () => {
  const app = await startServer({ issuer: `http://localhost:${await freePort()}` });
  for (const mount of ['/bearer', '/opaque']) {
    const response = await app.inject({
      url: `${mount}/notes`,
      headers: { authorization: `Bearer ${tokens.jwt}` },
    });
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toMatch(/^\d+$/);
  }
});

it('an expired token → 401 invalid_token on both ways of verifying [BEARER-3.1-03]', async () => {
  const app = await startServer();
  onTestFinished(() => clock.set(NOW));
  clock.advance(305);
  const at = async (mount: string, token: string | undefined) =>
    (
      await app.inject({ url: `${mount}/notes`, headers: { authorization: `Bearer ${token}` } })
    ).json();
  expect((await at('/bearer', tokens.jwt)).error_description).toBe(
    AUTH_REASONS.token_expired.description,
  );
  expect((await at('/opaque', tokens.opaque)).error_description).toBe(
    AUTH_REASONS.token_inactive.description,
  );
});

it('RFC 9728 metadata names what challenges point to [PRM-2-01, PRM-5.1-01]', async () => {
  const app = await startServer();
  const challenge = String((await app.inject('/bearer/notes')).headers['www-authenticate']);
  const [, url = ''] = /resource_metadata="([^"]+)"/.exec(challenge) ?? [];
  const { pathname } = new URL(url);
  expect(pathname).toBe('/.well-known/oauth-protected-resource');
  expect((await app.inject(pathname)).json()).toEqual({
    resource: RESOURCE,
    authorization_servers: [issuer],
    scopes_supported: ['notes:read', 'notes:write'],
    bearer_methods_supported: ['header'],
    dpop_signing_alg_values_supported: ['ES256', 'ES384', 'ES512', 'PS256', 'Ed25519', 'EdDSA'],
    dpop_bound_access_tokens_required: false,
  });
});

it('a path that does not exist is not repeated in the answer', async () => {
  const app = await startServer();
  const response = await app.inject('/<script>');
  expect(response.statusCode).toBe(404);
  expect(response.body).not.toContain('<');
  expect((await app.inject('/%')).body).not.toContain('%');
});

it('no token, proof or key reaches the log [BEARER-5.3-02]', async () => {
  const logs: string[] = [];
  const app = await startServer({ logs });
  const token = tokens.bound ?? '';
  const dpop = proofFor('GET', `${RESOURCE}/dpop/notes`, token);
  for (let i = 0; i < 2; i++) {
    await app.inject({ url: '/dpop/notes', headers: { authorization: `DPoP ${token}`, dpop } });
  }
  await app.inject({
    url: `/opaque/notes?access_token=${tokens.opaque}`,
    headers: { authorization: `Bearer ${tokens.opaque}` },
  });
  await app.inject({ url: '/api-key/notes', headers: { 'x-api-key': API_KEY } });
  const log = logs.join('');
  expect(log).toContain('proof_replayed');
  expect(log).toContain('credentials_repeated');
  for (const secret of [token, dpop, tokens.opaque ?? '', API_KEY])
    expect(log).not.toContain(secret);
});
