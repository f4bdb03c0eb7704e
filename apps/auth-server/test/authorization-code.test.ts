import { decodeJws, KEYS, NOW, thumbprint } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { useDatabase } from './support/database.ts';
import { CALLBACK, CHALLENGE, grantCode, redeem, refresh } from './support/grants.ts';
import {
  basic,
  demoClient,
  NONCES,
  OTHER_RESOURCE,
  post,
  proofFor,
  RESOURCE,
  startServer,
} from './support/server.ts';

const database = useDatabase();
const ALICE = thumbprint(KEYS.alice.publicJwk);
const MALLORY = thumbprint(KEYS.mallory.publicJwk);

describe('redeeming a code', () => {
  it('code, verifier and proof → a bound token for the consented resource and scope, and a refresh token [OAUTH-5.1-01, DPOP-5-03, DPOP-6.1-01]', async () => {
    const { app, events } = await startServer(database);
    const response = await redeem(app, await grantCode(database.db));
    expect(response.statusCode).toBe(200);
    expect(response.headers['cache-control']).toBe('no-store');
    const body = response.json();
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'DPoP',
      expires_in: 300,
      refresh_token: expect.stringMatching(/^[\w-]{43}$/),
      scope: 'notes:read notes:write',
    });
    expect(decodeJws(body.access_token).payload).toMatchObject({
      aud: RESOURCE,
      client_id: 'notes-app',
      sub: expect.any(String),
      cnf: { jkt: ALICE },
      auth_time: NOW - 60,
      acr: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
    });
    expect(events).toEqual([
      expect.objectContaining({ event: 'token_issued', clientId: 'notes-app', jkt: ALICE }),
    ]);
  });

  it('a client without the refresh_token grant → no refresh token', async () => {
    const client = demoClient('notes-app', { grant_types: ['authorization_code'] });
    const { app } = await startServer(database, { clients: [client] });
    const response = await redeem(app, await grantCode(database.db));
    expect(response.json()).not.toHaveProperty('refresh_token');
  });

  it.each([
    ['no code', 'invalid_request', { code: undefined }],
    ['a code nobody issued', 'invalid_grant', { code: 'x'.repeat(43) }],
    ['no verifier [PKCE-DG-01]', 'invalid_grant', { code_verifier: undefined }],
    ['another verifier [PKCE-4.6-01]', 'invalid_grant', { code_verifier: 'x'.repeat(43) }],
    ['the challenge as verifier [PKCE-4.2-01]', 'invalid_grant', { code_verifier: CHALLENGE }],
    ['a verifier that is too short [PKCE-4.6-01]', 'invalid_grant', { code_verifier: 'short' }],
    ['another redirect URI [OA21-10.2-01]', 'invalid_grant', { redirect_uri: `${CALLBACK}/` }],
    ['no redirect URI though one was named', 'invalid_grant', { redirect_uri: undefined }],
    ['another client', 'invalid_grant', { client_id: 'notes-app-bearer' }],
    ['a resource that was not granted [RI-2-02]', 'invalid_target', { resource: OTHER_RESOURCE }],
  ])('%s → 400 %s, and the code is still good [DPOP-8-P1]', async (_name, error, form) => {
    const { app } = await startServer(database);
    const code = await grantCode(database.db);
    const refused = await redeem(app, code, form);
    expect(refused.statusCode).toBe(400);
    expect(refused.json().error).toBe(error);
    expect((await redeem(app, code)).statusCode).toBe(200);
  });

  it('no redirect URI named at either place → 200 [OA21-10.2-01]', async () => {
    const { app } = await startServer(database);
    const code = await grantCode(database.db, { redirectUriNamed: false });
    expect((await redeem(app, code, { redirect_uri: undefined })).statusCode).toBe(200);
  });

  it('after 60 seconds → invalid_grant; a moment before → 200 [OAUTH-4.1.2-01]', async () => {
    const { app, clock } = await startServer(database);
    const [late, inTime] = [await grantCode(database.db), await grantCode(database.db)];
    clock.advance(59);
    const headers = () => ({ dpop: proofFor({ claims: { iat: clock() } }) });
    expect((await redeem(app, inTime, {}, headers())).statusCode).toBe(200);
    clock.advance(1);
    expect((await redeem(app, late, {}, headers())).json().error).toBe('invalid_grant');
  });

  it('a second time by a right request → invalid_grant, and the tokens of the first end [OAUTH-4.1.2-01, OAUTH-4.1.3-01]', async () => {
    const { app, events } = await startServer(database);
    const code = await grantCode(database.db);
    const { refresh_token: token } = (await redeem(app, code)).json();
    expect((await redeem(app, code)).json().error).toBe('invalid_grant');
    expect(events.at(-2)).toMatchObject({ event: 'code_reuse_detected', clientId: 'notes-app' });
    expect((await refresh(app, token)).json().error).toBe('invalid_grant');
  });

  it('a second time with a wrong verifier → invalid_grant, and the tokens of the first live [OAUTH-4.1.3-01]', async () => {
    const { app } = await startServer(database);
    const code = await grantCode(database.db);
    const { refresh_token: token } = (await redeem(app, code)).json();
    const replay = await redeem(app, code, { code_verifier: 'x'.repeat(43) });
    expect(replay.json().error).toBe('invalid_grant');
    expect((await refresh(app, token)).statusCode).toBe(200);
  });

  it('several resources granted, one asked for → a token for that one; none asked for → invalid_target [RI-2-03, ATJWT-3-02]', async () => {
    const { app } = await startServer(database);
    const code = await grantCode(database.db, { resources: [RESOURCE, OTHER_RESOURCE] });
    expect((await redeem(app, code)).json().error).toBe('invalid_target');
    const both = await redeem(app, code, { resource: [RESOURCE, OTHER_RESOURCE] });
    expect(both.json().error).toBe('invalid_target');
    const { access_token: token } = (await redeem(app, code, { resource: OTHER_RESOURCE })).json();
    expect(decodeJws(token).payload.aud).toBe(OTHER_RESOURCE);
  });

  it('the person is not known any more → invalid_grant', async () => {
    const { app } = await startServer(database, { demoUsers: [] });
    expect((await redeem(app, await grantCode(database.db))).json().error).toBe('invalid_grant');
  });
});

