import { createTestClock } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import {
  type ClientCredentialsOptions,
  createClientCredentialsTokens,
  createDpopFetch,
} from '../src/index.ts';
import { signerError } from './support/errors.ts';
import { alice, claimOfEach, claimsOf } from './support/proofs.ts';
import { challenge, json, replies, startServer, type TestServer } from './support/server.ts';

function tokensFrom(server: TestServer, options: Partial<ClientCredentialsOptions> = {}) {
  return createClientCredentialsTokens({
    tokenEndpoint: `${server.origin}/token?tenant=1`,
    clientId: 'service',
    clientSecret: 's3cret-value',
    ...options,
  });
}

function bearer(token: string, expiresIn?: unknown) {
  return json(200, { access_token: token, token_type: 'Bearer', expires_in: expiresIn });
}

function dpop(token: string, expiresIn?: unknown) {
  return json(200, { access_token: token, token_type: 'DPoP', expires_in: expiresIn });
}

describe('the request', () => {
  it('bearer → form-encoded Basic, grant, scope and resource, no proof', async () => {
    const server = await startServer(replies(bearer('t')));
    const accessToken = tokensFrom(server, {
      clientId: 'a:b c',
      clientSecret: 'é%&+*',
      scope: 'notes:read notes:write',
      resource: 'https://rs.example/api',
    });
    expect(await accessToken()).toBe('t');
    const [request] = server.received;
    expect([request?.method, request?.path]).toEqual(['POST', '/token?tenant=1']);
    expect(request?.fields('authorization')).toEqual([`Basic ${btoa('a%3Ab+c:%C3%A9%25%26%2B*')}`]);
    expect(request?.fields('content-type')).toEqual(['application/x-www-form-urlencoded']);
    expect(request?.fields('accept')).toEqual(['application/json']);
    expect(request?.fields('dpop')).toEqual([]);
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: 'client_credentials',
      scope: 'notes:read notes:write',
      resource: 'https://rs.example/api',
    });
  });

  it('scope and resource left out → not sent', async () => {
    const server = await startServer(replies(bearer('t')));
    await tokensFrom(server)();
    expect(server.received[0]?.body).toBe('grant_type=client_credentials');
  });

  it('with a signer → a proof for POST and the endpoint, without ath [DPOP-5-01] L04', async () => {
    const server = await startServer(replies(dpop('t')));
    const clock = createTestClock();
    expect(await tokensFrom(server, { signer: alice, clock })()).toBe('t');
    const claims = claimsOf(server.received[0]);
    expect(claims).toEqual({
      jti: expect.any(String),
      htm: 'POST',
      htu: `${server.origin}/token`,
      iat: clock(),
    });
    expect(server.received[0]?.fields('authorization')).toEqual([
      `Basic ${btoa('service:s3cret-value')}`,
    ]);
  });

  it('the server wants a nonce → sent once more, and kept for the next token [DPOP-8-06]', async () => {
    const server = await startServer(
      replies(
        json(400, { error: 'use_dpop_nonce' }, { 'dpop-nonce': 'N' }),
        dpop('t1'),
        dpop('t2'),
      ),
    );
    const accessToken = tokensFrom(server, { signer: alice });
    expect(await accessToken()).toBe('t1');
    expect(await accessToken('t1')).toBe('t2');
    expect(claimOfEach(server, 'nonce')).toEqual([undefined, 'N', 'N']);
  });

  it('a redirect → not followed, token_request_failed with the status', async () => {
    const server = await startServer(replies({ status: 307, headers: { location: '/elsewhere' } }));
    for (const options of [{}, { signer: alice }]) {
      const error = await signerError(tokensFrom(server, options)());
      expect([error.code, error.status]).toEqual(['token_request_failed', 307]);
    }
    expect(server.received).toHaveLength(2);
  });
});

