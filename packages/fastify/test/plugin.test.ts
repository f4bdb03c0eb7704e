import cors from '@fastify/cors';
import { createJwtVerifier, createKeySet } from '@keybound/core';
import { createMemoryReplayStore, createReportOnlyAuthenticator } from '@keybound/dpop';
import {
  createTestClock,
  fieldValues,
  ISSUER,
  KEYS,
  keySet,
  mintProof,
  mintToken,
  RESOURCE,
  sendRaw,
} from '@keybound/test-kit';
import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import keybound, { DPOP_CORS, type RouteAuth } from '../src/index.ts';
import { createSchemes, listen } from './support/server.ts';

/** `GET /r`, closed by the server after the answer. */
function get(target: string, ...fields: string[]): string[] {
  return [`GET ${target} HTTP/1.1`, 'Host: rs.example', 'Connection: close', ...fields];
}

async function protectedApp(app: FastifyInstance): Promise<void> {
  const { bearer, dpop } = createSchemes();
  await app.register(keybound, { authenticators: [bearer, dpop] });
  app.get('/r', async ({ auth }) => auth);
}

const boundToken = mintToken({ boundTo: KEYS.alice });

function dpopFields(overrides: Parameters<typeof mintProof>[0] = {}): string[] {
  return [
    `Authorization: DPoP ${boundToken}`,
    `DPoP: ${mintProof({ token: boundToken, ...overrides })}`,
  ];
}

describe('request.auth', () => {
  it('throws when a public route reads it, so no handler works with an unchecked caller', async () => {
    const { app } = await listen(async (instance) => {
      await protectedApp(instance);
      instance.get('/public', { config: { auth: 'public' } }, async () => ({ open: true }));
      instance.get('/wrong', { config: { auth: 'public' } }, async ({ auth }) => auth);
    });
    expect((await app.inject('/public')).json()).toEqual({ open: true });
    const wrong = await app.inject('/wrong');
    expect(wrong.statusCode).toBe(500);
    expect(wrong.json().message).toBe('request.auth: this route is public');
  });
});

describe('field lines', () => {
  // Node 20 drops further lines without a word; Node 24 answers 431 before the plugin is asked, so
  // the request is injected.
  it.each([
    ['as many field lines as Node keeps', 1000, {}, 400],
    ['as many as its maxHeadersCount keeps', 50, { maxHeadersCount: 50 }, 400],
    ['many, where nothing is dropped', 1000, { maxHeadersCount: 0 }, 200],
    ['fewer than that', 900, {}, 200],
  ])(
    '%s → 400 only if a second token could have been dropped [BEARER-2-02, DPOP-4.3-01]',
    async (_name, lines, limits, status) => {
      const { app } = await listen(protectedApp);
      Object.assign(app.server, limits);
      const padding = Object.fromEntries(Array.from({ length: lines }, (_, i) => [`x${i}`, '1']));
      const headers = { authorization: `Bearer ${mintToken()}`, ...padding };
      const response = await app.inject({ url: '/r', headers });
      expect(response.statusCode).toBe(status);
      if (status === 200) return;
      expect(response.json().error_description).toBe('The request has too many header fields');
      expect(response.headers['www-authenticate']).toHaveLength(2);
    },
  );
});

describe('the target URI on the wire', () => {
  it('absolute-form with our own origin is compared like origin-form [URI-09]', async () => {
    const { port } = await listen(async (app) => {
      const { dpop } = createSchemes();
      await app.register(keybound, { authenticators: [dpop] });
      app.get('*', async ({ auth }) => auth);
    });
    const lines = [`GET ${RESOURCE}/r HTTP/1.1`, 'Host: rs.example', 'Connection: close'];
    expect((await sendRaw(port, [...lines, ...dpopFields()])).status).toBe(200);
    const other = dpopFields({ claims: { htu: `${RESOURCE}/other` } });
    expect((await sendRaw(port, [...lines, ...other])).status).toBe(401);
  });

  it('rewriteUrl does not change what the proof is compared with [URI-13]', async () => {
    const { port } = await listen(protectedApp, {
      rewriteUrl: ({ url }) => (url === '/v1/r' ? '/r' : (url ?? '/')),
    });
    const external = dpopFields({ claims: { htu: `${RESOURCE}/v1/r` } });
    expect((await sendRaw(port, get('/v1/r', ...external))).status).toBe(200);
    expect((await sendRaw(port, get('/v1/r', ...dpopFields()))).status).toBe(401);
  });
});

