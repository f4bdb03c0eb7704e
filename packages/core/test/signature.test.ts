import { constants, createHash, privateEncrypt, sign } from 'node:crypto';
import { KEYS, rawSignature, type TestKey } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import {
  encodeUtf8,
  importVerifyKey,
  type PublicJwk,
  parsePublicJwk,
  type SignatureAlgorithm,
  type VerifyKey,
  verifySignature,
} from '../src/index.ts';
import { integer, toInteger } from './support.ts';

const INPUT = 'eyJhbGciOiJFUzI1NiJ9.e30';

async function keyOf({ publicJwk }: TestKey, algorithm: SignatureAlgorithm): Promise<VerifyKey> {
  const key = await importVerifyKey(parsePublicJwk(publicJwk, algorithm) as PublicJwk, algorithm);
  if (key === undefined) throw new Error('the test key was refused');
  return key;
}

async function verifies(
  key: TestKey,
  algorithm: SignatureAlgorithm,
  signature: Uint8Array,
  input: string = INPUT,
): Promise<boolean> {
  return verifySignature(await keyOf(key, algorithm), new Uint8Array(signature), encodeUtf8(input));
}

/** A key that must not be asked. */
function unusable(algorithm: 'ES256' | 'Ed25519'): VerifyKey {
  return {
    algorithm,
    signatureBytes: 64,
    verify: () => {
      throw new Error('the key was asked');
    },
  };
}

const KEY_OF: Readonly<Record<SignatureAlgorithm, TestKey>> = {
  ES256: KEYS.alice,
  ES384: KEYS.alice384,
  ES512: KEYS.alice521,
  PS256: KEYS.aliceRsa,
  PS384: KEYS.aliceRsa,
  PS512: KEYS.aliceRsa,
  RS256: KEYS.aliceRsa,
  RS384: KEYS.aliceRsa,
  RS512: KEYS.aliceRsa,
  EdDSA: KEYS.aliceEd25519,
  Ed25519: KEYS.aliceEd25519,
};
const ALL = Object.entries(KEY_OF) as [SignatureAlgorithm, TestKey][];

const OCTETS: readonly [SignatureAlgorithm, number][] = [
  ['ES256', 64],
  ['ES384', 96],
  ['ES512', 132],
  ['PS256', 256],
  ['RS256', 256],
  ['EdDSA', 64],
  ['Ed25519', 64],
];

describe('verifySignature', () => {
  it.each(ALL)('%s made by OpenSSL → valid [DPOP-4.3-05]', async (algorithm, key) => {
    const signature = rawSignature(algorithm, key.privateKey, INPUT);
    expect(await verifies(key, algorithm, signature)).toBe(true);
  });

  it.each(ALL)('%s over other octets → invalid [DPOP-4.3-06]', async (algorithm, key) => {
    const signature = rawSignature(algorithm, key.privateKey, INPUT);
    expect(await verifies(key, algorithm, signature, `${INPUT}x`)).toBe(false);
  });

  it.each(ALL)('%s with one bit flipped → invalid [DPOP-4.3-06]', async (algorithm, key) => {
    const signature = rawSignature(algorithm, key.privateKey, INPUT);
    signature[10] = (signature[10] ?? 0) ^ 1;
    expect(await verifies(key, algorithm, signature)).toBe(false);
  });

  it.each(OCTETS)(
    '%s one octet short, one long or empty → invalid [JOSE-7518-3.4-01] [JOSE-8037-01]',
    async (algorithm, octets) => {
      const key = KEY_OF[algorithm];
      const signature = rawSignature(algorithm, key.privateKey, INPUT);
      expect(signature).toHaveLength(octets);
      expect(await verifies(key, algorithm, signature.subarray(0, -1))).toBe(false);
      expect(await verifies(key, algorithm, signature.subarray(1))).toBe(false);
      expect(await verifies(key, algorithm, Buffer.concat([signature, Buffer.of(0)]))).toBe(false);
      expect(await verifies(key, algorithm, Buffer.concat([Buffer.of(0), signature]))).toBe(false);
      expect(await verifies(key, algorithm, Buffer.alloc(0))).toBe(false);
    },
  );

  it.each([
    ['ES256', 63],
    ['ES256', 65],
    ['Ed25519', 63],
  ] as const)('%s with %i octets → invalid before the key is used', async (algorithm, octets) => {
    const signature = new Uint8Array(octets);
    expect(await verifySignature(unusable(algorithm), signature, new Uint8Array())).toBe(false);
  });

  it('a key of another algorithm of the same family → invalid [DPOP-4.3-05]', async () => {
    const ps256 = rawSignature('PS256', KEYS.aliceRsa.privateKey, INPUT);
    const rs384 = rawSignature('RS384', KEYS.aliceRsa.privateKey, INPUT);
    expect(await verifies(KEYS.aliceRsa, 'RS256', ps256)).toBe(false);
    expect(await verifies(KEYS.aliceRsa, 'RS256', rs384)).toBe(false);
  });
});