describe('a code and the key', () => {
  it('bound by dpop_jkt to the key of the proof → 200 [DPOP-10-01]', async () => {
    const { app } = await startServer(database);
    const code = await grantCode(database.db, { dpopJkt: ALICE });
    expect((await redeem(app, code)).statusCode).toBe(200);
  });

  it('bound to another key → invalid_grant, and the code is still good for its key [DPOP-10-01]', async () => {
    const { app } = await startServer(database);
    const code = await grantCode(database.db, { dpopJkt: MALLORY });
    expect((await redeem(app, code)).json().error).toBe('invalid_grant');
    const dpop = proofFor({ key: KEYS.mallory });
    expect((await redeem(app, code, {}, { dpop })).statusCode).toBe(200);
  });

  it('bound, but no proof → 400, even for a client that need not bind its tokens [DPOP-10-P1]', async () => {
    const { app } = await startServer(database);
    const code = await grantCode(database.db, { clientId: 'notes-app-bearer', dpopJkt: ALICE });
    const response = await redeem(app, code, { client_id: 'notes-app-bearer' }, {});
    expect(response.statusCode).toBe(400);
    expect(response.json().error).toBe('invalid_dpop_proof');
  });

  it('a nonce challenge or a bad proof → the code is still good [DPOP-8-P1]', async () => {
    const { app } = await startServer(database, { nonces: NONCES });
    const code = await grantCode(database.db);
    expect((await redeem(app, code, {}, { dpop: 'no proof' })).json().error).toBe(
      'invalid_dpop_proof',
    );
    const challenged = await redeem(app, code);
    expect(challenged.json().error).toBe('use_dpop_nonce');
    const dpop = proofFor({ claims: { nonce: challenged.headers['dpop-nonce'] } });
    expect((await redeem(app, code, {}, { dpop })).statusCode).toBe(200);
  });

  it('a request without a good code leaves the proof unspent: strangers cannot fill the memory of used proofs', async () => {
    const { app } = await startServer(database);
    const dpop = proofFor();
    expect((await redeem(app, 'guess', {}, { dpop })).json().error).toBe('invalid_grant');
    const response = await redeem(app, await grantCode(database.db), {}, { dpop });
    expect(response.statusCode).toBe(200);
  });

  it('a confidential client with a proof but without its secret → 401 invalid_client [DPOP-11.11-01]', async () => {
    const { app } = await startServer(database);
    const code = await grantCode(database.db, { clientId: 'notes-web' });
    const response = await redeem(app, code, { client_id: 'notes-web' });
    expect(response.statusCode).toBe(401);
    expect(response.json().error).toBe('invalid_client');
  });

  it('a client that may do without → a bearer token and an unbound refresh token', async () => {
    const { app } = await startServer(database);
    const code = await grantCode(database.db, { clientId: 'notes-app-bearer' });
    const { token_type: type, refresh_token: token } = (
      await redeem(app, code, { client_id: 'notes-app-bearer' }, {})
    ).json();
    expect(type).toBe('Bearer');
    expect((await refresh(app, token, { client_id: 'notes-app-bearer' }, {})).statusCode).toBe(200);
  });
});

it.each([
  ['password', 'unsupported_grant_type'],
  ['implicit', 'unsupported_grant_type'],
  ['constructor', 'unsupported_grant_type'],
  ['client_credentials', 'unauthorized_client'],
])('grant_type %s of a public client → %s [OA21-GRANTS-01]', async (grant_type, error) => {
  const { app } = await startServer(database);
  const response = await post(app, '/token', { grant_type, client_id: 'notes-app' });
  expect(response.statusCode).toBe(400);
  expect(response.json().error).toBe(error);
});

it('a client without the code grant → unauthorized_client', async () => {
  const { app } = await startServer(database);
  const form = { grant_type: 'authorization_code', code: 'x', code_verifier: 'x' };
  const response = await post(app, '/token', form, { authorization: basic('notes-jwt') });
  expect(response.json().error).toBe('unauthorized_client');
});
