import cors from '@fastify/cors';
import formbody from '@fastify/formbody';
import { createJwtVerifier, createKeySet, UnavailableError } from '@keybound/core';
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

const ALGS = 'algs="ES256 ES384 ES512 PS256 Ed25519 EdDSA"';

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
  it('tells a bearer request from a DPoP request by scheme, with claims and scope', async () => {
    const { port } = await listen(protectedApp);
    const bearer = await sendRaw(port, get('/r', `Authorization: Bearer ${mintToken()}`));
    expect(JSON.parse(bearer.body)).toMatchObject({
      scheme: 'Bearer',
      claims: { sub: 'alice' },
      scope: ['notes:read', 'notes:write'],
    });
    const dpop = await sendRaw(port, get('/r', ...dpopFields()));
    expect(JSON.parse(dpop.body)).toMatchObject({
      scheme: 'DPoP',
      claims: { sub: 'alice', cnf: { jkt: JSON.parse(dpop.body).jkt } },
    });
  });

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

describe('field lines are read raw', () => {
  const other = mintProof({ token: boundToken });
  const token = mintToken();
  it.each([
    {
      name: 'two Authorization fields, Bearer then DPoP → 400 in both challenges [BEARER-2-02]',
      fields: [`Authorization: Bearer ${token}`, ...dpopFields()],
      status: 400,
      error: 'invalid_request',
      both: true,
    },
    {
      name: 'two DPoP fields, both valid → 401 invalid_dpop_proof [DPOP-4.3-01]',
      fields: [...dpopFields(), `DPoP: ${other}`],
      status: 401,
      error: 'invalid_dpop_proof',
    },
    {
      name: 'an empty DPoP field before a valid one → 401 invalid_dpop_proof [DPOP-4.3-01]',
      fields: ['DPoP:', ...dpopFields()],
      status: 401,
      error: 'invalid_dpop_proof',
    },
    {
      name: 'one empty DPoP field → 401 invalid_dpop_proof [DPOP-4.1-P1]',
      fields: [`Authorization: DPoP ${boundToken}`, 'DPoP:'],
      status: 401,
      error: 'invalid_dpop_proof',
    },
    {
      name: 'no DPoP field under the DPoP scheme → 401 invalid_dpop_proof [DPOP-7.1-02]',
      fields: [`Authorization: DPoP ${boundToken}`],
      status: 401,
      error: 'invalid_dpop_proof',
    },
  ])('$name', async ({ fields, status, error, both = false }) => {
    const { port } = await listen(protectedApp);
    const response = await sendRaw(port, get('/r', ...fields));
    expect(response.status).toBe(status);
    const challenges = fieldValues(response, 'www-authenticate');
    expect(challenges).toHaveLength(2);
    expect(challenges[0]?.includes(`error="${error}"`)).toBe(both);
    expect(challenges[1]).toContain(`error="${error}"`);
  });

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

  it('field names in any case and blanks around the value → 200 [DPOP-4.1-01]', async () => {
    const { port } = await listen(protectedApp);
    const [authorization = '', proof = ''] = dpopFields();
    const fields = [
      authorization.replace('Authorization', 'AUTHORIZATION'),
      proof.replace('DPoP:', 'dPoP:   '),
    ];
    expect((await sendRaw(port, get('/r', ...fields))).status).toBe(200);
  });
});

