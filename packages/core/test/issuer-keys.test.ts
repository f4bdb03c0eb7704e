import {
  createTestClock,
  KEYS,
  keySet,
  mintToken,
  RESOURCE,
  type ServerAnswer,
  startServer,
  type TestClock,
  type TestKey,
  type TestServer,
} from '@keybound/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createIssuerKeys,
  createJwtVerifier,
  type IssuerKeysOptions,
  type KeySource,
} from '../src/index.ts';
import { outcome } from './support.ts';

const METADATA = '/.well-known/oauth-authorization-server';
const JWKS = '/jwks';

let server: TestServer;
let clock: TestClock;
beforeEach(async () => {
  server = await startServer();
  clock = createTestClock();
  server.routes.set(METADATA, { body: metadata() });
  publish(KEYS.issuer);
});
afterEach(() => server.close());

function metadata(): Record<string, unknown> {
  return { issuer: server.origin, jwks_uri: `${server.origin}${JWKS}` };
}

function publish(...keys: TestKey[]): void {
  server.routes.set(JWKS, { body: keySet(...keys) });
}

function fail(answer: ServerAnswer = { status: 500 }): void {
  server.routes.set(JWKS, answer);
}

function create(options: Partial<IssuerKeysOptions> = {}): KeySource {
  return createIssuerKeys({ issuer: server.origin, clock, ...options });
}

/** Whether a key was found, or the outage. */
async function find(keys: KeySource, kid: string): Promise<unknown> {
  const result = await outcome(() => keys.find({ kid, algorithm: 'ES256' }));
  return 'accepted' in result ? result.accepted !== undefined : result;
}

function unavailable(message: string, retryAfterSeconds = 5): object {
  const component = message.includes('metadata') ? 'issuer_metadata' : 'issuer_keys';
  return { component, message, retryAfterSeconds };
}

describe('the cache', () => {
  it('nothing is asked at start-up; the first token → metadata and keys once, then none', async () => {
    const keys = create();
    expect(server.received).toHaveLength(0);
    expect(await find(keys, 'issuer')).toBe(true);
    expect(await find(keys, 'issuer')).toBe(true);
    clock.advance(599);
    expect(await find(keys, 'issuer')).toBe(true);
    expect(server.received.map(({ target }) => target)).toEqual([METADATA, JWKS]);
  });

  it('cacheSeconds have passed → fetched again, a withdrawn key is gone', async () => {
    const keys = create();
    await find(keys, 'issuer');
    publish(KEYS.issuerNext);
    clock.advance(600);
    expect(await find(keys, 'issuer')).toBe(false);
    expect(await find(keys, 'issuerNext')).toBe(true);
    expect(server.count(JWKS)).toBe(2);
  });

  it('parallel requests at the start → one fetch for all', async () => {
    const keys = create();
    const results = await Promise.all(Array.from({ length: 20 }, () => find(keys, 'issuer')));
    expect(results).toEqual(Array(20).fill(true));
    expect(server.count(METADATA)).toBe(1);
    expect(server.count(JWKS)).toBe(1);
  });

  it('an old cache and parallel requests → one fetch for all', async () => {
    const keys = create();
    await find(keys, 'issuer');
    clock.advance(600);
    await Promise.all(Array.from({ length: 20 }, () => find(keys, 'issuer')));
    expect(server.count(JWKS)).toBe(2);
  });
});

describe('a clock that goes back', () => {
  it('the keys are fetched anew: a withdrawn one is not honoured, a new one is found [ATJWT-JWKS-P1]', async () => {
    const keys = create();
    expect(await find(keys, 'issuer')).toBe(true);
    publish(KEYS.issuerNext);
    clock.advance(-86_400);
    expect(await find(keys, 'issuer')).toBe(false);
    expect(await find(keys, 'issuerNext')).toBe(true);
  });

  it('the issuer is out of reach as well → the old keys stay in use', async () => {
    const keys = create();
    expect(await find(keys, 'issuer')).toBe(true);
    fail();
    clock.advance(-86_400);
    expect(await find(keys, 'issuer')).toBe(true);
  });
});