describe('the kept token', () => {
  it.each([
    ['an hour → until 30 s before', 3600, 3569, 3570],
    ['a minute → until a tenth before', 60, 53, 54],
  ])('%s', async (_name, expiresIn, stillKept, renewed) => {
    const clock = createTestClock();
    const server = await startServer((_, i) => bearer(`t${i}`, expiresIn));
    const accessToken = tokensFrom(server, { clock });
    const start = clock();
    expect(await accessToken()).toBe('t0');
    clock.set(start + stillKept);
    expect(await accessToken()).toBe('t0');
    clock.set(start + renewed);
    expect(await accessToken()).toBe('t1');
  });

  it('the lifetime counts from before the request', async () => {
    const clock = createTestClock();
    const server = await startServer((_, i) => {
      clock.advance(40);
      return bearer(`t${i}`, 60);
    });
    const accessToken = tokensFrom(server, { clock });
    await accessToken();
    clock.advance(14);
    expect(await accessToken()).toBe('t1');
  });

  it.each([
    ['left out', undefined],
    ['a string', '1'],
    ['true', true],
    ['negative', -1],
  ])('expires_in %s → kept until rejected', async (_name, expiresIn) => {
    const clock = createTestClock();
    const server = await startServer((_, i) => bearer(`t${i}`, expiresIn));
    const accessToken = tokensFrom(server, { clock });
    expect(await accessToken()).toBe('t0');
    clock.advance(1e9);
    expect(await accessToken()).toBe('t0');
    expect(await accessToken('t0')).toBe('t1');
  });

  it('expires_in 0 → not kept', async () => {
    const server = await startServer((_, i) => bearer(`t${i}`, 0));
    const accessToken = tokensFrom(server, { clock: createTestClock() });
    expect([await accessToken(), await accessToken()]).toEqual(['t0', 't1']);
  });

  it('an older token named as rejected → the kept one, no request', async () => {
    const server = await startServer((_, i) => bearer(`t${i}`, 3600));
    const accessToken = tokensFrom(server);
    await accessToken();
    await accessToken('t0');
    expect(await accessToken('t0')).toBe('t1');
    expect(server.received).toHaveLength(2);
  });

  it('the renewal of a rejected token fails → that token is not given again', async () => {
    const server = await startServer(replies(bearer('t0', 3600), { status: 503 }, bearer('t1')));
    const accessToken = tokensFrom(server);
    await accessToken();
    expect((await signerError(accessToken('t0'))).status).toBe(503);
    expect(await accessToken()).toBe('t1');
  });

  it('20 parallel callers → one request', async () => {
    const server = await startServer((_, i) => bearer(`t${i}`, 3600));
    const accessToken = tokensFrom(server);
    const tokens = await Promise.all(Array.from({ length: 20 }, () => accessToken()));
    expect(new Set(tokens)).toEqual(new Set(['t0']));
    await Promise.all(Array.from({ length: 20 }, () => accessToken('t0')));
    expect(server.received).toHaveLength(2);
  });

  it('a failure → for all who waited, and the next call asks again', async () => {
    const server = await startServer(replies({ status: 503 }, bearer('t')));
    const accessToken = tokensFrom(server);
    const results = await Promise.allSettled([accessToken(), accessToken()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await accessToken()).toBe('t');
  });
});

describe('token_type', () => {
  it.each(['DPoP', 'dpop', 'DPOP'])(
    '%s with a signer → accepted [OAUTH-7.1-01] L15',
    async (type) => {
      const server = await startServer(replies(json(200, { access_token: 't', token_type: type })));
      expect(await tokensFrom(server, { signer: alice })()).toBe('t');
    },
  );

  it.each(['Bearer', 'mac', '', undefined, 7])(
    '%s with a signer → token_type_downgraded, nothing kept [DPOP-5-09] L14',
    async (type) => {
      const downgraded = json(200, { access_token: 't0', token_type: type, expires_in: 3600 });
      const server = await startServer(replies(downgraded, dpop('t1')));
      const accessToken = tokensFrom(server, { signer: alice });
      const error = await signerError(accessToken());
      expect(error.code).toBe('token_type_downgraded');
      expect(error.message).not.toContain('t0');
      expect(await accessToken()).toBe('t1');
    },
  );

  it.each(['Bearer', 'bearer', 'BEARER'])('%s without a signer → accepted', async (type) => {
    const server = await startServer(replies(json(200, { access_token: 't', token_type: type })));
    expect(await tokensFrom(server)()).toBe('t');
  });

  it.each(['DPoP', 'mac', undefined])(
    '%s without a signer → token_type_unsupported, nothing kept [OAUTH-7.1-01]',
    async (type) => {
      const other = json(200, { access_token: 't0', token_type: type, expires_in: 3600 });
      const server = await startServer(replies(other, bearer('t1')));
      const accessToken = tokensFrom(server);
      expect((await signerError(accessToken())).code).toBe('token_type_unsupported');
      expect(await accessToken()).toBe('t1');
    },
  );

  it('tokens of any form → handed on unread [ATJWT-6-01]', async () => {
    for (const token of ['opaque', 'e30.e30.', 'x.y.z.w.v']) {
      const server = await startServer(replies(bearer(token)));
      expect(await tokensFrom(server)()).toBe(token);
    }
  });
});

describe('a refused token request → token_request_failed', () => {
  it.each([
    [400, 'invalid_request', /check tokenEndpoint/],
    [401, 'invalid_client', /check clientId and clientSecret/],
    [400, 'invalid_grant', /registered/],
    [400, 'unauthorized_client', /allow the client_credentials grant/],
    [400, 'unsupported_grant_type', /allow the client_credentials grant/],
    [400, 'invalid_scope', /check scope/],
    [400, 'invalid_target', /check resource/],
    [400, 'invalid_dpop_proof', /clock/],
    [400, 'use_dpop_nonce', /nonce/],
  ])('%i %s → the code, the status and what to do', async (status, code, nextStep) => {
    const body = { error: code, error_description: 'you sent s3cret-value' };
    const server = await startServer(replies(json(status, body)));
    const error = await signerError(tokensFrom(server)());
    expect(error.code).toBe('token_request_failed');
    expect([error.status, error.oauthError]).toEqual([status, code]);
    expect(error.message).toContain(`${status} and ${code}; `);
    expect(error.message).toMatch(nextStep);
    expect(`${error.message}${JSON.stringify(error)}`).not.toContain('s3cret');
  });

  it.each([
    ['an error that is not registered', json(400, { error: 's3cret-value' }), 400],
    ['no JSON', { status: 502, body: '<html>s3cret-value' }, 502],
    ['a 201', { ...bearer('t'), status: 201 }, 201],
    ['a 200 without JSON', { body: 's3cret-value' }, 200],
    ['a 200 that is no object', json(200, ['s3cret-value']), 200],
    ['no access_token', json(200, { token_type: 'Bearer' }), 200],
    ['an empty access_token', bearer(''), 200],
    ['an access_token with a line break', bearer('s3cret\nvalue'), 200],
    [
      'an answer beyond 256 KiB',
      json(200, { access_token: 't', token_type: 'Bearer', pad: 'x'.repeat(262_144) }),
      200,
    ],
  ])('%s → the status, nothing repeated', async (_name, reply, status) => {
    const server = await startServer(replies(reply));
    const error = await signerError(tokensFrom(server)());
    expect(error.code).toBe('token_request_failed');
    expect([error.status, error.oauthError]).toEqual([status, undefined]);
    expect(error.message).not.toContain('s3cret');
  });

  it('no connection → the cause', async () => {
    const cause = new TypeError('fetch failed');
    const fetch = (): Promise<Response> => Promise.reject(cause);
    const server = { origin: 'https://as.example', received: [] };
    const error = await signerError(tokensFrom(server, { fetch })());
    expect([error.code, error.cause, error.status]).toEqual([
      'token_request_failed',
      cause,
      undefined,
    ]);
  });

  it('no answer in time → the cause is a TimeoutError', async () => {
    const fetch = (_: unknown, init?: RequestInit): Promise<Response> =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      });
    const server = { origin: 'https://as.example', received: [] };
    const error = await signerError(tokensFrom(server, { fetch, timeoutSeconds: 0.001 })());
    expect(error.code).toBe('token_request_failed');
    expect(error.cause).toMatchObject({ name: 'TimeoutError' });
  });
});

