import { createHash } from 'node:crypto';
import { KEYS, toBase64url } from '@keybound/test-kit';
import { EmbeddedJWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { parsePublicJwk } from '../src/index.ts';
import { integer, toInteger } from './support.ts';

/** An odd modulus of exactly so many bits; whether it can be factored does not matter here. */
function modulus(bits: number): string {
  return integer(2n ** BigInt(bits - 1) + 1n);
}

function rsaJwk(n: string, e = 'AQAB'): Record<string, string> {
  return { kty: 'RSA', n, e };
}

function edJwk(littleEndian: Uint8Array): Record<string, string> {
  return { kty: 'OKP', crv: 'Ed25519', x: toBase64url(littleEndian) };
}

describe('RSA keys', () => {
  it.each([
    ['n of 1024 bits', rsaJwk(modulus(1024))],
    ['n of 2047 bits', rsaJwk(modulus(2047))],
    ['n of 2040 bits', rsaJwk(modulus(2040))],
    ['n of 8193 bits', rsaJwk(modulus(8193))],
    ['n of 16384 bits', rsaJwk(modulus(16384))],
    ['n even', rsaJwk(integer(2n ** 2047n + 2n))],
    ['e = 1', rsaJwk(modulus(2048), integer(1n))],
    ['e = 2', rsaJwk(modulus(2048), integer(2n))],
    ['e = 65536', rsaJwk(modulus(2048), integer(65536n))],
    ['e of 33 bits', rsaJwk(modulus(2048), integer(2n ** 32n + 1n))],
    ['e of 2048 bits', rsaJwk(modulus(2048), modulus(2048))],
  ])('%s → key_weak [JOSE-KEY-P1] [JOSE-7518-3.3-01]', (_name, jwk) => {
    expect(parsePublicJwk(jwk, 'RS256')).toBe('key_weak');
    expect(parsePublicJwk(jwk, 'PS256')).toBe('key_weak');
  });

  it.each([
    ['n of 2048 bits', rsaJwk(modulus(2048))],
    ['n of 4096 bits', rsaJwk(modulus(4096))],
    ['n of 8192 bits', rsaJwk(modulus(8192))],
    ['e = 3', rsaJwk(modulus(2048), integer(3n))],
    ['e = 257, whose last octet is 1', rsaJwk(modulus(2048), integer(257n))],
    ['e of 32 bits', rsaJwk(modulus(2048), integer(2n ** 32n - 1n))],
  ])('%s → accepted [JOSE-KEY-P1]', (_name, jwk) => {
    expect(parsePublicJwk(jwk, 'RS256')).toEqual(jwk);
  });
});

// The curve, written once more from RFC 8032 §5.1, to find the torsion points without the table.
const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * inverse(121666n));
type Point = readonly [x: bigint, y: bigint];
const IDENTITY: Point = [0n, 1n];

function mod(value: bigint): bigint {
  return ((value % P) + P) % P;
}
function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = mod(base), e = exponent; e > 0n; e >>= 1n, b = mod(b * b)) {
    if (e & 1n) result = mod(result * b);
  }
  return result;
}
function inverse(value: bigint): bigint {
  return power(value, P - 2n);
}
function add([x1, y1]: Point, [x2, y2]: Point): Point {
  const k = mod(D * x1 * x2 * y1 * y2);
  return [mod((x1 * y2 + y1 * x2) * inverse(1n + k)), mod((y1 * y2 + x1 * x2) * inverse(1n - k))];
}
function multiply(point: Point, times: bigint): Point {
  let result = IDENTITY;
  for (let p = point, n = times; n > 0n; n >>= 1n, p = add(p, p)) {
    if (n & 1n) result = add(result, p);
  }
  return result;
}
/** A point with this y, if there is one. */
function pointAt(y: bigint): Point | undefined {
  const xx = mod((y * y - 1n) * inverse(D * y * y + 1n));
  let x = power(xx, (P + 3n) / 8n);
  if (mod(x * x) !== xx) x = mod(x * power(2n, (P - 1n) / 4n));
  return mod(x * x) === xx ? [x, y] : undefined;
}
function encode(y: bigint, signBit = 0n): Uint8Array {
  const bytes = Buffer.from(integer(y | (signBit << 255n), 32), 'base64url');
  return Uint8Array.from(bytes.reverse());
}

function encodePoint([x, y]: Point): Uint8Array {
  return encode(y, x & 1n);
}
function fromLittleEndian(bytes: Uint8Array): bigint {
  return toInteger(Buffer.from(bytes).reverse().toString('base64url'));
}

/** The eight points whose order divides 8: every point times L has only torsion left. */
function findTorsionPoints(): Point[] {
  for (let y = 2n; ; y++) {
    const point = pointAt(y);
    const generator = point && multiply(point, L);
    if (!generator || multiply(generator, 4n)[1] === 1n) continue;
    return Array.from({ length: 8 }, (_, i) => multiply(generator, BigInt(i)));
  }
}