describe('an unknown kid', () => {
  it('after the cooldown → one fetch, a rotated key is picked up', async () => {
    const keys = create();
    await find(keys, 'issuer');
    publish(KEYS.issuer, KEYS.issuerNext);
    clock.advance(30);
    expect(await find(keys, 'issuerNext')).toBe(true);
    expect(await find(keys, 'issuer')).toBe(true);
    expect(server.count(JWKS)).toBe(2);
  });

  it('100 of them one after the other → no fetch within the cooldown, one after it [ATJWT-JWKS-P1]', async () => {
    const keys = create();
    await find(keys, 'issuer');
    for (let i = 0; i < 100; i++) expect(await find(keys, `unknown-${i}`)).toBe(false);
    expect(server.count(JWKS)).toBe(1);
    clock.advance(30);
    for (let i = 0; i < 100; i++) expect(await find(keys, `unknown-${i}`)).toBe(false);
    expect(server.count(JWKS)).toBe(2);
    clock.advance(29);
    expect(await find(keys, 'unknown')).toBe(false);
    expect(server.count(JWKS)).toBe(2);
  });

  it('100 of them at once after the cooldown → one fetch for all [ATJWT-JWKS-P1]', async () => {
    const keys = create();
    await find(keys, 'issuer');
    clock.advance(30);
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, i) => find(keys, `unknown-${i}`)),
    );
    expect(results).toEqual(Array(100).fill(false));
    expect(server.count(JWKS)).toBe(2);
  });

  it('100 of them at the very first → one fetch for all [ATJWT-JWKS-P1]', async () => {
    const keys = create();
    await Promise.all(Array.from({ length: 100 }, (_, i) => find(keys, `unknown-${i}`)));
    expect(server.count(JWKS)).toBe(1);
  });

  it('while the issuer is down → UnavailableError, never taken for an unknown key', async () => {
    const keys = create();
    await find(keys, 'issuer');
    fail();
    clock.advance(30);
    expect(await find(keys, 'issuerNext')).toEqual(
      unavailable(`${server.origin}${JWKS} answered with status 500`),
    );
    expect(await find(keys, 'issuerNext')).toEqual(
      unavailable(`the keys of ${server.origin} could not be fetched`, 30),
    );
    expect(await find(keys, 'issuer')).toBe(true);
    expect(server.count(JWKS)).toBe(2);
  });

  it('the issuer is back after a failure → found after the cooldown', async () => {
    const keys = create();
    await find(keys, 'issuer');
    fail();
    clock.advance(30);
    await find(keys, 'issuerNext');
    publish(KEYS.issuerNext);
    clock.advance(30);
    expect(await find(keys, 'issuerNext')).toBe(true);
    expect(await find(keys, 'unknown')).toBe(false);
  });
});

