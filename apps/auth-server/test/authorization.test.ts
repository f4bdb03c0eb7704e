import { KEYS, thumbprint } from '@keybound/test-kit';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { useDatabase } from './support/database.ts';
import { CALLBACK, CHALLENGE } from './support/grants.ts';
import {
  basic,
  demoClient,
  formText,
  ISSUER,
  NONCES,
  OTHER_RESOURCE,
  type Parameters,
  post,
  proofFor,
  RESOURCE,
  startServer,
} from './support/server.ts';

const database = useDatabase();
const ALICE = thumbprint(KEYS.alice.publicJwk);

const GOOD = {
  client_id: 'notes-app',
  response_type: 'code',
  redirect_uri: CALLBACK,
  code_challenge: CHALLENGE,
  code_challenge_method: 'S256',
  state: 'the state & more',
};

const authorize = (app: FastifyInstance, form: Parameters = {}) =>
  app.inject(`/authorize?${formText({ ...GOOD, ...form })}`);

const push = (
  app: FastifyInstance,
  form: Parameters = {},
  headers: Readonly<Record<string, string>> = {},
) => post(app, '/par', { ...GOOD, ...form }, headers);

const parProof = (key = KEYS.alice) => ({ dpop: proofFor({ key }, '/par') });

/** Every fault of an authorization request that the client is told of. */
const FAULTS: readonly [string, string, Parameters][] = [
  ['no response_type', 'invalid_request', { response_type: undefined }],
  ['the implicit grant [OA21-GRANTS-01]', 'unsupported_response_type', { response_type: 'token' }],
  ['a hybrid flow', 'unsupported_response_type', { response_type: 'code token' }],
  ['a fragment as answer', 'invalid_request', { response_mode: 'fragment' }],
  ['no challenge [OA21-4.1-01]', 'invalid_request', { code_challenge: undefined }],
  ['a plain challenge [PKCE-4.2-01]', 'invalid_request', { code_challenge_method: 'plain' }],
  [
    'no method, which means plain [PKCE-4.2-01]',
    'invalid_request',
    { code_challenge_method: undefined },
  ],
  ['a challenge that is no hash', 'invalid_request', { code_challenge: 'short' }],
  ['a state with U+0000', 'invalid_request', { state: 'a\0b' }],
  ['a state that is too long', 'invalid_request', { state: 'x'.repeat(2049) }],
  ['a scope it may not have', 'invalid_scope', { scope: 'admin' }],
  ['two blanks in the scope', 'invalid_scope', { scope: 'notes:read  notes:write' }],
  ['an unknown resource [RI-2-02]', 'invalid_target', { resource: 'https://evil.example' }],
  [
    'a known and an unknown resource',
    'invalid_target',
    { resource: [RESOURCE, 'https://evil.example'] },
  ],
  ['a resource with a fragment [RI-2-02]', 'invalid_target', { resource: `${RESOURCE}#x` }],
  ['a dpop_jkt that is no thumbprint [DPOP-10-P2]', 'invalid_request', { dpop_jkt: 'abc' }],
  ['a padded dpop_jkt [DPOP-10-P2]', 'invalid_request', { dpop_jkt: `${ALICE}=` }],
  [
    'an acr nobody can reach [STEPUP-5-01]',
    'unmet_authentication_requirements',
    { acr_values: 'urn:example:iris' },
  ],
  ['a max_age that is no number', 'invalid_request', { max_age: '-1' }],
  ['prompt=none', 'interaction_required', { prompt: 'none' }],
  ['a request object', 'request_not_supported', { request: 'e30.e30.' }],
];