describe('ECDSA', () => {
  const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const good = rawSignature('ES256', KEYS.alice.privateKey, INPUT);
  const r = toInteger(good.subarray(0, 32).toString('base64url'));
  const s = toInteger(good.subarray(32).toString('base64url'));
  const rs = (first: bigint, second: bigint): Buffer =>
    Buffer.concat([first, second].map((value) => Buffer.from(integer(value, 32), 'base64url')));

  it.each<[SignatureAlgorithm, TestKey]>([
    ['ES256', KEYS.alice],
    ['ES384', KEYS.alice384],
    ['ES512', KEYS.alice521],
  ])('%s in DER → invalid [JOSE-7518-3.4-01]', async (algorithm, key) => {
    const der = sign(`sha${algorithm.slice(2)}`, Buffer.from(INPUT), key.privateKey);
    expect(await verifies(key, algorithm, der)).toBe(false);
  });

  it('either s, low or high → valid, for JWA has no low-S rule [JOSE-7518-3.4-01]', async () => {
    expect(await verifies(KEYS.alice, 'ES256', rs(r, s))).toBe(true);
    expect(await verifies(KEYS.alice, 'ES256', rs(r, ORDER - s))).toBe(true);
  });

  it.each([
    ['r = s = 0', rs(0n, 0n)],
    ['r = 0', rs(0n, s)],
    ['s = 0', rs(r, 0n)],
    ['r = s = n', rs(ORDER, ORDER)],
    ['r = n', rs(ORDER, s)],
    ['s = n', rs(r, ORDER)],
    ['r = s = 1', rs(1n, 1n)],
    ['r and s exchanged', rs(s, r)],
  ])('%s → invalid [JOSE-7518-3.4-01]', async (_name, signature) => {
    expect(await verifies(KEYS.alice, 'ES256', signature)).toBe(false);
  });

  it('a point that is not on its curve → no key [JOSE-7518-6.2-01]', async () => {
    const { publicJwk } = KEYS.alice;
    const y = integer(toInteger(publicJwk.y ?? '') ^ 1n, 32);
    const zero = integer(0n, 32);
    for (const moved of [
      { ...publicJwk, y },
      { ...publicJwk, x: zero, y: zero },
    ]) {
      const jwk = parsePublicJwk(moved, 'ES256') as PublicJwk;
      expect(jwk).toMatchObject({ kty: 'EC' });
      expect(await importVerifyKey(jwk, 'ES256')).toBeUndefined();
    }
  });
});

describe('RSASSA-PSS', () => {
  const pss = (saltLength: number): Buffer =>
    sign('sha256', Buffer.from(INPUT), {
      key: KEYS.aliceRsa.privateKey,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength,
    });

  it('a salt as long as the hash → valid [JOSE-7518-3.3-01]', async () => {
    expect(await verifies(KEYS.aliceRsa, 'PS256', pss(32))).toBe(true);
  });

  it.each([0, 20, 31, 33, 222])(
    'a salt of %i octets → invalid [JOSE-7518-3.3-01]',
    async (salt) => {
      expect(await verifies(KEYS.aliceRsa, 'PS256', pss(salt))).toBe(false);
    },
  );
});