describe('routes', () => {
  it('a route that does not exist is refused like the rest of the scope', async () => {
    const { app } = await listen(protectedApp);
    expect((await app.inject('/nothing')).statusCode).toBe(401);
    const authorization = `Bearer ${mintToken()}`;
    expect((await app.inject({ url: '/nothing', headers: { authorization } })).statusCode).toBe(
      404,
    );
  });

  it('only the scope it is registered in is protected', async () => {
    const { app } = await listen(async (instance) => {
      await instance.register(protectedApp, { prefix: '/api' });
      instance.get('/open', async () => 'open');
    });
    expect((await app.inject('/open')).statusCode).toBe(200);
    expect((await app.inject('/api/r')).statusCode).toBe(401);
  });

  it.each([
    ['a misspelt member', { scope: ['admin'] }],
    ['a text for a list', { scopes: 'admin' }],
    ['two values in one entry', { scopes: ['notes:read notes:write'] }],
    ['a misspelt word', 'pubic'],
    ['null', null],
    ['a scheme that has no authenticator here', { schemes: ['DPoP'] }],
    ['no scheme at all', { schemes: [] }],
    ['a text for a list of schemes', { schemes: 'Bearer' }],
  ])('config.auth with %s fails when the route is added', async (_name, auth) => {
    const app = Fastify();
    const { bearer } = createSchemes();
    await app.register(keybound, { authenticators: [bearer] });
    const config = { auth: auth as RouteAuth };
    expect(() => app.get('/r', { config }, async () => 'never')).toThrow('GET /r: config.auth');
  });

  it.each([
    ['before the plugin', { scope: ['admin'] }],
    ['with a list', [] as unknown],
    ['with a set', new Set(['admin']) as unknown],
  ])(
    'a bad config.auth on a route added %s → 500 and no handler, never 200',
    async (_name, auth) => {
      const app = Fastify();
      const { bearer } = createSchemes();
      app.get('/r', { config: { auth: auth as RouteAuth } }, async () => 'never');
      await app.register(keybound, { authenticators: [bearer] });
      const headers = { authorization: `Bearer ${mintToken()}` };
      const response = await app.inject({ url: '/r', headers });
      expect(response.statusCode).toBe(500);
      expect(response.body).not.toContain('never');
    },
  );

  it('a route that demands DPoP beside one that takes both → Bearer is refused at the first [DPOP-7.1-01]', async () => {
    const { app } = await listen(async (instance) => {
      await protectedApp(instance);
      const config = { auth: { schemes: ['DPoP'] } } as const;
      instance.get('/bound', { config }, async ({ auth }) => auth.scheme);
    });
    const authorization = `Bearer ${mintToken()}`;
    expect((await app.inject({ url: '/r', headers: { authorization } })).statusCode).toBe(200);
    const refused = await app.inject({ url: '/bound', headers: { authorization } });
    expect(refused.statusCode).toBe(401);
    expect(refused.headers['www-authenticate']).toMatch(/^DPoP .*error="invalid_token"/);
  });

  it('an authenticator that only reports → the handler runs, and the log says what was wrong', async () => {
    const lines: string[] = [];
    const { app } = await listen(
      async (instance) => {
        const tokens = createJwtVerifier({
          issuer: ISSUER,
          audience: RESOURCE,
          keys: createKeySet(keySet(KEYS.issuer)),
          clock: createTestClock(),
        });
        const replay = createMemoryReplayStore();
        await instance.register(keybound, {
          authenticators: [
            createReportOnlyAuthenticator({ tokens, publicOrigin: RESOURCE, replay }),
          ],
        });
        instance.get('/r', async ({ auth }) => auth.scheme);
      },
      { logger: { stream: { write: (line: string) => void lines.push(line) } } },
    );
    const headers = { authorization: `DPoP ${boundToken}` };
    const response = await app.inject({ url: '/r', headers });
    expect([response.statusCode, response.body]).toEqual([200, 'Bearer']);
    const reported = lines.map((line) => JSON.parse(line)).filter(({ reason }) => reason);
    expect(reported).toMatchObject([
      { level: 30, reason: 'proof_missing', code: 'invalid_dpop_proof' },
    ]);
    expect(reported[0].msg).toMatch(/^request reported, not refused: /);
    expect(lines.join()).not.toContain(boundToken);
  });

  it('a hook that sets Cache-Control last of all → no-store on an answer with a nonce [DPOP-8.2-02]', async () => {
    const { port } = await listen(async (instance) => {
      await instance.register(keybound, { authenticators: [createSchemes().dpopWithNonce] });
      instance.addHook('onSend', async (_request, reply) => {
        reply.header('Cache-Control', 'public, max-age=60');
      });
      instance.get('/r', async ({ auth }) => auth.scheme);
    });
    const response = await sendRaw(port, get('/r', ...dpopFields()));
    expect(response.status).toBe(401);
    expect(fieldValues(response, 'dpop-nonce')).toHaveLength(1);
    expect(fieldValues(response, 'cache-control')).toEqual(['no-store']);
  });

  it('a second registration in one scope fails at start-up', async () => {
    const app = Fastify();
    const { bearer } = createSchemes();
    await app.register(keybound, { authenticators: [bearer] });
    await expect(app.register(keybound, { authenticators: [bearer] })).rejects.toThrow(
      'keybound is registered already in this scope or an enclosing one',
    );
  });
});