const TORSION = findTorsionPoints();

describe('Ed25519 keys', () => {
  const ys = [...new Set(TORSION.map(([, y]) => y))];

  it('the torsion points → five different y', () => {
    expect(ys).toHaveLength(5);
    expect(ys).toEqual(expect.arrayContaining([0n, 1n, P - 1n]));
  });

  it.each(ys.flatMap((y) => [0n, 1n].map((sign) => [y, sign] as const)))(
    'the point of small order y = %s with sign bit %s → key_weak [JOSE-KEY-P1]',
    (y, sign) => {
      const jwk = edJwk(encode(y, sign));
      expect(parsePublicJwk(jwk, 'Ed25519')).toBe('key_weak');
      expect(parsePublicJwk(jwk, 'EdDSA')).toBe('key_weak');
    },
  );

  it.each(Array.from({ length: 19 }, (_, i) => BigInt(i)))(
    'y = p + %s, another spelling of a small y → key_weak [JOSE-KEY-P1]',
    (small) => {
      expect(parsePublicJwk(edJwk(encode(P + small)), 'Ed25519')).toBe('key_weak');
      expect(parsePublicJwk(edJwk(encode(P + small, 1n)), 'Ed25519')).toBe('key_weak');
    },
  );

  it.each([
    ['3, an ordinary small y', encode(3n)],
    ['p - 2, the largest ordinary y', encode(P - 2n)],
    ['p - 2 with the sign bit', encode(P - 2n, 1n)],
    ['that of Alice', Buffer.from(KEYS.aliceEd25519.publicJwk.x ?? '', 'base64url')],
  ])('y = %s → accepted', (_name, point) => {
    const jwk = edJwk(point);
    expect(parsePublicJwk(jwk, 'Ed25519')).toEqual(jwk);
  });
});

describe('a proof forged without any private key', () => {
  function forge(alg: string, jwk: object, sign: (input: string) => Uint8Array): string {
    const input = `${toBase64url({ typ: 'dpop+jwt', alg, jwk })}.${toBase64url({ jti: 'x' })}`;
    return `${input}.${toBase64url(sign(input))}`;
  }

  function padded(octets: number, digestInfoStart: string, hash: Uint8Array): Uint8Array {
    const digestInfo = Buffer.concat([Buffer.from(digestInfoStart, 'hex'), hash]);
    const filler = Buffer.alloc(octets - digestInfo.length - 3, 0xff);
    return Buffer.concat([Buffer.of(0, 1), filler, Buffer.of(0), digestInfo]);
  }

  async function accepts(proof: string): Promise<boolean> {
    const algorithms = ['RS256', 'EdDSA', 'Ed25519'];
    return jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt', algorithms }).then(
      () => true,
      () => false,
    );
  }

  it('RSA with e = 1, the padded hash as signature → jose accepts it, its key is key_weak here [JOSE-KEY-P1]', async () => {
    const jwk = rsaJwk(modulus(2048), integer(1n));
    const proof = forge('RS256', jwk, (input) =>
      padded(
        256,
        '3031300d060960864801650304020105000420',
        createHash('sha256').update(input).digest(),
      ),
    );
    expect(await accepts(proof)).toBe(true);
    expect(parsePublicJwk(jwk, 'RS256')).toBe('key_weak');
  });

  // OpenSSL 3.0, and so jose on Node 20, accepts these forgeries; OpenSSL 3.5 refuses such keys. The
  // equation of RFC 8032 §5.1.7 holds wherever it is computed: [S]B = R + [k]A, here with S = 0.
  it.each(TORSION.map((a, i) => ({ a, name: `${i} times the generator` })))(
    'the Ed25519 point $name of the torsion, S = 0 and a fitting R → a valid signature by the equation, its key is key_weak here [JOSE-KEY-P1]',
    ({ a }) => {
      expect(forgedMessage(a)).toMatch(/^message [0-9]+$/);
      expect(parsePublicJwk(edJwk(encodePoint(a)), 'Ed25519')).toBe('key_weak');
    },
  );

  /** A message for which some R and S = 0 are a signature under the key A. */
  function forgedMessage(a: Point): string | undefined {
    const messages = Array.from({ length: 50 }, (_, i) => `message ${i}`);
    return messages.find((message) =>
      TORSION.some((r) => {
        const hash = createHash('sha512').update(encodePoint(r)).update(encodePoint(a));
        const k = fromLittleEndian(hash.update(message).digest()) % L;
        const [x, y] = add(r, multiply(a, k % 8n)); // the order of A divides 8
        return x === 0n && y === 1n;
      }),
    );
  }
});