describe('an outage', () => {
  it('from the start → UnavailableError, at most one fetch a cooldown', async () => {
    fail();
    const keys = create();
    expect(await find(keys, 'issuer')).toEqual(
      unavailable(`${server.origin}${JWKS} answered with status 500`),
    );
    expect(await find(keys, 'issuer')).toEqual(
      unavailable(`the keys of ${server.origin} could not be fetched`, 30),
    );
    clock.advance(29);
    await find(keys, 'issuer');
    expect(server.count(JWKS)).toBe(1);
    publish(KEYS.issuer);
    clock.advance(1);
    expect(await find(keys, 'issuer')).toBe(true);
    expect(server.count(JWKS)).toBe(2);
  });

  it('with an old key set → used until cacheSeconds and staleIfErrorSeconds are over, then UnavailableError', async () => {
    const keys = create();
    await find(keys, 'issuer');
    fail();
    clock.advance(600);
    expect(await find(keys, 'issuer')).toBe(true);
    clock.advance(3599);
    expect(await find(keys, 'issuer')).toBe(true);
    clock.advance(1);
    expect(await find(keys, 'issuer')).toEqual(
      unavailable(`the keys of ${server.origin} could not be fetched`, 30),
    );
    clock.advance(30);
    expect(await find(keys, 'issuer')).toEqual(
      unavailable(`${server.origin}${JWKS} answered with status 500`),
    );
  });

  it('with an old key set, within the cooldown of a failure → used without a fetch', async () => {
    const keys = create();
    await find(keys, 'issuer');
    fail();
    clock.advance(600);
    expect(await find(keys, 'issuer')).toBe(true);
    expect(await find(keys, 'issuer')).toBe(true);
    expect(server.count(JWKS)).toBe(2);
    clock.advance(30);
    expect(await find(keys, 'issuer')).toBe(true);
    expect(server.count(JWKS)).toBe(3);
  });

  it('over again → the new key set counts at once', async () => {
    const keys = create();
    await find(keys, 'issuer');
    fail();
    clock.advance(600);
    await find(keys, 'issuer');
    publish(KEYS.issuerNext);
    clock.advance(30);
    expect(await find(keys, 'issuer')).toBe(false);
    expect(await find(keys, 'issuerNext')).toBe(true);
  });

  it('staleIfErrorSeconds 0 → UnavailableError as soon as the cache is old', async () => {
    const keys = create({ staleIfErrorSeconds: 0 });
    await find(keys, 'issuer');
    fail();
    clock.advance(600);
    expect(await find(keys, 'issuer')).toEqual(
      unavailable(`${server.origin}${JWKS} answered with status 500`),
    );
  });

  it('the failure in the past → cause of the later error, for logs', async () => {
    fail({ status: 418 });
    const keys = create();
    await find(keys, 'issuer');
    await expect(keys.find({ kid: 'issuer', algorithm: 'ES256' })).rejects.toMatchObject({
      cause: { message: `${server.origin}${JWKS} answered with status 418` },
    });
  });

  it('behind a verifier → UnavailableError and never a refusal of the token', async () => {
    fail();
    const verifier = createJwtVerifier({
      issuer: server.origin,
      audience: RESOURCE,
      keys: create(),
    });
    expect(await outcome(() => verifier.verify(mintToken()))).toMatchObject({
      component: 'issuer_keys',
    });
  });
});

describe('answers that are not a key set', () => {
  it.each<[string, ServerAnswer, string]>([
    ['an object without keys', { body: { a: 1 } }, 'is not a JWK Set'],
    ['keys that are no list', { body: { keys: {} } }, 'is not a JWK Set'],
    ['HTML', { headers: { 'content-type': 'text/html' }, body: '<html>' }, 'could not be read'],
    ['status 404', { status: 404 }, 'answered with status 404'],
    ['too long', { body: { keys: [], pad: 'x'.repeat(3000) } }, 'could not be read'],
    ['silence', 'silence', 'could not be read'],
    ['a redirect', { status: 302, headers: { location: '/evil' } }, 'answered with status 302'],
  ])('%s → UnavailableError [ATJWT-JWKS-P1]', async (_name, answer, what) => {
    fail(answer);
    server.routes.set('/evil', { body: keySet(KEYS.mallory) });
    const keys = create({ timeoutSeconds: 0.2, maxBytes: 2000 });
    expect(await find(keys, 'issuer')).toEqual(unavailable(`${server.origin}${JWKS} ${what}`));
    expect(server.count('/evil')).toBe(0);
  });

  it.each([
    ['another issuer', { issuer: 'https://evil.example' }, 'is the metadata of another issuer'],
    ['no jwks_uri', { jwks_uri: undefined }, 'no usable jwks_uri'],
    ['a jwks_uri over http', { jwks_uri: 'http://keys.example/jwks' }, 'no usable jwks_uri'],
  ])(
    'metadata with %s → UnavailableError, no keys are asked for [META-3.3-01]',
    async (_n, wrong, what) => {
      server.routes.set(METADATA, { body: { ...metadata(), ...wrong } });
      const asked: string[] = [];
      const spy: typeof fetch = (input, init) => {
        asked.push(String(input));
        return fetch(input, init);
      };
      expect(await find(create({ fetch: spy }), 'issuer')).toMatchObject({
        component: 'issuer_metadata',
        message: expect.stringContaining(what),
      });
      expect(asked).toEqual([`${server.origin}${METADATA}`]);
    },
  );
});

