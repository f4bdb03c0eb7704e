/** The field primes of the NIST curves, big-endian (SP 800-186 §3.2.1). */
const FIELD_PRIME: Readonly<Record<string, Uint8Array>> = {
  'P-256': hex('ffffffff00000001000000000000000000000000ffffffffffffffffffffffff'),
  'P-384': hex(
    'fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff',
  ),
  'P-521': hex(`01${'ff'.repeat(65)}`),
};

/**
 * Whether some octets are an EC coordinate in its only form: as long as the field (RFC 7518
 * §6.2.1.2) and smaller than the field prime, so that x and x + p are not two spellings of one key.
 */
export function isEcCoordinate(crv: string, octets: Uint8Array): boolean {
  const prime = FIELD_PRIME[crv];
  return prime !== undefined && octets.length === prime.length && isSmaller(octets, prime);
}

const RSA_MIN_BITS = 2048;
const RSA_MAX_BITS = 8192;
const RSA_MAX_EXPONENT_OCTETS = 4;

/**
 * Whether an RSA key is unfit: a modulus below 2048 bits (RFC 7518 §3.3), above 8192 (a cheap way to
 * keep a server busy) or even, an exponent that is even, below 3 or above 32 bits. With e = 1 the
 * padded hash is its own signature, so such a key proves possession of nothing.
 */
export function isWeakRsaKey(modulus: Uint8Array, exponent: Uint8Array): boolean {
  const bits = bitLength(modulus);
  if (bits < RSA_MIN_BITS || bits > RSA_MAX_BITS || isEven(modulus)) return true;
  if (exponent.length > RSA_MAX_EXPONENT_OCTETS || isEven(exponent)) return true;
  return exponent.length === 1 && exponent[0] === 1;
}

/** The y coordinates of the points whose order divides the cofactor, where y is not near 0 or p. */
const SMALL_ORDER_Y: readonly Uint8Array[] = [
  hex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'),
  hex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
];

/**
 * Whether an encoded Ed25519 point is one for which signatures can be made without a private key, or
 * is not the canonical encoding of its point: y not below p (RFC 8032 §5.1.3), or a small order. Points
 * are little-endian, and the top bit is the sign of x.
 */
export function isWeakEd25519Point(point: Uint8Array): boolean {
  return isNearZero(point) || isNearPrime(point) || SMALL_ORDER_Y.some((y) => hasY(point, y));
}

/** Whether y is 0 or 1: points of order 4 and 1. */
function isNearZero(point: Uint8Array): boolean {
  return (point[0] ?? 0) <= 1 && hasY(point, NEAR_ZERO, 1);
}

/** Whether y is p - 1, the point of order 2, or p = 2^255 - 19 and above, which is not canonical. */
function isNearPrime(point: Uint8Array): boolean {
  return (point[0] ?? 0) >= 0xec && hasY(point, NEAR_PRIME, 1);
}

const NEAR_ZERO = new Uint8Array(32);
const NEAR_PRIME: Uint8Array = hex(`${'ff'.repeat(31)}7f`);

/** Whether a point has some y, from an octet on. */
function hasY(point: Uint8Array, y: Uint8Array, from = 0): boolean {
  if (((point[31] ?? 0) & 0x7f) !== y[31]) return false;
  for (let i = from; i < 31; i++) if (point[i] !== y[i]) return false;
  return true;
}

/** Compares two big-endian integers of the same length. */
function isSmaller(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function isEven(integer: Uint8Array): boolean {
  return ((integer.at(-1) ?? 0) & 1) === 0;
}

function bitLength(integer: Uint8Array): number {
  return integer.length * 8 - (Math.clz32(integer[0] ?? 0) - 24);
}

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