describe('options', () => {
  const server = { origin: 'https://as.example', received: [] };

  it.each<[name: string, options: object, message: RegExp]>([
    [
      'plain http',
      { tokenEndpoint: 'http://as.example/token' },
      /^tokenEndpoint: .* must be https/,
    ],
    ['an empty clientId', { clientId: '' }, /^clientId: must be a non-empty text/],
    ['an empty clientSecret', { clientSecret: '' }, /^clientSecret: must be a non-empty text/],
    ['no clientSecret', { clientSecret: undefined }, /^clientSecret: must be a non-empty text/],
    ['a relative resource', { resource: '/api' }, /^resource: must be an absolute URI/],
    ['a resource with fragment', { resource: 'https://rs.example/#' }, /^resource: /],
    ['no time at all', { timeoutSeconds: 0 }, /^timeoutSeconds: /],
  ])('%s → TypeError [RI-2-01] [DPOP-2-01]', (_name, options, message) => {
    expect(() => tokensFrom(server, options)).toThrow(TypeError);
    expect(() => tokensFrom(server, options)).toThrow(message);
  });
});

it('as the token source of a DPoP fetch, the API refuses the kept token → renewed and sent again', async () => {
  const as = await startServer((_, i) => dpop(`t${i}`, 3600));
  const rs = await startServer(replies({}, challenge('invalid_token'), {}));
  const accessToken = tokensFrom(as, { signer: alice });
  const dpopFetch = createDpopFetch({ signer: alice, accessToken, origins: [rs.origin] });
  await dpopFetch(rs.origin);
  expect((await dpopFetch(rs.origin)).status).toBe(200);
  expect(rs.received.flatMap((request) => request.fields('authorization'))).toEqual([
    'DPoP t0',
    'DPoP t0',
    'DPoP t1',
  ]);
});
