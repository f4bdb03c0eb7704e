import type { AddressInfo } from 'node:net';
import { createJwtVerifier, createKeySet } from '@keybound/core';
import {
  createTestClock,
  decodeJws,
  KEYS,
  mintProof,
  NOW,
  sendRaw,
  thumbprint,
} from '@keybound/test-kit';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buildAuthServer, demoClients } from '../src/index.ts';

const ISSUER = 'https://as.example';
const RESOURCE = 'https://rs.example';
const OTHER_RESOURCE = 'https://other.example';
const TOKEN_ENDPOINT = `${ISSUER}/token`;

const clock = createTestClock();

async function startServer(
  options: { nonceSecrets?: readonly string[]; logs?: string[] } = {},
): Promise<FastifyInstance> {
  const { nonceSecrets = [], logs } = options;
  const clients = new Map(demoClients([RESOURCE]));
  const api = clients.get('notes-api');
  if (api !== undefined) {
    clients.set('other-api', { ...api, client_id: 'other-api', introspects: [OTHER_RESOURCE] });
  }
  const app = await buildAuthServer({
    issuer: ISSUER,
    resources: [RESOURCE, OTHER_RESOURCE],
    clients,
    nonceSecrets,
    preset: 'default',
    accessTokenSeconds: 300,
    logLevel: logs ? 'trace' : 'silent',
    ...(logs && { logStream: { write: (line: string) => void logs.push(line) } }),
    clock,
  });
  onTestFinished(() => app.close());
  return app;
}

function basic(id: string): string {
  return `Basic ${Buffer.from(`${id}:demo-secret-of-${id}`).toString('base64')}`;
}

function post(
  app: FastifyInstance,
  url: string,
  form: Readonly<Record<string, string>> | string,
  headers: InjectOptions['headers'] = {},
): Promise<LightMyRequestResponse> {
  return app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
  });
}

function requestToken(
  app: FastifyInstance,
  client: string,
  headers: InjectOptions['headers'] = {},
  form: Readonly<Record<string, string>> = {},
): Promise<LightMyRequestResponse> {
  return post(
    app,
    '/token',
    { grant_type: 'client_credentials', ...form },
    { authorization: basic(client), ...headers },
  );
}

/** A proof for the token endpoint. */
function tokenProof(overrides: Parameters<typeof mintProof>[0] = {}): string {
  return mintProof({
    ...overrides,
    claims: { htm: 'POST', htu: TOKEN_ENDPOINT, ...overrides.claims },
  });
}