describe('authorization endpoint', () => {
  it('a good request → 303 to the page that asks the person [BCP-4.12-01]', async () => {
    const { app } = await startServer(database);
    const response = await authorize(app);
    expect(response.statusCode).toBe(303);
    expect(response.headers.location).toMatch(
      /^(?:https:\/\/as\.example)?\/interaction\/[\w-]{43}$/,
    );
  });

  it.each(FAULTS)(
    '%s → the client is told %s, with state and iss [ISS-2-01]',
    async (_name, error, form) => {
      const { app } = await startServer(database);
      const response = await authorize(app, form);
      expect(response.statusCode).toBe(303);
      const location = new URL(String(response.headers.location));
      expect(location.origin + location.pathname).toBe(CALLBACK);
      expect(Object.fromEntries(location.searchParams)).toEqual({
        error,
        error_description: expect.any(String),
        state: form.state ?? GOOD.state,
        iss: ISSUER,
      });
    },
  );

  it.each([
    ['no client', { client_id: undefined }],
    ['an unknown client', { client_id: 'nobody' }],
    ['a redirect URI with a slash more [BCP-2.1-01]', { redirect_uri: `${CALLBACK}/` }],
    ['a redirect URI with a query more [BCP-2.1-01]', { redirect_uri: `${CALLBACK}?x=1` }],
    ['a redirect URI in another case [BCP-2.1-01]', { redirect_uri: 'http://127.0.0.1/Callback' }],
    ['a redirect URI of a thief [BCP-2.1-02]', { redirect_uri: 'https://evil.example/callback' }],
    ['a redirect URI twice [OAUTH-3.1-01]', { redirect_uri: [CALLBACK, 'https://evil.example'] }],
    ['a state twice [OAUTH-3.1-01]', { state: ['a', 'b'] }],
    ['a client without redirect URIs', { client_id: 'notes-jwt' }],
    ['a dpop_jkt twice [DPOP-10-P2]', { dpop_jkt: [ALICE, ALICE] }],
  ])('%s → a page, no redirect', async (_name, form) => {
    const { app } = await startServer(database);
    const response = await authorize(app, form);
    expect(response.statusCode).toBe(400);
    expect(response.headers).not.toHaveProperty('location');
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(response.body).not.toContain('evil');
  });

  it('another port on this machine → accepted for a native client [BCP-2.1-01]', async () => {
    const { app } = await startServer(database);
    const response = await authorize(app, { redirect_uri: 'http://127.0.0.1:51004/callback' });
    expect(response.headers.location).toContain('/interaction/');
  });

  it('a fault of a client that registered itself → a page with a link, nobody is sent unasked [BCP-2.1-02]', async () => {
    const { app } = await startServer(database, { registration: 'open' });
    const registration = await app.inject({
      method: 'POST',
      url: '/register',
      payload: {
        redirect_uris: ['https://phish.example/cb'],
        token_endpoint_auth_method: 'none',
      },
    });
    const client_id = registration.json().client_id;
    const form = { client_id, redirect_uri: 'https://phish.example/cb', scope: 'admin' };
    const response = await authorize(app, form);
    expect(response.statusCode).toBe(400);
    expect(response.headers).not.toHaveProperty('location');
    expect(response.body).toContain('href="https://phish.example/cb?error=invalid_scope&amp;');
  });

  it('one address too often → a page, 429 with Retry-After', async () => {
    const limits = { loginsPerMinute: 10, requestsPerMinute: 1 };
    const { app } = await startServer(database, { limits });
    await authorize(app);
    const response = await authorize(app);
    expect(response.statusCode).toBe(429);
    expect(response.headers['retry-after']).toMatch(/^\d+$/);
    expect(response.body).toContain('Too many requests.');
  });

  it('POST → 404: the endpoint takes GET alone', async () => {
    const { app } = await startServer(database);
    expect((await post(app, '/authorize', GOOD)).statusCode).toBe(404);
  });
});