describe('the target URI on the wire', () => {
  const evil = 'https://evil.example/r';
  it.each([
    {
      name: 'a proof for another host with that Host → 401 [URI-08]',
      lines: ['GET /r HTTP/1.1', 'Host: evil.example'],
      htu: evil,
      status: 401,
    },
    {
      name: 'a proof for another host with that X-Forwarded-Host → 401 [URI-08]',
      lines: ['GET /r HTTP/1.1', 'Host: rs.example', 'X-Forwarded-Host: evil.example'],
      htu: evil,
      status: 401,
    },
    {
      name: 'origin-form //evil.example/r and a proof for it → 401, as the path does not exist here [URI-09]',
      lines: ['GET //evil.example/r HTTP/1.1', 'Host: rs.example'],
      htu: evil,
      status: 401,
    },
    {
      name: 'absolute-form with another origin → 400 [URI-09]',
      lines: [`GET ${evil} HTTP/1.1`, 'Host: evil.example'],
      htu: evil,
      status: 400,
    },
    {
      name: 'dot segments, which a router takes as they stand → 400 [URI-09]',
      lines: ['GET /x/../r HTTP/1.1', 'Host: rs.example'],
      htu: `${RESOURCE}/r`,
      status: 400,
    },
    {
      name: 'absolute-form without a path, which routers disagree about → 400 [URI-09]',
      lines: [`GET ${RESOURCE}?/r HTTP/1.1`, 'Host: rs.example'],
      htu: `${RESOURCE}/`,
      status: 400,
    },
    {
      name: 'a Host with a path, a query or userinfo, which is no host → 400 [URI-09]',
      lines: ['GET /r HTTP/1.1', 'Host: rs.example/x?y@evil.example'],
      htu: `${RESOURCE}/r`,
      status: 400,
    },
    {
      name: 'the proof is for the origin of the configuration, whatever Host says → 200 [URI-08]',
      lines: ['GET /r HTTP/1.1', 'Host: internal:8080'],
      htu: `${RESOURCE}/r`,
      status: 200,
    },
    {
      name: 'a query in the request and none in the proof → 200 [DPOP-4.3-09]',
      lines: ['GET /r?a=1 HTTP/1.1', 'Host: rs.example'],
      htu: `${RESOURCE}/r`,
      status: 200,
    },
  ])('$name', async ({ lines, htu, status }) => {
    const { port } = await listen(protectedApp);
    const response = await sendRaw(port, [
      ...lines,
      'Connection: close',
      ...dpopFields({ claims: { htu } }),
    ]);
    expect(response.status).toBe(status);
    expect(response.body).not.toContain('evil');
  });

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

  it('a prefix that a proxy strips counts, one of the framework does already [URI-13]', async () => {
    const { port } = await listen(async (app) => {
      const { dpop } = createSchemes({ mountPrefix: '/api' });
      await app.register(
        async (scope) => {
          await scope.register(keybound, { authenticators: [dpop] });
          scope.get('/r', async ({ auth }) => auth);
        },
        { prefix: '/v1' },
      );
    });
    const external = dpopFields({ claims: { htu: `${RESOURCE}/api/v1/r` } });
    expect((await sendRaw(port, get('/v1/r', ...external))).status).toBe(200);
    const internal = dpopFields({ claims: { htu: `${RESOURCE}/v1/r` } });
    expect((await sendRaw(port, get('/v1/r', ...internal))).status).toBe(401);
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
  it('scope below what the route asks → 403 insufficient_scope with the scope [BEARER-3.1-04]', async () => {
    const { app } = await listen(async (instance) => {
      await protectedApp(instance);
      instance.get('/admin', { config: { auth: { scopes: ['admin'] } } }, async () => 'never');
    });
    const response = await app.inject({
      url: '/admin',
      headers: { authorization: `Bearer ${mintToken()}` },
    });
    expect(response.statusCode).toBe(403);
    expect(response.headers['www-authenticate']).toEqual([
      'Bearer realm="api", error="insufficient_scope", error_description="The access token does not carry the required scope", scope="admin"',
      `DPoP realm="api", ${ALGS}, scope="admin"`,
    ]);
  });

  it('no credentials → 401, a challenge for each scheme, no error [BEARER-3.1-01, DPOP-7.1-04]', async () => {
    const { app } = await listen(protectedApp);
    const response = await app.inject('/r');
    expect(response.statusCode).toBe(401);
    expect(response.headers['www-authenticate']).toEqual([
      'Bearer realm="api"',
      `DPoP realm="api", ${ALGS}`,
    ]);
    expect(response.json()).toEqual({ error_description: 'An access token is required' });
  });

  it('a token in the query alone → 401 without error [BEARER-2.3-02]', async () => {
    const { app } = await listen(protectedApp);
    const response = await app.inject(`/r?access_token=${mintToken()}`);
    expect(response.statusCode).toBe(401);
    expect(response.headers['www-authenticate']).toEqual([
      'Bearer realm="api"',
      `DPoP realm="api", ${ALGS}`,
    ]);
  });

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

  it('a second registration in one scope fails at start-up', async () => {
    const app = Fastify();
    const { bearer } = createSchemes();
    await app.register(keybound, { authenticators: [bearer] });
    await expect(app.register(keybound, { authenticators: [bearer] })).rejects.toThrow(
      'keybound is registered already in this scope or an enclosing one',
    );
  });

  it('a token in the header and in the form body → 400, and the handler does not run [BEARER-2-02]', async () => {
    let ran = false;
    const { app } = await listen(async (instance) => {
      await instance.register(formbody);
      await protectedApp(instance);
      instance.post('/r', async () => {
        ran = true;
      });
    });
    const post = (payload: string) =>
      app.inject({
        method: 'POST',
        url: '/r',
        headers: {
          authorization: `Bearer ${mintToken()}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        payload,
      });
    const refused = await post(`access_token=${mintToken()}`);
    expect(refused.statusCode).toBe(400);
    expect(refused.json().error).toBe('invalid_request');
    expect(ran).toBe(false);
    expect((await post('text=hello')).statusCode).toBe(200);
    expect(ran).toBe(true);
  });
});

describe('nonces', () => {
  async function nonceApp(app: FastifyInstance): Promise<ReturnType<typeof createSchemes>> {
    const schemes = createSchemes();
    await app.register(keybound, { authenticators: [schemes.dpopWithNonce] });
    app.get('/r', async ({ auth }, reply) => {
      reply.header('cache-control', 'public, max-age=60');
      return auth;
    });
    return schemes;
  }

  it('every refusal carries exactly one DPoP-Nonce and is not cacheable [DPOP-8-03, DPOP-9-01]', async () => {
    const { port } = await listen(nonceApp);
    for (const fields of [[], dpopFields(), ['Authorization: DPoP x', 'DPoP: y']]) {
      const response = await sendRaw(port, get('/r', ...fields));
      expect(response.status).toBe(401);
      expect(fieldValues(response, 'dpop-nonce')).toHaveLength(1);
      expect(fieldValues(response, 'cache-control')).toEqual(['no-store']);
    }
  });

  it('a missing nonce → 401 use_dpop_nonce; with the nonce from it → 200 [DPOP-9-01]', async () => {
    const { port } = await listen(nonceApp);
    const challenged = await sendRaw(port, get('/r', ...dpopFields()));
    expect(fieldValues(challenged, 'www-authenticate')).toEqual([
      `DPoP realm="api", ${ALGS}, error="use_dpop_nonce", error_description="The DPoP proof must contain the nonce of the server"`,
    ]);
    const [nonce] = fieldValues(challenged, 'dpop-nonce');
    const accepted = await sendRaw(port, get('/r', ...dpopFields({ claims: { nonce } })));
    expect(accepted.status).toBe(200);
    expect(fieldValues(accepted, 'dpop-nonce')).toEqual([]);
    expect(fieldValues(accepted, 'cache-control')).toEqual(['public, max-age=60']);
  });

  it('the nonce of the step before → 200 with a new one, uncacheable whatever the handler says [DPOP-8-05, DPOP-8.2-02]', async () => {
    let schemes: ReturnType<typeof createSchemes> | undefined;
    const { port } = await listen(async (app) => {
      schemes = await nonceApp(app);
    });
    const nonce = await schemes?.nonces.current();
    schemes?.clock.advance(120);
    const iat = schemes?.clock();
    const response = await sendRaw(port, get('/r', ...dpopFields({ claims: { nonce, iat } })));
    expect(response.status).toBe(200);
    expect(fieldValues(response, 'dpop-nonce')).toEqual([await schemes?.nonces.current()]);
    expect(fieldValues(response, 'cache-control')).toEqual(['no-store']);
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

describe('faults and logs', () => {
  it('a store that is out of reach → 503 with Retry-After and no challenge [DPOP-11.1-P3]', async () => {
    const { app } = await listen(async (instance) => {
      await instance.register(keybound, {
        authenticators: [
          {
            scheme: 'Bearer',
            challenge: [],
            authenticate: async () => {
              throw new UnavailableError('replay_store', 'gone', { retryAfterSeconds: 7 });
            },
          },
        ],
      });
      instance.get('/r', async () => 'never');
    });
    const response = await app.inject({ url: '/r', headers: { authorization: 'Bearer x' } });
    expect(response.statusCode).toBe(503);
    expect(response.headers['retry-after']).toBe('7');
    expect(response.headers['www-authenticate']).toBeUndefined();
    expect(response.json().error).toBe('temporarily_unavailable');
  });

  it('an error that is neither is not let through as success [DPOP-7.1-03]', async () => {
    const { app } = await listen(async (instance) => {
      await instance.register(keybound, {
        authenticators: [
          {
            scheme: 'Bearer',
            challenge: [],
            authenticate: async () => {
              throw new Error('a bug');
            },
          },
        ],
      });
      instance.get('/r', async () => 'never');
    });
    const response = await app.inject({ url: '/r', headers: { authorization: 'Bearer x' } });
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('never');
  });

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