describe('token endpoint', () => {
  it('a JWT client gets an RFC 9068 token that our verifier accepts [ATJWT-2.2-01, BEARER-5.3-01]', async () => {
    const app = await startServer();
    const response = await requestToken(app, 'notes-jwt');
    expect(response.statusCode).toBe(200);
    expect(response.headers['cache-control']).toBe('no-store');
    const body = response.json();
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'notes:read notes:write',
    });
    const jwks = (await app.inject('/jwks')).json();
    const verifier = createJwtVerifier({
      issuer: ISSUER,
      audience: RESOURCE,
      keys: createKeySet(jwks),
      clock,
    });
    const { claims, confirmation } = await verifier.verify(body.access_token);
    expect(claims).toMatchObject({ sub: 'notes-jwt', client_id: 'notes-jwt', exp: NOW + 300 });
    expect(confirmation).toBeUndefined();
  });

  it('a proof → token_type DPoP and cnf.jkt of the proof key [DPOP-5-03, DPOP-6.1-01]', async () => {
    const app = await startServer();
    const response = await requestToken(app, 'notes-dpop', { dpop: tokenProof() });
    expect(response.json().token_type).toBe('DPoP');
    expect(decodeJws(response.json().access_token).payload.cnf).toEqual({
      jkt: thumbprint(KEYS.alice.publicJwk),
    });
  });

  it('an ath in the proof is an extra and ignored → 200 [DPOP-4.2-09]', async () => {
    const app = await startServer();
    const response = await requestToken(app, 'notes-dpop', { dpop: tokenProof({ token: 'any' }) });
    expect(response.statusCode).toBe(200);
  });

  const weakKey = { kty: 'OKP', crv: 'Ed25519', x: 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' };
  it.each([
    ['none at all, for a client that must bind [DPOP-5.2-01]', undefined],
    ['an empty field, which is not "no proof" [DPOP-4.1-P1]', ''],
    ['a bad signature [DPOP-5-02]', tokenProof().replace(/\.[^.]+$/, `.${'A'.repeat(86)}`)],
    ['another method [DPOP-4.3-08]', tokenProof({ claims: { htm: 'GET' } })],
    ['another URI [DPOP-4.3-09]', tokenProof({ claims: { htu: `${RESOURCE}/token` } })],
    ['one that is too old [DPOP-4.3-11]', tokenProof({ claims: { iat: NOW - 61 } })],
    ['a private key in it [DPOP-4.3-07]', tokenProof({ header: { jwk: KEYS.alice.privateJwk } })],
    [
      'a key that needs no private half [JOSE-KEY-P1]',
      tokenProof({ header: { alg: 'EdDSA', jwk: weakKey } }),
    ],
    [
      'an algorithm that is not listed [DPOP-5.1-01]',
      tokenProof({ key: KEYS.aliceRsa, alg: 'RS256' }),
    ],
  ])('a bound client with %s → 400 invalid_dpop_proof, no token', async (_name, dpop) => {
    const app = await startServer();
    const response = await requestToken(app, 'notes-dpop', dpop === undefined ? {} : { dpop });
    expect(response.statusCode).toBe(400);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(response.json()).toEqual({
      error: 'invalid_dpop_proof',
      error_description: expect.any(String),
    });
  });

  it('the same proof twice → 400 invalid_dpop_proof [DPOP-11.1-02]', async () => {
    const app = await startServer();
    const dpop = tokenProof();
    expect((await requestToken(app, 'notes-dpop', { dpop })).statusCode).toBe(200);
    expect((await requestToken(app, 'notes-dpop', { dpop })).json().error).toBe(
      'invalid_dpop_proof',
    );
  });

  it('with nonces: no nonce → 400 use_dpop_nonce and a nonce, which then works [DPOP-8-01]', async () => {
    const app = await startServer({ nonceSecrets: ['a secret of the tests, 32 or more chars'] });
    const challenged = await requestToken(app, 'notes-dpop', { dpop: tokenProof() });
    expect(challenged.statusCode).toBe(400);
    expect(challenged.json().error).toBe('use_dpop_nonce');
    const nonce = challenged.headers['dpop-nonce'];
    expect(nonce).toMatch(/^[\w-]{43}$/);
    const accepted = await requestToken(app, 'notes-dpop', {
      dpop: tokenProof({ claims: { nonce } }),
    });
    expect(accepted.statusCode).toBe(200);
  });

  const grant = 'grant_type=client_credentials';
  const json = { 'content-type': 'application/json' };
  it.each([
    { name: 'no client', form: grant, headers: {}, status: 401, error: 'invalid_client' },
    {
      name: 'a wrong secret',
      form: grant,
      headers: { authorization: `Basic ${Buffer.from('notes-jwt:wrong').toString('base64')}` },
      status: 401,
      error: 'invalid_client',
      challenge: 'Basic realm="auth-server"',
    },
    {
      name: 'an unknown client',
      form: grant,
      headers: { authorization: basic('nobody') },
      status: 401,
      error: 'invalid_client',
      challenge: 'Basic realm="auth-server"',
    },
    {
      name: 'two ways to authenticate',
      form: `${grant}&client_id=notes-jwt&client_secret=demo-secret-of-notes-jwt`,
      status: 400,
      error: 'invalid_request',
    },
    { name: 'no grant_type', form: 'scope=notes:read', status: 400, error: 'invalid_request' },
    {
      name: 'a grant_type twice [OAUTH-3.1-01]',
      form: `${grant}&${grant}`,
      status: 400,
      error: 'invalid_request',
    },
    {
      name: 'an empty grant_type, which counts as absent',
      form: 'grant_type=',
      status: 400,
      error: 'invalid_request',
    },
    {
      name: 'the password grant [OA21-GRANTS-01]',
      form: 'grant_type=password',
      status: 400,
      error: 'unsupported_grant_type',
    },
    {
      name: 'a client without that grant',
      form: grant,
      headers: { authorization: basic('notes-api') },
      status: 400,
      error: 'unauthorized_client',
    },
    {
      name: 'a scope it may not have',
      form: `${grant}&scope=admin`,
      status: 400,
      error: 'invalid_scope',
    },
    {
      name: 'an unknown resource [RI-2-02]',
      form: `${grant}&resource=https://evil.example`,
      status: 400,
      error: 'invalid_target',
    },
    {
      name: 'two resources',
      form: `${grant}&resource=${RESOURCE}&resource=${OTHER_RESOURCE}`,
      status: 400,
      error: 'invalid_target',
    },
    {
      name: 'a JSON body [OAUTH-3.2-01]',
      form: '{}',
      headers: json,
      status: 400,
      error: 'invalid_request',
    },
    {
      name: 'a body of 20 KiB',
      form: `x=${'x'.repeat(20_000)}`,
      status: 413,
      error: 'invalid_request',
    },
  ])('$name → $status $error', async ({ form, headers, status, error, challenge }) => {
    const app = await startServer();
    const response = await post(
      app,
      '/token',
      form,
      headers ?? { authorization: basic('notes-jwt') },
    );
    expect(response.statusCode).toBe(status);
    expect(response.json().error).toBe(error);
    expect(response.headers['www-authenticate']).toBe(challenge);
    expect(response.body).not.toMatch(/evil|admin|password|wrong/);
  });

  it('two Authorization fields → 400 invalid_request', async () => {
    const app = await startServer();
    await app.listen({ host: '127.0.0.1', port: 0 });
    const form = 'grant_type=client_credentials';
    const response = await sendRaw(
      (app.server.address() as AddressInfo).port,
      [
        'POST /token HTTP/1.1',
        'Host: as.example',
        'Connection: close',
        'Content-Type: application/x-www-form-urlencoded',
        `Content-Length: ${form.length}`,
        `Authorization: ${basic('notes-jwt')}`,
        `Authorization: ${basic('notes-opaque')}`,
      ],
      form,
    );
    expect(response.status).toBe(400);
    expect(JSON.parse(response.body).error).toBe('invalid_request');
  });

  it('a scope value many times → once in the token', async () => {
    const app = await startServer();
    const scope = 'notes:read '.repeat(100).trim();
    const { access_token: token } = (await requestToken(app, 'notes-jwt', {}, { scope })).json();
    expect(decodeJws(token).payload.scope).toBe('notes:read');
  });

  it('GET → 405 with Allow [OAUTH-3.2-01]', async () => {
    const app = await startServer();
    const response = await app.inject('/token?grant_type=client_credentials');
    expect(response.statusCode).toBe(405);
    expect(response.headers.allow).toBe('POST');
  });

  it('client_secret_post and a resource of choice → token for that resource [RI-2-03]', async () => {
    const app = await startServer();
    const response = await post(app, '/token', {
      grant_type: 'client_credentials',
      client_id: 'notes-jwt',
      client_secret: 'demo-secret-of-notes-jwt',
      resource: OTHER_RESOURCE,
      scope: 'notes:read',
    });
    expect(decodeJws(response.json().access_token).payload).toMatchObject({
      aud: OTHER_RESOURCE,
      scope: 'notes:read',
    });
  });
});

