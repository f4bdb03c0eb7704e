import type { AddressInfo } from 'node:net';
import { createJwtVerifier, createKeySet } from '@keybound/core';
import { createTestClock, decodeJws, KEYS, NOW, sendRaw, thumbprint } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { useDatabase } from './support/database.ts';
import {
  basic,
  demoClient,
  ISSUER,
  NONCES,
  OTHER_RESOURCE,
  post,
  proofFor,
  RESOURCE,
  requestToken,
  startServer,
} from './support/server.ts';

const database = useDatabase();
const clock = createTestClock();

describe('token endpoint', () => {
  it('a JWT client gets an RFC 9068 token that our verifier accepts [ATJWT-2.2-01, BEARER-5.3-01]', async () => {
    const { app } = await startServer(database);
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
    const { app } = await startServer(database);
    const response = await requestToken(app, 'notes-dpop', { dpop: proofFor() });
    expect(response.json().token_type).toBe('DPoP');
    expect(decodeJws(response.json().access_token).payload.cnf).toEqual({
      jkt: thumbprint(KEYS.alice.publicJwk),
    });
  });

  it('an ath in the proof is an extra and ignored → 200 [DPOP-4.2-09]', async () => {
    const { app } = await startServer(database);
    const response = await requestToken(app, 'notes-dpop', { dpop: proofFor({ token: 'any' }) });
    expect(response.statusCode).toBe(200);
  });

  const weakKey = { kty: 'OKP', crv: 'Ed25519', x: 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' };
  it.each([
    ['none at all, for a client that must bind [DPOP-5.2-01]', undefined],
    ['an empty field, which is not "no proof" [DPOP-4.1-P1]', ''],
    ['a bad signature [DPOP-5-02]', proofFor().replace(/\.[^.]+$/, `.${'A'.repeat(86)}`)],
    ['another method [DPOP-4.3-08]', proofFor({ claims: { htm: 'GET' } })],
    ['another URI [DPOP-4.3-09]', proofFor({ claims: { htu: `${RESOURCE}/token` } })],
    ['one that is too old [DPOP-4.3-11]', proofFor({ claims: { iat: NOW - 61 } })],
    ['a private key in it [DPOP-4.3-07]', proofFor({ header: { jwk: KEYS.alice.privateJwk } })],
    [
      'a key that needs no private half [JOSE-KEY-P1]',
      proofFor({ header: { alg: 'EdDSA', jwk: weakKey } }),
    ],
    [
      'an algorithm that is not listed [DPOP-5.1-01]',
      proofFor({ key: KEYS.aliceRsa, alg: 'RS256' }),
    ],
  ])('a bound client with %s → 400 invalid_dpop_proof, no token', async (_name, dpop) => {
    const { app } = await startServer(database);
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
    const { app } = await startServer(database);
    const dpop = proofFor();
    expect((await requestToken(app, 'notes-dpop', { dpop })).statusCode).toBe(200);
    expect((await requestToken(app, 'notes-dpop', { dpop })).json().error).toBe(
      'invalid_dpop_proof',
    );
  });

  it('with nonces: no nonce → 400 use_dpop_nonce and a nonce, which then works [DPOP-8-01]', async () => {
    const { app } = await startServer(database, { nonces: NONCES });
    const challenged = await requestToken(app, 'notes-dpop', { dpop: proofFor() });
    expect(challenged.statusCode).toBe(400);
    expect(challenged.json().error).toBe('use_dpop_nonce');
    const nonce = challenged.headers['dpop-nonce'];
    expect(nonce).toMatch(/^[\w-]{43}$/);
    const accepted = await requestToken(app, 'notes-dpop', {
      dpop: proofFor({ claims: { nonce } }),
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
    const { app } = await startServer(database);
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
    const { app } = await startServer(database);
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
    const { app } = await startServer(database);
    const scope = 'notes:read '.repeat(100).trim();
    const { access_token: token } = (await requestToken(app, 'notes-jwt', {}, { scope })).json();
    expect(decodeJws(token).payload.scope).toBe('notes:read');
  });

  it('GET → 405 with Allow [OAUTH-3.2-01]', async () => {
    const { app } = await startServer(database);
    const response = await app.inject('/token?grant_type=client_credentials');
    expect(response.statusCode).toBe(405);
    expect(response.headers.allow).toBe('POST');
  });

  it('client_secret_post and a resource of choice → token for that resource [RI-2-03]', async () => {
    const members = { token_endpoint_auth_method: 'client_secret_post' } as const;
    const { app } = await startServer(database, { clients: [demoClient('notes-jwt', members)] });
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

it('no token, proof, secret or query reaches the log [BEARER-5.3-02]', async () => {
  const logs: string[] = [];
  const { app } = await startServer(database, { logs });
  const dpop = proofFor();
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
