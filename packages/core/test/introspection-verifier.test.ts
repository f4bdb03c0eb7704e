import {
  createTestClock,
  KEYS,
  mintToken,
  NOW,
  RESOURCE,
  type ServerAnswer,
  startServer,
  type TestClock,
  type TestServer,
  thumbprint,
} from '@keybound/test-kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createIntrospectionVerifier,
  type IntrospectionVerifier,
  type IntrospectionVerifierOptions,
  type Observation,
  type TokenVerifier,
} from '../src/index.ts';
import { outcome } from './support.ts';
import { UNSUPPORTED_CNF } from './unsupported-cnf.ts';

const METADATA = '/.well-known/oauth-authorization-server';
const INTROSPECT = '/introspect';
const JKT = thumbprint(KEYS.alice.publicJwk);

let server: TestServer;
let clock: TestClock;
beforeEach(async () => {
  server = await startServer();
  clock = createTestClock();
  server.routes.set(METADATA, {
    body: { issuer: server.origin, introspection_endpoint: `${server.origin}${INTROSPECT}` },
  });
  answer({});
});
afterEach(() => server.close());

/** What the server says of every token from now on: active and good, unless told otherwise. */
function answer(overrides: Readonly<Record<string, unknown>>): void {
  server.routes.set(INTROSPECT, { body: { ...good(), ...overrides } });
}

function good(): Record<string, unknown> {
  return {
    active: true,
    iss: server.origin,
    aud: RESOURCE,
    sub: 'alice',
    client_id: 'notes-client',
    scope: 'notes:read',
    exp: NOW + 300,
  };
}

function create(options: Partial<IntrospectionVerifierOptions> = {}): IntrospectionVerifier {
  return createIntrospectionVerifier({
    issuer: server.origin,
    audience: RESOURCE,
    clientId: 'rs',
    clientSecret: 'secret',
    clock,
    ...options,
  });
}

function ask(verifier: TokenVerifier, token = 'tok'): Promise<object> {
  return outcome(() => verifier.verify(token));
}

function refused(reason: string, facts: object = {}): object {
  return { reason, code: 'invalid_token', facts };
}

function unavailable(message: string, component = 'introspection'): object {
  return { component, message, retryAfterSeconds: 5 };
}