describe('introspection', () => {
  async function introspect(app: FastifyInstance, token: string, client = 'notes-api') {
    const headers = { authorization: basic(client) };
    if (client === 'other-api') {
      headers.authorization = `Basic ${Buffer.from('other-api:demo-secret-of-notes-api').toString('base64')}`;
    }
    return (await post(app, '/introspect', { token }, headers)).json();
  }

  it.each(['notes-dpop', 'notes-dpop-opaque'])(
    'a bound token of %s → active with cnf.jkt and token_type DPoP [DPOP-6.2-01]',
    async (client) => {
      const app = await startServer();
      const issued = await requestToken(app, client, { dpop: tokenProof() });
      expect(await introspect(app, issued.json().access_token)).toMatchObject({
        active: true,
        token_type: 'DPoP',
        client_id: client,
        aud: RESOURCE,
        exp: NOW + 300,
        cnf: { jkt: thumbprint(KEYS.alice.publicJwk) },
      });
    },
  );

  it('an unbound opaque token → active, token_type Bearer, no cnf', async () => {
    const app = await startServer();
    const { access_token: token } = (await requestToken(app, 'notes-opaque')).json();
    const answer = await introspect(app, token);
    expect(answer).toMatchObject({ active: true, token_type: 'Bearer' });
    expect(answer.cnf).toBeUndefined();
  });

  it('unknown, expired and foreign tokens → {"active":false} and nothing else [INTRO-2.2-01]', async () => {
    const app = await startServer();
    const { access_token: opaque } = (await requestToken(app, 'notes-opaque')).json();
    const { access_token: jwt } = (await requestToken(app, 'notes-jwt')).json();
    const inactive = { active: false };
    expect(await introspect(app, 'unknown')).toEqual(inactive);
    expect(await introspect(app, opaque, 'other-api')).toEqual(inactive);
    expect(await introspect(app, jwt, 'other-api')).toEqual(inactive);
    expect(await introspect(app, opaque, 'notes-jwt')).toEqual(inactive);
    onTestFinished(() => clock.set(NOW));
    clock.advance(300);
    expect(await introspect(app, opaque)).toEqual(inactive);
    expect(await introspect(app, jwt)).toEqual(inactive);
  });

  it('no client authentication → 401; GET → 405 [INTRO-2-01]', async () => {
    const app = await startServer();
    expect((await post(app, '/introspect', { token: 'x' })).statusCode).toBe(401);
    expect((await app.inject('/introspect?token=x')).statusCode).toBe(405);
  });
});