it('a PS256 signature without its leading zero octet → invalid, on every runtime [JOSE-7518-3.3-01]', async () => {
  // The salt is random: one signature in 256 begins with a zero octet.
  let signature = rawSignature('PS256', KEYS.aliceRsa.privateKey, INPUT);
  while (signature[0] !== 0) signature = rawSignature('PS256', KEYS.aliceRsa.privateKey, INPUT);
  expect(await verifies(KEYS.aliceRsa, 'PS256', signature)).toBe(true);
  expect(await verifies(KEYS.aliceRsa, 'PS256', signature.subarray(1))).toBe(false);
});

describe('RSASSA-PKCS1-v1_5', () => {
  /** Signs a DigestInfo written out by hand: its AlgorithmIdentifier in hex, then the hash. */
  function signed(digestInfoStart: string): Buffer {
    const hash = createHash('sha256').update(INPUT).digest();
    const digestInfo = Buffer.concat([Buffer.from(digestInfoStart, 'hex'), hash]);
    return privateEncrypt(
      { key: KEYS.aliceRsa.privateKey, padding: constants.RSA_PKCS1_PADDING },
      digestInfo,
    );
  }

  it.each([
    ['with its NULL', '3031300d060960864801650304020105000420', true],
    ['without its NULL', '302f300b06096086480165030402010420', false],
    ['of SHA-512', '3031300d060960864801650304020305000420', false],
    ['left out', '', false],
  ])('a DigestInfo %s (%s) → valid: %s [DPOP-4.3-06]', async (_name, digestInfoStart, expected) => {
    expect(await verifies(KEYS.aliceRsa, 'RS256', signed(digestInfoStart))).toBe(expected);
  });
});

describe('Ed25519', () => {
  it.each([
    ['the identity', 1n],
    ['the point of order 2', 2n ** 255n - 20n],
  ])(
    'R is %s, which only the holder of the key can make, and some verifiers accept → invalid [JOSE-8037-01]',
    async (_name, y) => {
      const order = 2n ** 252n + 27742317777372353535851937790883648493n;
      const littleEndian = (value: bigint): Buffer =>
        Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
      const toNumber = (octets: Buffer): bigint =>
        BigInt(`0x${Buffer.from(octets).reverse().toString('hex')}`);
      const { d = '', x = '' } = KEYS.aliceEd25519.privateJwk;
      const seed = createHash('sha512')
        .update(Buffer.from(d, 'base64url'))
        .digest()
        .subarray(0, 32);
      const secret = (toNumber(seed) & ((1n << 254n) - 8n)) | (1n << 254n);
      const r = littleEndian(y);
      const k = createHash('sha512')
        .update(r)
        .update(Buffer.from(x, 'base64url'))
        .update(INPUT)
        .digest();
      const s = littleEndian(((toNumber(k) % order) * secret) % order);
      const signature = new Uint8Array(Buffer.concat([r, s]));
      expect(await verifies(KEYS.aliceEd25519, 'Ed25519', signature)).toBe(false);
      // Before the key is used, since runtimes disagree about it.
      expect(await verifySignature(unusable('Ed25519'), signature, new Uint8Array())).toBe(false);
    },
  );

  const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
  const good = rawSignature('Ed25519', KEYS.aliceEd25519.privateKey, INPUT);

  it('S + L in place of S → invalid [JOSE-8037-01]', async () => {
    const s = toInteger(Buffer.from(good.subarray(32)).reverse().toString('base64url'));
    const larger = Buffer.from(integer(s + ORDER, 32), 'base64url').reverse();
    const signature = Buffer.concat([good.subarray(0, 32), larger]);
    expect(await verifies(KEYS.aliceEd25519, 'Ed25519', good)).toBe(true);
    expect(await verifies(KEYS.aliceEd25519, 'Ed25519', signature)).toBe(false);
  });

  it('both names of the algorithm → one signature valid under both [JOSE-9864-01]', async () => {
    expect(await verifies(KEYS.aliceEd25519, 'EdDSA', good)).toBe(true);
  });
});
