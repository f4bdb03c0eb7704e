import { KEYS, keySet, rawSignature, type TestKey } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import {
  createKeySet,
  encodeUtf8,
  type SignatureAlgorithm,
  type VerifyKey,
  verifySignature,
} from '../src/index.ts';
import { keySelector } from '../src/keys/key-source.ts';
import { integer, outcome } from './support.ts';

const ISSUER = KEYS.issuer;
const ISSUER_JWK = { ...ISSUER.publicJwk, kid: 'issuer', alg: 'ES256', use: 'sig' };

/** Whether a key verifies what a test key signs. */
async function isHalfOf(key: VerifyKey | undefined, { privateKey }: TestKey): Promise<boolean> {
  if (key === undefined) return false;
  const signature = new Uint8Array(rawSignature(key.algorithm, privateKey, 'x'));
  return verifySignature(key, signature, encodeUtf8('x'));
}

describe('createKeySet', () => {
  it('a kid → the key that carries it', async () => {
    const keys = createKeySet(keySet(KEYS.issuer, KEYS.issuerNext, KEYS.issuerRsa));
    const key = await keys.find({ kid: 'issuerNext', algorithm: 'ES256' });
    expect(key?.algorithm).toBe('ES256');
    expect(await isHalfOf(key, KEYS.issuerNext)).toBe(true);
  });

  it('no kid and one key that fits the algorithm → that key', async () => {
    const keys = createKeySet(keySet(KEYS.issuer, KEYS.issuerRsa));
    const key = await keys.find({ kid: undefined, algorithm: 'ES256' });
    expect(await isHalfOf(key, KEYS.issuer)).toBe(true);
  });

  it('no kid and two keys that fit → none, nothing is tried out', async () => {
    const keys = createKeySet(keySet(KEYS.issuer, KEYS.issuerNext));
    expect(await keys.find({ kid: undefined, algorithm: 'ES256' })).toBeUndefined();
  });

  it('two keys of one kid that fit → none', async () => {
    const keys = createKeySet({
      keys: [ISSUER_JWK, { ...KEYS.issuerNext.publicJwk, kid: 'issuer' }],
    });
    expect(await keys.find({ kid: 'issuer', algorithm: 'ES256' })).toBeUndefined();
  });

  it('two keys of one kid of which one fits → that one', async () => {
    const keys = createKeySet({
      keys: [ISSUER_JWK, { ...KEYS.issuerRsa.publicJwk, kid: 'issuer' }],
    });
    expect(await keys.find({ kid: 'issuer', algorithm: 'RS256' })).toMatchObject({
      algorithm: 'RS256',
    });
  });

  it.each(['../../etc/passwd', "' OR 1=1 --", '__proto__', 'constructor', 'Issuer', 'issuer ', ''])(
    'the kid %j → selects nothing [JWTBCP-3.10-01]',
    async (kid) => {
      const keys = createKeySet(keySet(KEYS.issuer));
      expect(await keys.find({ kid, algorithm: 'ES256' })).toBeUndefined();
    },
  );

  it.each<[string, unknown, SignatureAlgorithm]>([
    ['a symmetric key', { kty: 'oct', kid: 'issuer', k: 'c2VjcmV0' }, 'ES256'],
    ['a private key', { ...ISSUER.privateJwk, kid: 'issuer' }, 'ES256'],
    ['a key for encryption', { ...ISSUER_JWK, use: 'enc' }, 'ES256'],
    ['a key for another algorithm', { ...ISSUER_JWK, alg: 'ES384' }, 'ES256'],
    ['a key off its curve', { ...ISSUER_JWK, y: ISSUER.publicJwk.x }, 'ES256'],
    ['a weak key', { kty: 'RSA', kid: 'issuer', n: integer(2n ** 1023n + 1n), e: 'AQAB' }, 'RS256'],
    ['a key of an unknown kind', { kty: 'AKP', kid: 'issuer', pub: 'AA' }, 'ES256'],
    ['a text', 'issuer', 'ES256'],
    ['null', null, 'ES256'],
    ['a kid of the wrong type', { ...ISSUER_JWK, kid: ['issuer'] }, 'ES256'],
  ])(
    '%s in the set → passed over, the others stay usable [ATJWT-JWKS-P1]',
    async (_n, jwk, alg) => {
      const keys = createKeySet({ keys: [jwk, ...keySet(KEYS.issuerNext).keys] });
      expect(await keys.find({ kid: 'issuer', algorithm: alg })).toBeUndefined();
      expect(await keys.find({ kid: 'issuerNext', algorithm: 'ES256' })).toBeDefined();
    },
  );

  it('the 64th key → found, the 65th → not looked at', async () => {
    const filler = Array.from({ length: 63 }, () => ({ kty: 'oct' }));
    const keys = createKeySet({
      keys: [...filler, ...keySet(KEYS.issuer, KEYS.issuerNext).keys],
    });
    expect(await keys.find({ kid: 'issuer', algorithm: 'ES256' })).toBeDefined();
    expect(await keys.find({ kid: 'issuerNext', algorithm: 'ES256' })).toBeUndefined();
  });

  it('one key asked for twice → imported once', async () => {
    const keys = createKeySet(keySet(KEYS.issuer));
    const selector = { kid: 'issuer', algorithm: 'ES256' } as const;
    expect(await keys.find(selector)).toBeDefined();
    expect(await keys.find(selector)).toBe(await keys.find(selector));
  });

  it('one RSA key under two algorithms → a key for each', async () => {
    const keys = createKeySet({ keys: [{ ...KEYS.issuerRsa.publicJwk, kid: 'r' }] });
    for (const algorithm of ['RS256', 'PS256'] as const) {
      const key = await keys.find({ kid: 'r', algorithm });
      expect(key?.algorithm).toBe(algorithm);
      expect(await isHalfOf(key, KEYS.issuerRsa)).toBe(true);
    }
  });

  it.each([
    ['an array', [ISSUER_JWK]],
    ['a single key', ISSUER_JWK],
    ['keys as an object', { keys: { a: ISSUER_JWK } }],
    ['a text', JSON.stringify(keySet(KEYS.issuer))],
    ['null', null],
    ['nothing', undefined],
  ])('%s → TypeError', async (_name, value) => {
    expect(await outcome(() => createKeySet(value))).toEqual({
      typeError: 'jwks: not a JWK Set (an object with a keys array)',
    });
  });
});

describe('keySelector', () => {
  it.each([
    [
      { alg: 'ES256', kid: 'k' },
      { algorithm: 'ES256', kid: 'k' },
    ],
    [{ alg: 'ES256' }, { algorithm: 'ES256', kid: undefined }],
    [
      { alg: 'ES256', kid: 7 },
      { algorithm: 'ES256', kid: undefined },
    ],
    [{ alg: 'none', kid: 'k' }, undefined],
    [{ kid: 'k' }, undefined],
  ])('the header %j → %j [JWTBCP-3.10-01]', (header, expected) => {
    expect(keySelector(header)).toEqual(expected);
  });
});
