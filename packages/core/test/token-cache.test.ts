import {
  createTestClock,
  ISSUER,
  KEYS,
  keySet,
  mintToken,
  NOW,
  RESOURCE,
  startServer,
  type TestClock,
  type TestKey,
  type TestServer,
} from '@keybound/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createIssuerKeys,
  createJwtVerifier,
  createKeySet,
  type JwtVerifierOptions,
  type KeySelector,
  type KeySource,
  type TokenVerifier,
} from '../src/index.ts';
import { outcome, withTailBits } from './support.ts';

const SELECTOR: KeySelector = { kid: 'issuer', algorithm: 'ES256' };

/** A key source that counts the signatures its keys have checked, and can change. */
interface Watched extends KeySource {
  checks(): number;
  replace(source: KeySource): void;
}

function watch(...keys: readonly TestKey[]): Watched {
  let source = watched(createKeySet(keySet(...keys)));
  let checks = 0;

  function watched(inner: KeySource): KeySource {
    const known = new Map<unknown, unknown>();
    return {
      async find(selector) {
        const key = await inner.find(selector);
        if (key === undefined) return undefined;
        const counting = known.get(key) ?? {
          ...key,
          verify(...parts: Parameters<typeof key.verify>) {
            checks++;
            return key.verify(...parts);
          },
        };
        known.set(key, counting);
        return counting as typeof key;
      },
    };
  }

  return {
    find: (selector) => source.find(selector),
    checks: () => checks,
    replace(next) {
      source = watched(next);
    },
  };
}

let clock: TestClock;
beforeEach(() => {
  clock = createTestClock();
});

function create(keys: KeySource, options: Partial<JwtVerifierOptions> = {}): TokenVerifier {
  return createJwtVerifier({ issuer: ISSUER, audience: RESOURCE, keys, clock, ...options });
}

function refused(reason: string): object {
  return expect.objectContaining({ reason, code: 'invalid_token' });
}