describe('pushed authorization requests', () => {
  it('a good request → 201, and its URI works at the authorization endpoint once [PAR-2.2-01]', async () => {
    const { app } = await startServer(database);
    const pushed = await push(app);
    expect(pushed.statusCode).toBe(201);
    expect(pushed.headers['cache-control']).toBe('no-store');
    expect(pushed.json()).toEqual({
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]{43}$/),
      expires_in: 90,
    });
    const { request_uri } = pushed.json();
    const url = `/authorize?${formText({ client_id: 'notes-app', request_uri })}`;
    expect((await app.inject(url)).headers.location).toContain('/interaction/');
    expect((await app.inject(url)).statusCode).toBe(400);
  });

  it('another client with it → a page; the client itself may still use it [PAR-2.2-01]', async () => {
    const { app } = await startServer(database);
    const { request_uri } = (await push(app)).json();
    const other = formText({ client_id: 'notes-app-bearer', request_uri });
    expect((await app.inject(`/authorize?${other}`)).statusCode).toBe(400);
    const own = formText({ client_id: 'notes-app', request_uri });
    expect((await app.inject(`/authorize?${own}`)).statusCode).toBe(303);
  });

  it('twenty browsers at once → one of them goes on [PAR-2.2-01]', async () => {
    const { app } = await startServer(database);
    const { request_uri } = (await push(app)).json();
    const url = `/authorize?${formText({ client_id: 'notes-app', request_uri })}`;
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.inject(url)));
    expect(answers.filter(({ statusCode }) => statusCode === 303)).toHaveLength(1);
  });

  it('after 90 seconds → a page [PAR-2.2-01]', async () => {
    const { app, clock } = await startServer(database);
    const { request_uri } = (await push(app)).json();
    clock.advance(90);
    const form = formText({ client_id: 'notes-app', request_uri });
    expect((await app.inject(`/authorize?${form}`)).statusCode).toBe(400);
  });

  it.each(FAULTS)('%s → 400 %s', async (_name, error, form) => {
    const { app } = await startServer(database);
    const response = await push(app, form);
    expect(response.statusCode).toBe(400);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.json().error).toBe(error);
  });

  it.each([
    ['a redirect URI of a thief', 400, 'invalid_request', { redirect_uri: 'https://evil.example' }],
    ['a request_uri [PAR-2.1-01]', 400, 'invalid_request', { request_uri: 'urn:x' }],
    ['no client [PAR-2.1-01]', 401, 'invalid_client', { client_id: undefined }],
    ['a client without its secret [PAR-2.1-01]', 401, 'invalid_client', { client_id: 'notes-web' }],
  ])('%s → %i %s', async (_name, status, error, form) => {
    const { app } = await startServer(database);
    const response = await push(app, form);
    expect(response.statusCode).toBe(status);
    expect(response.json().error).toBe(error);
  });

  it('a confidential client with its secret → 201', async () => {
    const { app } = await startServer(database);
    const headers = { authorization: basic('notes-web') };
    expect((await push(app, { client_id: 'notes-web' }, headers)).statusCode).toBe(201);
  });

  it.each([
    ['a proof for another endpoint', { dpop: proofFor() }],
    ['an empty proof', { dpop: '' }],
  ])('%s → 400 invalid_dpop_proof [DPOP-10.1-02]', async (_name, headers) => {
    const { app } = await startServer(database);
    const response = await push(app, {}, headers);
    expect(response.statusCode).toBe(400);
    expect(response.json().error).toBe('invalid_dpop_proof');
  });

  it('a proof and its own thumbprint → 201; a proof and another one → invalid_request [DPOP-10.1-03]', async () => {
    const { app } = await startServer(database);
    expect((await push(app, { dpop_jkt: ALICE }, parProof())).statusCode).toBe(201);
    const refused = await push(app, { dpop_jkt: ALICE }, parProof(KEYS.mallory));
    expect(refused.statusCode).toBe(400);
    expect(refused.json().error).toBe('invalid_request');
  });

  it('with nonces: no nonce → use_dpop_nonce, and with it 201 [DPOP-8-01]', async () => {
    const { app } = await startServer(database, { nonces: NONCES });
    const challenged = await push(app, {}, parProof());
    expect(challenged.json().error).toBe('use_dpop_nonce');
    const nonce = challenged.headers['dpop-nonce'];
    const dpop = proofFor({ claims: { nonce } }, '/par');
    expect((await push(app, {}, { dpop })).statusCode).toBe(201);
  });

  it.each([
    ['a client that must push', { require_pushed_authorization_requests: true }, 'default'],
    ['preset fapi', {}, 'fapi'],
  ] as const)(
    '%s, but the browser brings the request → invalid_request [PAR-4-01]',
    async (_name, member, preset) => {
      const clients = [demoClient('notes-app', member)];
      const { app } = await startServer(database, { clients, preset });
      const location = new URL(String((await authorize(app)).headers.location));
      expect(location.searchParams.get('error')).toBe('invalid_request');
    },
  );

  it('parameters beside request_uri → ignored [PAR-4-01]', async () => {
    const { app } = await startServer(database);
    const { request_uri } = (await push(app, { resource: OTHER_RESOURCE })).json();
    const form = { client_id: 'notes-app', request_uri, scope: 'admin', response_type: 'token' };
    expect((await app.inject(`/authorize?${formText(form)}`)).headers.location).toContain(
      '/interaction/',
    );
  });
});