describe('browsers', () => {
  async function corsApp(app: FastifyInstance): Promise<void> {
    await app.register(cors, { origin: 'https://app.example', ...DPOP_CORS });
    const { dpopWithNonce } = createSchemes();
    await app.register(keybound, { authenticators: [dpopWithNonce] });
    app.get('/r', async ({ auth }) => auth);
  }

  it('a preflight is answered before authentication and allows the fields [DPOP-7.1-10]', async () => {
    const { app } = await listen(corsApp);
    const response = await app.inject({
      method: 'OPTIONS',
      url: '/r',
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization,dpop',
      },
    });
    expect(response.statusCode).toBe(204);
    expect(response.headers['access-control-allow-headers']).toBe(
      'Authorization, DPoP, Content-Type',
    );
  });

  it('challenge and nonce of a refusal can be read by a script [DPOP-7.1-10]', async () => {
    const { app } = await listen(corsApp);
    const origin = 'https://app.example';
    const refused = await app.inject({ url: '/r', headers: { origin } });
    expect(refused.statusCode).toBe(401);
    expect(refused.headers['access-control-allow-origin']).toBe(origin);
    expect(refused.headers['access-control-expose-headers']).toBe(
      'WWW-Authenticate, DPoP-Nonce, Date',
    );
    const malformed = await app.inject({ url: '/r', headers: { origin, authorization: '"' } });
    expect(malformed.statusCode).toBe(400);
    expect(malformed.headers['access-control-expose-headers']).toBe(
      'WWW-Authenticate, DPoP-Nonce, Date',
    );
  });
});

describe('logs', () => {
  it('the log names reason and measured facts, and no token, proof or nonce [BEARER-5.3-02]', async () => {
    const lines: string[] = [];
    const logger = { level: 'trace', stream: { write: (line: string) => lines.push(line) } };
    const { port } = await listen(protectedApp, { logger });
    const token = mintToken();
    const proof = mintProof({ token: boundToken, claims: { htu: `${RESOURCE}/other` } });
    await sendRaw(port, get('/r', `Authorization: Bearer ${token}`));
    await sendRaw(port, get('/r', `Authorization: Bearer ${boundToken}`));
    const forwarded = 'X-Forwarded-Proto: https';
    await sendRaw(
      port,
      get('/r', `Authorization: DPoP ${boundToken}`, `DPoP: ${proof}`, forwarded),
    );
    const log = lines.join('');
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        reason: 'htu_mismatch',
        code: 'invalid_dpop_proof',
        facts: {
          received: `${RESOURCE}/other`,
          expected: `${RESOURCE}/r`,
          untrustedFields: ['x-forwarded-proto'],
        },
      }),
    );
    expect(log).toContain('token_bound');
    for (const secret of [token, boundToken, proof]) expect(log).not.toContain(secret);
  });
});