describe('metadata', () => {
  it('lists what is enforced, with the issuer it is published under [META-2-01, DPOP-5.1-01]', async () => {
    const app = await startServer();
    const response = await app.inject('/.well-known/oauth-authorization-server');
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(response.json()).toEqual({
      issuer: ISSUER,
      token_endpoint: TOKEN_ENDPOINT,
      introspection_endpoint: `${ISSUER}/introspect`,
      jwks_uri: `${ISSUER}/jwks`,
      scopes_supported: ['notes:read', 'notes:write'],
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      dpop_signing_alg_values_supported: ['ES256', 'ES384', 'ES512', 'PS256', 'Ed25519', 'EdDSA'],
    });
  });

  it('the key set has no private member', async () => {
    const app = await startServer();
    for (const key of (await app.inject('/jwks')).json().keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    }
  });

  it('a browser may send proofs and read nonces, on refusals too [DPOP-7.1-10]', async () => {
    const app = await startServer({ nonceSecrets: ['a secret of the tests, 32 or more chars'] });
    const origin = 'https://app.example';
    const refused = await requestToken(app, 'notes-dpop', { dpop: tokenProof(), origin });
    expect(refused.statusCode).toBe(400);
    expect(refused.headers['access-control-expose-headers']).toBe('WWW-Authenticate, DPoP-Nonce');
    expect(refused.headers['access-control-allow-origin']).toBe('*');
  });
});

it('no token, proof, secret or query reaches the log [BEARER-5.3-02]', async () => {
  const logs: string[] = [];
  const app = await startServer({ logs });
  const dpop = tokenProof();
  const { access_token: token } = (await requestToken(app, 'notes-dpop-opaque', { dpop })).json();
  await requestToken(app, 'notes-dpop', { dpop });
  await post(app, '/introspect', { token }, { authorization: basic('notes-api') });
  await app.inject(`/nothing?access_token=${token}`);
  const log = logs.join('');
  expect(log).toContain('proof_replayed');
  for (const secret of [token, dpop, 'demo-secret', basic('notes-dpop')]) {
    expect(log).not.toContain(secret);
  }
});