describe('a token that comes again', () => {
  it('→ one signature check, and the same unchangeable answer', async () => {
    const keys = watch(KEYS.issuer);
    const verifier = create(keys);
    const token = mintToken({ boundTo: KEYS.alice });
    const first = await verifier.verify(token);
    expect(await verifier.verify(token)).toBe(first);
    expect(keys.checks()).toBe(1);
    for (const part of [first, first.claims, first.claims.cnf, first.scope]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it("with tokenCache 'off' → a signature check each time", async () => {
    const keys = watch(KEYS.issuer);
    const verifier = create(keys, { tokenCache: 'off' });
    const token = mintToken();
    await verifier.verify(token);
    await verifier.verify(token);
    expect(keys.checks()).toBe(2);
  });

  it('after more others than maxEntries → checked again', async () => {
    const keys = watch(KEYS.issuer);
    const verifier = create(keys, { tokenCache: { maxEntries: 2 } });
    const tokens = ['a', 'b', 'c'].map((jti) => mintToken({ claims: { jti } }));
    for (const token of tokens) await verifier.verify(token);
    await verifier.verify(tokens[2] ?? '');
    expect(keys.checks()).toBe(3);
    await verifier.verify(tokens[0] ?? '');
    expect(keys.checks()).toBe(4);
  });

  it.each<[string, Record<string, unknown>, number]>([
    ['of which two fit → remembered', {}, 1],
    ['with many objects, which take more than their text → not', { x: Array(200).fill({}) }, 2],
    ['with many scope values, which are kept one by one → not', { scope: 'a '.repeat(500) }, 2],
  ])('a token %s, within 30 000 bytes', async (_name, claims, checks) => {
    const keys = watch(KEYS.issuer);
    const verifier = create(keys, { tokenCache: { maxBytes: 30_000 } });
    const token = mintToken({ claims });
    await verifier.verify(token);
    await verifier.verify(token);
    expect(keys.checks()).toBe(checks);
  });

  it('after its end → token_expired', async () => {
    const verifier = create(watch(KEYS.issuer));
    const token = mintToken({ claims: { exp: NOW + 10 } });
    await verifier.verify(token);
    clock.advance(14.9);
    expect(await outcome(() => verifier.verify(token))).toHaveProperty('accepted');
    clock.advance(0.1);
    expect(await outcome(() => verifier.verify(token))).toEqual(refused('token_expired'));
  });

  it('when the clock has gone back before its nbf → token_not_yet_valid', async () => {
    const verifier = create(watch(KEYS.issuer));
    const token = mintToken({ claims: { nbf: NOW } });
    await verifier.verify(token);
    clock.advance(-60);
    expect(await outcome(() => verifier.verify(token))).toEqual(refused('token_not_yet_valid'));
  });

  it('when the clock gives no number → refused', async () => {
    let now = NOW;
    const verifier = create(watch(KEYS.issuer), { clock: () => now });
    const token = mintToken();
    await verifier.verify(token);
    now = Number.NaN;
    expect(await outcome(() => verifier.verify(token))).toEqual(refused('token_expired'));
  });
});

describe('the key of a token that comes again', () => {
  it('withdrawn → token_key_unknown', async () => {
    const keys = watch(KEYS.issuer);
    const verifier = create(keys);
    const token = mintToken();
    await verifier.verify(token);
    keys.replace(createKeySet(keySet(KEYS.issuerNext)));
    expect(await outcome(() => verifier.verify(token))).toEqual(refused('token_key_unknown'));
  });

  it('replaced by another one of the same kid → token_signature_invalid', async () => {
    const keys = watch(KEYS.issuer);
    const verifier = create(keys);
    const token = mintToken();
    await verifier.verify(token);
    const other = { ...KEYS.issuerNext.publicJwk, kid: 'issuer' };
    keys.replace(createKeySet({ keys: [other] }));
    expect(await outcome(() => verifier.verify(token))).toEqual(refused('token_signature_invalid'));
  });

  it('the same one from a new set → checked again, and good', async () => {
    const keys = watch(KEYS.issuer);
    const verifier = create(keys);
    const token = mintToken();
    await verifier.verify(token);
    keys.replace(createKeySet(keySet(KEYS.issuer)));
    await verifier.verify(token);
    expect(keys.checks()).toBe(2);
    await verifier.verify(token);
    expect(keys.checks()).toBe(2);
  });

  it('a source that gives a new object each time → nothing is believed without a check', async () => {
    const keys = watch(KEYS.issuer);
    const copying: KeySource = {
      async find(selector) {
        const key = await keys.find(selector);
        return key && { ...key };
      },
    };
    const verifier = create(copying);
    const token = mintToken();
    await verifier.verify(token);
    await verifier.verify(token);
    expect(keys.checks()).toBe(2);
  });
});

describe('the keys an issuer publishes', () => {
  const METADATA = '/.well-known/oauth-authorization-server';
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
    const body = { issuer: server.origin, jwks_uri: `${server.origin}/jwks` };
    server.routes.set(METADATA, { body });
    publish(KEYS.issuer, KEYS.issuerNext);
  });
  afterEach(() => server.close());

  function publish(...keys: readonly TestKey[]): void {
    server.routes.set('/jwks', { body: keySet(...keys) });
  }

  it('fetched anew and unchanged → the same key objects, so tokens stay known', async () => {
    const keys = createIssuerKeys({ issuer: server.origin, cacheSeconds: 60, clock });
    const key = await keys.find(SELECTOR);
    clock.advance(60);
    expect(await keys.find(SELECTOR)).toBe(key);
    expect(server.count('/jwks')).toBe(2);
  });

  it('without the key of a token that was verified → token_key_unknown after cacheSeconds', async () => {
    const keys = createIssuerKeys({ issuer: server.origin, cacheSeconds: 60, clock });
    const verifier = create(keys, { issuer: server.origin });
    const token = mintToken({ claims: { iss: server.origin } });
    await verifier.verify(token);
    publish(KEYS.issuerNext);
    clock.advance(59);
    expect(await outcome(() => verifier.verify(token))).toHaveProperty('accepted');
    clock.advance(1);
    expect(await outcome(() => verifier.verify(token))).toEqual(refused('token_key_unknown'));
  });

  it('out of reach for too long → an outage, also for tokens that were verified', async () => {
    const keys = createIssuerKeys({
      issuer: server.origin,
      cacheSeconds: 60,
      staleIfErrorSeconds: 60,
      clock,
    });
    const verifier = create(keys, { issuer: server.origin });
    const token = mintToken({ claims: { iss: server.origin } });
    await verifier.verify(token);
    server.routes.set('/jwks', { status: 500, body: {} });
    clock.advance(120);
    expect(await outcome(() => verifier.verify(token))).toMatchObject({ component: 'issuer_keys' });
  });
});

describe('what is near to a token that was verified', () => {
  it('every change of one character → refused, and the token itself stays good', async () => {
    const verifier = create(watch(KEYS.issuer));
    const token = mintToken();
    await verifier.verify(token);
    for (let at = 0; at < token.length; at++) {
      const letter = token[at] === 'A' ? 'B' : 'A';
      const changed = `${token.slice(0, at)}${letter}${token.slice(at + 1)}`;
      expect(await outcome(() => verifier.verify(changed))).not.toHaveProperty('accepted');
    }
    expect(await outcome(() => verifier.verify(token))).toHaveProperty('accepted');
  });

  const token = mintToken();
  const [header = '', payload = '', signature = ''] = token.split('.');
  const [, otherPayload = '', otherSignature = ''] = mintToken({
    claims: { sub: 'bob' },
  }).split('.');
  it.each([
    ['a longer text that begins with it', `${token}A`],
    ['a further part', `${token}.`],
    ['a blank behind it', `${token} `],
    ['a shorter text', token.slice(0, -1)],
    ['the signature of another token of the issuer', `${header}.${payload}.${otherSignature}`],
    ['the payload of another token of the issuer', `${header}.${otherPayload}.${signature}`],
    ['no signature', `${header}.${payload}.`],
    ['the signature spelt with unused bits', withTailBits(token)],
    ['the signature padded', `${token}==`],
  ])('%s → refused', async (_name, near) => {
    const verifier = create(watch(KEYS.issuer));
    await verifier.verify(token);
    expect(await outcome(() => verifier.verify(near))).not.toHaveProperty('accepted');
  });

  it('a bad token sent many times → refused each time, and never remembered', async () => {
    const keys = watch(KEYS.issuer);
    const verifier = create(keys, { tokenCache: { maxEntries: 2 } });
    await verifier.verify(token);
    const bad = `${header}.${payload}.${otherSignature}`;
    for (let i = 0; i < 5; i++) {
      expect(await outcome(() => verifier.verify(bad))).toEqual(refused('token_signature_invalid'));
    }
    expect(keys.checks()).toBe(6);
    await verifier.verify(token);
    expect(keys.checks()).toBe(6);
  });

  it('well signed and still no good → not remembered, and good once it is', async () => {
    const keys = watch(KEYS.issuer);
    const verifier = create(keys);
    const early = mintToken({ claims: { nbf: NOW + 60 } });
    expect(await outcome(() => verifier.verify(early))).toEqual(refused('token_not_yet_valid'));
    clock.advance(60);
    expect(await outcome(() => verifier.verify(early))).toHaveProperty('accepted');
    expect(keys.checks()).toBe(2);
  });
});

describe('what one verifier remembers', () => {
  it.each<[string, Partial<JwtVerifierOptions>, string]>([
    ['audience', { audience: 'https://other.example' }, 'token_audience_mismatch'],
    ['issuer', { issuer: 'https://other.example' }, 'token_issuer_mismatch'],
    ['algorithms', { algorithms: ['PS256'] }, 'token_algorithm_refused'],
    ['length', { maxTokenChars: 100 }, 'token_too_large'],
  ])('→ of no use at one with another %s', async (_name, options, reason) => {
    const keys = watch(KEYS.issuer);
    const token = mintToken();
    await create(keys).verify(token);
    expect(await outcome(() => create(keys, options).verify(token))).toEqual(refused(reason));
  });
});

describe('isRevoked', () => {
  it('asked for every request, with what the token says', async () => {
    const revoked = new Set<unknown>();
    const keys = watch(KEYS.issuer);
    const verifier = create(keys, { isRevoked: ({ claims }) => revoked.has(claims.jti) });
    const token = mintToken({ claims: { jti: 'one' } });
    await verifier.verify(token);
    await verifier.verify(token);
    expect(keys.checks()).toBe(1);
    revoked.add('one');
    expect(await outcome(() => verifier.verify(token))).toEqual(refused('token_inactive'));
    expect(
      await outcome(() => verifier.verify(mintToken({ claims: { jti: 'two' } }))),
    ).toHaveProperty('accepted');
  });

  it.each([undefined, null, 0, 'no'])(
    'answers %j instead of false → token_inactive',
    async (answer) => {
      const verifier = create(watch(KEYS.issuer), { isRevoked: async () => answer as never });
      expect(await outcome(() => verifier.verify(mintToken()))).toEqual(refused('token_inactive'));
    },
  );

  it('fails → its error, and nobody is let in', async () => {
    const isRevoked = async (): Promise<boolean> => {
      throw new RangeError('the list is out of reach');
    };
    const verifier = create(watch(KEYS.issuer), { isRevoked });
    await expect(verifier.verify(mintToken())).rejects.toThrow(RangeError);
  });

  it('a token that is no good → not asked', async () => {
    const isRevoked = (): boolean => {
      throw new Error('asked');
    };
    const verifier = create(watch(KEYS.issuer), { isRevoked });
    const expired = mintToken({ claims: { exp: NOW - 60 } });
    expect(await outcome(() => verifier.verify(expired))).toEqual(refused('token_expired'));
  });
});

it.each<[string, Partial<JwtVerifierOptions>, string]>([
  ['isRevoked', { isRevoked: true as never }, 'isRevoked: give a function'],
  ['tokenCache', { tokenCache: { maxEntries: 0 } }, 'tokenCache.maxEntries: must be'],
  ['signatureThread', { signatureThread: 'worker' as never }, 'signatureThread: must be one of'],
])('a bad %s → TypeError at start-up', (_name, options, message) => {
  expect(() => create(watch(KEYS.issuer), options)).toThrow(TypeError);
  expect(() => create(watch(KEYS.issuer), options)).toThrow(message);
});

it('a promise that is no instance of the own Promise, as from another realm → awaited, and its answer taken', async () => {
  const inner = createKeySet(keySet(KEYS.issuer));
  const foreign: KeySource = {
    async find(selector) {
      const key = await inner.find(selector);
      if (key === undefined) return undefined;
      const verify = (...parts: Parameters<typeof key.verify>): Promise<boolean> => {
        const answer = Promise.resolve(key.verify(...parts));
        // biome-ignore lint/suspicious/noThenProperty: this is what a promise of another realm looks like.
        return { then: answer.then.bind(answer) } as Promise<boolean>;
      };
      return { ...key, verify };
    },
  };
  const [header, payload] = mintToken().split('.');
  const forged = `${header}.${payload}.${'A'.repeat(86)}`;
  expect(await outcome(() => create(foreign).verify(forged))).toEqual(
    refused('token_signature_invalid'),
  );
  expect(await outcome(() => create(foreign).verify(mintToken()))).toHaveProperty('accepted');
});