describe('header members of a token', () => {
  it('jku, x5u, jwk → no request goes to them [JOSE-7515-4.1.2-P1] [ATJWT-4-04]', async () => {
    server.routes.set('/evil', { body: keySet(KEYS.mallory) });
    const evil = `${server.origin}/evil`;
    const header = { jku: evil, x5u: evil, jwk: KEYS.mallory.publicJwk, kid: 'mallory' };
    const token = mintToken({ key: KEYS.mallory, header, claims: { iss: server.origin } });
    const verifier = createJwtVerifier({
      issuer: server.origin,
      audience: RESOURCE,
      keys: create(),
      clock,
    });
    expect(await outcome(() => verifier.verify(token))).toMatchObject({
      reason: 'token_key_unknown',
    });
    expect(server.received.map(({ target }) => target)).toEqual([METADATA, JWKS]);
  });

  it('no keys option → the verifier finds the keys of its issuer by itself', async () => {
    const verifier = createJwtVerifier({ issuer: server.origin, audience: RESOURCE, clock });
    const token = mintToken({ claims: { iss: server.origin } });
    expect(await outcome(() => verifier.verify(token))).toHaveProperty('accepted');
  });
});

describe('createIssuerKeys', () => {
  const SECONDS = 'must be 0 or more seconds';
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
    ['no issuer', { issuer: undefined }, 'issuer: undefined is not an absolute URL'],
    ['a negative cache', { cacheSeconds: -1 }, `cacheSeconds: ${SECONDS}`],
    ['a cache that is NaN', { cacheSeconds: Number.NaN }, `cacheSeconds: ${SECONDS}`],
    ['an endless cache', { cacheSeconds: Number.POSITIVE_INFINITY }, `cacheSeconds: ${SECONDS}`],
    ['a negative cooldown', { cooldownSeconds: -1 }, `cooldownSeconds: ${SECONDS}`],
    ['a negative grace', { staleIfErrorSeconds: -1 }, `staleIfErrorSeconds: ${SECONDS}`],
    [
      'an endless grace',
      { staleIfErrorSeconds: Number.POSITIVE_INFINITY },
      `staleIfErrorSeconds: ${SECONDS}`,
    ],
    [
      'a cache shorter than the cooldown',
      { cacheSeconds: 10, cooldownSeconds: 11 },
      'cacheSeconds: must not be shorter than cooldownSeconds',
    ],
    ['a timeout of 0', { timeoutSeconds: 0 }, 'timeoutSeconds: must be above 0 and at most 60'],
  ])('%s → TypeError at start-up', async (_name, wrong, message) => {
    const options = { issuer: 'https://as.example', ...wrong } as IssuerKeysOptions;
    expect(await outcome(() => createIssuerKeys(options))).toEqual({ typeError: message });
  });

  it('a cache as long as the cooldown → accepted', () => {
    expect(create({ cacheSeconds: 10, cooldownSeconds: 10 })).toHaveProperty('find');
  });

  it('options changed by the caller later → those given at start-up hold', async () => {
    const options = { issuer: server.origin, clock, maxBytes: 10_000 };
    const keys = createIssuerKeys(options);
    options.maxBytes = 1;
    expect(await find(keys, 'issuer')).toBe(true);
  });

  it('a cooldown with a fraction → Retry-After in whole seconds', async () => {
    fail();
    const keys = create({ cooldownSeconds: 1.5 });
    await find(keys, 'issuer');
    expect(await find(keys, 'issuer')).toMatchObject({ retryAfterSeconds: 2 });
  });
});