/** A `fetch` that answers questions about tokens in order, each not before it is let go. */
function createGate(): {
  fetch: typeof fetch;
  reached(count: number): Promise<void>;
  openNext(): void;
  open(): void;
} {
  const waiting: (() => void)[] = [];
  let questions = 0;
  let isOpen = false;
  return {
    async fetch(...request) {
      if (String(request[0]).endsWith(INTROSPECT) && !isOpen) {
        questions++;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      return fetch(...request);
    },
    async reached(count) {
      await vi.waitUntil(() => questions === count);
    },
    openNext() {
      waiting.shift()?.();
    },
    open() {
      isOpen = true;
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}

describe('the question', () => {
  it('a token → one authenticated POST with the token in its body and no proof [INTRO-2-01] [DPOP-6.2-03]', async () => {
    await ask(create(), 'to+k/n=');
    const [, question] = server.received;
    expect(question).toMatchObject({
      method: 'POST',
      target: INTROSPECT,
      body: 'token=to%2Bk%2Fn%3D&token_type_hint=access_token',
      headers: {
        authorization: `Basic ${btoa('rs:secret')}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
    });
    expect(question?.headers).not.toHaveProperty('dpop');
  });

  it('credentials with odd characters → form-encoded before Base64 (RFC 6749 §2.3.1)', async () => {
    await ask(create({ clientId: 'a:b c/ü', clientSecret: "p%+&=\u20ac*-._~'" }));
    const [, question] = server.received;
    const basic = String(question?.headers.authorization).replace('Basic ', '');
    expect(Buffer.from(basic, 'base64').toString()).toBe(
      'a%3Ab+c%2F%C3%BC:p%25%2B%26%3D%E2%82%AC*-._%7E%27',
    );
  });

  it('two tokens → the metadata is asked for once', async () => {
    const verifier = create();
    await ask(verifier, 'a');
    await ask(verifier, 'b');
    expect(server.count(METADATA)).toBe(1);
    expect(server.count(INTROSPECT)).toBe(2);
  });

  it('many tokens at once at the start → the metadata is asked for once', async () => {
    const verifier = create();
    await Promise.all(Array.from({ length: 20 }, (_, i) => ask(verifier, `tok${i}`)));
    expect(server.count(METADATA)).toBe(1);
    expect(server.count(INTROSPECT)).toBe(20);
  });

  it('the metadata cannot be had at first → asked for again the next time', async () => {
    const route = server.routes.get(METADATA) as ServerAnswer;
    server.routes.set(METADATA, { status: 500 });
    const verifier = create();
    expect(await ask(verifier)).toEqual(
      unavailable(`${server.origin}${METADATA} answered with status 500`, 'issuer_metadata'),
    );
    server.routes.set(METADATA, route);
    expect(await ask(verifier)).toHaveProperty('accepted');
  });

  it.each([
    ['missing', undefined],
    ['over http', 'http://as.example/introspect'],
  ])(
    'an endpoint that is %s → UnavailableError, the secret goes nowhere',
    async (_name, endpoint) => {
      server.routes.set(METADATA, {
        body: { issuer: server.origin, introspection_endpoint: endpoint },
      });
      expect(await ask(create())).toEqual(
        unavailable(
          `the metadata of ${server.origin} has no usable introspection_endpoint`,
          'issuer_metadata',
        ),
      );
      expect(server.received.map(({ target }) => target)).toEqual([METADATA]);
    },
  );

  it('a token of 8192 characters → asked about; 8193 → token_too_large, not asked [JOSE-LIMIT-P1]', async () => {
    expect(await ask(create(), 'a'.repeat(8192))).toHaveProperty('accepted');
    const asked = server.received.length;
    expect(await ask(create(), 'a'.repeat(8193))).toEqual(
      refused('token_too_large', { chars: 8193 }),
    );
    expect(server.received).toHaveLength(asked);
  });

  it('an own limit → holds', async () => {
    expect(await ask(create({ maxTokenChars: 3 }), 'toke')).toEqual(
      refused('token_too_large', { chars: 4 }),
    );
  });
});

describe('the answer', () => {
  it('asked for, then remembered → the observer is told which it was', async () => {
    const verifier = create();
    const observed: Observation[] = [];
    for (let i = 0; i < 2; i++) {
      const observation: Observation = { stopwatch: () => 0 };
      await verifier.verify('tok', observation);
      observed.push(observation);
    }
    expect(observed.map(({ isTokenRemembered }) => isTokenRemembered)).toEqual([false, true]);
  });

  it('active → its claims, scope, expiry and no confirmation', async () => {
    expect(await ask(create())).toEqual({
      accepted: {
        claims: good(),
        scope: ['notes:read'],
        confirmation: undefined,
        expiresAt: NOW + 300,
        hash: expect.any(Function),
      },
    });
  });

  it('without iss, exp and scope, all optional in RFC 7662 → accepted', async () => {
    answer({ iss: undefined, exp: undefined, scope: undefined });
    expect(await ask(create())).toMatchObject({
      accepted: { scope: [], expiresAt: undefined },
    });
  });

  it.each([
    ['false', false],
    ['the text "true"', 'true'],
    ['missing', undefined],
    ['1', 1],
    ['null', null],
    ['a list', [true]],
  ])('active %s → 401 token_inactive [INTRO-2.2-03]', async (_name, active) => {
    answer({ active });
    expect(await ask(create())).toEqual(refused('token_inactive'));
  });

  it('400 unsupported_token_type → 401 token_inactive, as the token is of another kind [INTRO-2.2-03]', async () => {
    server.routes.set(INTROSPECT, { status: 400, body: { error: 'unsupported_token_type' } });
    expect(await ask(create())).toEqual(refused('token_inactive'));
  });

  it.each([
    ['of another server', 'https://evil.example'],
    ['with a trailing slash', () => `${server.origin}/`],
    ['null', null],
    ['a list', () => [server.origin]],
  ])('iss %s → 401 token_issuer_mismatch [ATJWT-4-02]', async (_name, iss) => {
    answer({ iss: typeof iss === 'function' ? iss() : iss });
    expect(await ask(create())).toEqual(
      refused('token_issuer_mismatch', { expected: server.origin }),
    );
  });

  it.each([
    ['of another resource', 'https://other.example'],
    ['missing', undefined],
    ['an empty list', []],
    ['a prefix', RESOURCE.slice(0, -1)],
  ])('aud %s → 401 token_audience_mismatch [INTRO-2.2-03] [ATJWT-4-03]', async (_name, aud) => {
    answer({ aud });
    expect(await ask(create())).toEqual(refused('token_audience_mismatch', { expected: RESOURCE }));
  });

  it('aud as a list with us in it → accepted', async () => {
    answer({ aud: ['https://other.example', RESOURCE] });
    expect(await ask(create())).toHaveProperty('accepted');
  });

  it.each([
    ['exp as a text', { exp: '9' }, 'exp'],
    ['aud as a number', { aud: 7 }, 'aud'],
    ['scope as a list', { scope: ['a'] }, 'scope'],
    ['sub as a number', { sub: 7 }, 'sub'],
  ])('%s → 401 token_claims_invalid', async (_name, overrides, claim) => {
    answer(overrides);
    expect(await ask(create())).toEqual(refused('token_claims_invalid', { claim }));
  });

  it.each([
    ['exp past the leeway', { exp: NOW - 5 }, 'token_expired', { expiredSecondsAgo: 5 }],
    ['nbf ahead', { nbf: NOW + 6 }, 'token_not_yet_valid', { validInSeconds: 6 }],
  ])('active, but %s → 401 %o', async (_name, overrides, reason, facts) => {
    answer(overrides);
    expect(await ask(create())).toEqual(refused(reason, facts));
  });

  it('an own leeway → used', async () => {
    answer({ exp: NOW - 5 });
    expect(await ask(create({ leewaySeconds: 6 }))).toHaveProperty('accepted');
  });
});

describe('binding', () => {
  it.each([undefined, 'DPoP', 'dpop', 'Bearer', 'bearer', 'N_A', 7])(
    'cnf.jkt with token_type %j → bound [DPOP-6.2-01]',
    async (token_type) => {
      answer({ cnf: { jkt: JKT }, token_type });
      expect(await ask(create())).toMatchObject({ accepted: { confirmation: { jkt: JKT } } });
    },
  );

  it.each(['DPoP', 'dpop', 'DPOP'])(
    'token_type %s without cnf → 401 confirmation_unsupported, the key is not known [DPOP-7.2-P1]',
    async (token_type) => {
      answer({ token_type });
      expect(await ask(create())).toEqual(refused('confirmation_unsupported'));
    },
  );

  it.each(['Bearer', 'bearer', 7, undefined])(
    'token_type %j without cnf → not bound',
    async (token_type) => {
      answer({ token_type });
      expect(await ask(create())).toMatchObject({ accepted: { confirmation: undefined } });
    },
  );

  it.each(UNSUPPORTED_CNF)(
    'cnf %s → 401 confirmation_unsupported [DPOP-6.1-P1] [MTLS-3-01]',
    async (_name, cnf) => {
      answer({ cnf });
      expect(await ask(create())).toEqual(refused('confirmation_unsupported'));
    },
  );
});

describe('no usable answer', () => {
  it.each<[string, ServerAnswer, string]>([
    ['status 500', { status: 500 }, 'answered with status 500'],
    [
      'status 400 for a fault of ours',
      { status: 400, body: { error: 'invalid_request' } },
      'answered with status 400',
    ],
    ['status 403', { status: 403, body: { active: true } }, 'answered with status 403'],
    [
      'status 401',
      { status: 401 },
      'answered with status 401; are clientId and clientSecret right?',
    ],
    ['a redirect', { status: 307, headers: { location: '/evil' } }, 'answered with status 307'],
    ['HTML', { headers: { 'content-type': 'text/html' }, body: '<html>' }, 'could not be read'],
    ['a list', { body: [{ active: true }] }, 'could not be read'],
    ['too much', { body: { active: true, pad: 'x'.repeat(3000) } }, 'could not be read'],
    ['silence', 'silence', 'could not be read'],
  ])('%s → UnavailableError and never a 401 [INTRO-2.2-03]', async (_name, route, what) => {
    server.routes.set(INTROSPECT, route);
    server.routes.set('/evil', { body: good() });
    const verifier = create({ timeoutSeconds: 0.2, maxBytes: 2000 });
    expect(await ask(verifier)).toEqual(unavailable(`${server.origin}${INTROSPECT} ${what}`));
    expect(server.count('/evil')).toBe(0);
  });

  it('a failed question → asked again the next time', async () => {
    server.routes.set(INTROSPECT, { status: 500 });
    const verifier = create();
    await ask(verifier);
    answer({});
    expect(await ask(verifier)).toHaveProperty('accepted');
  });
});

describe('the cache', () => {
  it('an active answer → used again for cacheSeconds, then asked again [INTRO-4-01]', async () => {
    const verifier = create();
    await ask(verifier);
    answer({ active: false });
    clock.advance(9.9);
    expect(await ask(verifier)).toHaveProperty('accepted');
    clock.advance(0.1);
    expect(await ask(verifier)).toEqual(refused('token_inactive'));
    expect(server.count(INTROSPECT)).toBe(2);
  });

  it('an answer that expires in 5 s with a cache of 60 → asked again at its exp [INTRO-4-01]', async () => {
    answer({ exp: NOW + 5 });
    const verifier = create({ cacheSeconds: 60 });
    await ask(verifier);
    clock.advance(4.9);
    await ask(verifier);
    expect(server.count(INTROSPECT)).toBe(1);
    clock.advance(0.1);
    await ask(verifier);
    expect(server.count(INTROSPECT)).toBe(2);
  });

  it('an answer within its leeway → accepted, but not kept [INTRO-4-01]', async () => {
    answer({ exp: NOW });
    const verifier = create();
    expect(await ask(verifier)).toHaveProperty('accepted');
    expect(await ask(verifier)).toHaveProperty('accepted');
    expect(server.count(INTROSPECT)).toBe(2);
  });

  it('an answer without exp → kept for cacheSeconds', async () => {
    answer({ exp: undefined });
    const verifier = create();
    await ask(verifier);
    clock.advance(9.9);
    await ask(verifier);
    expect(server.count(INTROSPECT)).toBe(1);
    clock.advance(0.1);
    await ask(verifier);
    expect(server.count(INTROSPECT)).toBe(2);
  });

  it.each<[string, Record<string, unknown>]>([
    ['inactive', { active: false }],
    ['of another audience', { aud: 'https://other.example' }],
    ['of another issuer', { iss: 'https://evil.example' }],
    ['with a cnf that is not understood', { cnf: {} }],
  ])('an answer that is %s → never kept, so guesses fill nothing', async (_name, overrides) => {
    answer(overrides);
    const verifier = create();
    await ask(verifier);
    answer({});
    expect(await ask(verifier)).toHaveProperty('accepted');
  });

  it('cacheSeconds 0 → asked for every request', async () => {
    const verifier = create({ cacheSeconds: 0 });
    await ask(verifier);
    await ask(verifier);
    expect(server.count(INTROSPECT)).toBe(2);
  });

  it("tokenCache 'off' → asked for every request", async () => {
    const verifier = create({ tokenCache: 'off' });
    await ask(verifier);
    await ask(verifier);
    expect(server.count(INTROSPECT)).toBe(2);
  });

  it('more tokens than maxEntries → the one not asked for longest goes first', async () => {
    const verifier = create({ tokenCache: { maxEntries: 2 } });
    for (const token of ['a', 'b', 'c']) await ask(verifier, token);
    expect(server.count(INTROSPECT)).toBe(3);
    await ask(verifier, 'c');
    await ask(verifier, 'b');
    expect(server.count(INTROSPECT)).toBe(3);
    await ask(verifier, 'a');
    expect(server.count(INTROSPECT)).toBe(4);
  });

  it('an answer that is not kept → drives none out', async () => {
    const verifier = create({ tokenCache: { maxEntries: 2 } });
    await ask(verifier, 'a');
    answer({ exp: NOW });
    await ask(verifier, 'b');
    await ask(verifier, 'a');
    expect(server.count(INTROSPECT)).toBe(2);
  });

  it('an answer that takes the place of its older self → drives none out', async () => {
    const verifier = create({ tokenCache: { maxEntries: 4 } });
    await ask(verifier, 'b');
    answer({ exp: NOW + 5 });
    await ask(verifier, 'a');
    clock.advance(5);
    answer({});
    await ask(verifier, 'a');
    expect(server.count(INTROSPECT)).toBe(3);
    await ask(verifier, 'b');
    expect(server.count(INTROSPECT)).toBe(3);
  });

  it('the clock is set back → asked again, as nobody knows how old the answer is [INTRO-4-01]', async () => {
    const verifier = create();
    await ask(verifier);
    answer({ active: false });
    clock.advance(-1);
    expect(await ask(verifier)).toEqual(refused('token_inactive'));
  });

  it('an answer with many objects, which take more than their text → not kept within 30 000 bytes', async () => {
    const verifier = create({ tokenCache: { maxBytes: 30_000 } });
    await ask(verifier, 'small');
    await ask(verifier, 'small');
    expect(server.count(INTROSPECT)).toBe(1);
    answer({ x: Array(200).fill({}) });
    await ask(verifier, 'large');
    await ask(verifier, 'large');
    expect(server.count(INTROSPECT)).toBe(3);
  });

  it('another token → another answer', async () => {
    const verifier = create();
    await ask(verifier, 'tok');
    answer({ active: false });
    expect(await ask(verifier, 'tok ')).toEqual(refused('token_inactive'));
    expect(await ask(verifier, 'Tok')).toEqual(refused('token_inactive'));
  });

  it('parallel requests with one token → one question', async () => {
    const verifier = create();
    const results = await Promise.all(Array.from({ length: 20 }, () => ask(verifier)));
    for (const result of results) expect(result).toHaveProperty('accepted');
    expect(server.count(INTROSPECT)).toBe(1);
  });

  it('a token that is forgotten → asked about again, and no other one', async () => {
    const verifier = create();
    await ask(verifier, 'revoked');
    await ask(verifier, 'other');
    answer({ active: false });
    await verifier.forget('revoked');
    expect(await ask(verifier, 'revoked')).toEqual(refused('token_inactive'));
    expect(await ask(verifier, 'other')).toHaveProperty('accepted');
  });

  it('a token that is forgotten while it is asked about → its answer is not used again, that of others is', async () => {
    const gate = createGate();
    const verifier = create({ fetch: gate.fetch });
    const asked = [ask(verifier, 'revoked'), ask(verifier, 'other')];
    await gate.reached(2);
    await verifier.forget('revoked');
    gate.open();
    for (const answered of await Promise.all(asked)) expect(answered).toHaveProperty('accepted');
    answer({ active: false });
    expect(await ask(verifier, 'revoked')).toEqual(refused('token_inactive'));
    expect(await ask(verifier, 'other')).toHaveProperty('accepted');
  });

  it('a token that was forgotten while it is asked about → not answered with the answer that is on its way', async () => {
    const gate = createGate();
    const verifier = create({ fetch: gate.fetch });
    const before = ask(verifier);
    await gate.reached(1);
    await verifier.forget('tok');
    const after = [ask(verifier)];
    await gate.reached(2);
    // That the first question ends is nothing to those who wait for the second one.
    gate.openNext();
    await before;
    after.push(ask(verifier));
    gate.open();
    await Promise.all(after);
    expect(server.count(INTROSPECT)).toBe(2);
  });

  it('more than 256 tokens asked about at once → the next one is refused as an outage', async () => {
    const gate = createGate();
    const verifier = create({ fetch: gate.fetch });
    const asked = Array.from({ length: 256 }, (_, i) => ask(verifier, `t${i}`));
    await gate.reached(256);
    const refusal = await ask(verifier, 'one-more');
    expect(refusal).toMatchObject({ component: 'introspection', retryAfterSeconds: 1 });
    gate.open();
    for (const answered of await Promise.all(asked)) expect(answered).toHaveProperty('accepted');
    expect(await ask(verifier, 'one-more')).toHaveProperty('accepted');
  });

  it('a handler that changes the claims → TypeError, so that the next request sees the true ones', async () => {
    answer({ cnf: undefined, act: { sub: 'x' } });
    const verifier = create();
    const { claims } = await verifier.verify('tok');
    expect(() => Object.assign(claims, { scope: 'admin' })).toThrow(TypeError);
    expect(() => Object.assign(claims.act as object, { sub: 'y' })).toThrow(TypeError);
  });

  it('parallel requests and an outage → one question, refused alike', async () => {
    server.routes.set(INTROSPECT, { status: 500 });
    const verifier = create();
    const results = await Promise.all(Array.from({ length: 20 }, () => ask(verifier)));
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
    expect(server.count(INTROSPECT)).toBe(1);
  });

  it('an answer from the cache → its time is checked anew', async () => {
    answer({ exp: undefined, nbf: NOW });
    const verifier = create({ cacheSeconds: 60 });
    expect(await ask(verifier)).toHaveProperty('accepted');
    clock.advance(-6);
    expect(await ask(verifier)).toEqual(refused('token_not_yet_valid', { validInSeconds: 6 }));
  });

  it('a JWT access token → asked about like any other', async () => {
    expect(await ask(create(), mintToken())).toHaveProperty('accepted');
  });
});

describe('createIntrospectionVerifier', () => {
  it('options changed by the caller later → those given at start-up hold', async () => {
    const options = {
      issuer: server.origin,
      audience: RESOURCE,
      clientId: 'rs',
      clientSecret: 'secret',
      clock,
      maxBytes: 10_000,
    };
    const verifier = createIntrospectionVerifier(options);
    options.maxBytes = 1;
    expect(await ask(verifier)).toHaveProperty('accepted');
  });

  it.each([
    [
      'an http issuer',
      { issuer: 'http://as.example' },
      'issuer: http://as.example must be https (http is for loopback only)',
    ],
    [
      'an issuer with a query',
      { issuer: 'https://as.example?x' },
      'issuer: a query is not allowed (RFC 8414 §2)',
    ],
    ['no audience', { audience: undefined }, 'audience: must be a non-empty text'],
    ['no clientId', { clientId: '' }, 'clientId: must be a non-empty text'],
    ['no clientSecret', { clientSecret: undefined }, 'clientSecret: must be a non-empty text'],
    ['a leeway of 301', { leewaySeconds: 301 }, 'leewaySeconds: must be from 0 to 300'],
    ['a leeway given as text', { leewaySeconds: '5' }, 'leewaySeconds: must be from 0 to 300'],
    ['a negative cache', { cacheSeconds: -1 }, 'cacheSeconds: must be 0 or more seconds'],
    [
      'a cache that is NaN',
      { cacheSeconds: Number.NaN },
      'cacheSeconds: must be 0 or more seconds',
    ],
    [
      'an endless cache',
      { cacheSeconds: Number.POSITIVE_INFINITY },
      'cacheSeconds: must be 0 or more seconds',
    ],
    [
      'tokenCache.maxEntries 1',
      { tokenCache: { maxEntries: 1 } },
      'tokenCache.maxEntries: must be a whole number, 2 or more',
    ],
    [
      'tokenCache.maxBytes NaN',
      { tokenCache: { maxBytes: Number.NaN } },
      'tokenCache.maxBytes: must be a whole number, 1 or more',
    ],
    [
      'tokenCache on',
      { tokenCache: 'on' as 'off' },
      "tokenCache: give 'off', or maxEntries and maxBytes",
    ],
    [
      'maxTokenChars NaN',
      { maxTokenChars: Number.NaN },
      'maxTokenChars: must be a whole number, 1 or more',
    ],
    ['a timeout of 0', { timeoutSeconds: 0 }, 'timeoutSeconds: must be above 0 and at most 60'],
    ['maxBytes NaN', { maxBytes: Number.NaN }, 'maxBytes: must be a whole number, 1 or more'],
  ])('%s → TypeError at start-up', async (_name, wrong, message) => {
    const options = {
      issuer: 'https://as.example',
      audience: RESOURCE,
      clientId: 'rs',
      clientSecret: 'secret',
      ...wrong,
    } as IntrospectionVerifierOptions;
    expect(await outcome(() => createIntrospectionVerifier(options))).toEqual({
      typeError: message,
    });
  });
});
