import { p256, p384, p521 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { concat, hash, number, octets } from '../encode/bytes.ts';

/** A curve with its hash, as the algorithms of RFC 7518 §3.4 and RFC 8812 pair them. */
export const CURVES = {
  'P-256': { curve: p256, hash: 'sha256', size: 32 },
  'P-384': { curve: p384, hash: 'sha384', size: 48 },
  'P-521': { curve: p521, hash: 'sha512', size: 66 },
  secp256k1: { curve: secp256k1, hash: 'sha256', size: 32 },
} as const;

export type CurveName = keyof typeof CURVES;

/** The two integers of an ECDSA signature. */
export interface EcdsaSignature {
  readonly r: bigint;
  readonly s: bigint;
}

/** What may be chosen about a signature. */
export interface EcdsaChoice {
  /** @defaultValue follows from key and message */
  readonly k?: bigint;
  /** Which of the two equivalent values of `s`. @defaultValue whichever comes out */
  readonly s?: 'low' | 'high';
  /** @defaultValue that of the curve */
  readonly hash?: 'sha256' | 'sha384' | 'sha512';
}

/** Signs by the formula of FIPS 186-5 §6.4, with a `k` of one's own choice. */
export function ecdsaSign(
  name: CurveName,
  d: bigint,
  message: Uint8Array | string,
  choice: EcdsaChoice = {},
): EcdsaSignature {
  const { curve, hash: hashName, size } = CURVES[name];
  const n = order(name);
  // Of a hash that is longer than the order only the first bits count.
  const digest = hash(choice.hash ?? hashName, message).slice(0, size);
  const z = number(digest) % n;
  const k =
    choice.k ?? (number(hash('sha512', concat(octets(d, size), digest, digest))) % (n - 1n)) + 1n;
  const r = curve.Point.BASE.multiply(k).toAffine().x % n;
  let s = (inverse(k, n) * (z + r * d)) % n;
  const isHigh = s > n / 2n;
  if ((choice.s === 'low' && isHigh) || (choice.s === 'high' && !isHigh)) s = n - s;
  return { r, s };
}

/** R‖S in the fixed length of RFC 7518 §3.4. */
export function joinSignature(name: CurveName, { r, s }: EcdsaSignature): Uint8Array {
  const { size } = CURVES[name];
  return concat(octets(r, size), octets(s, size));
}

/** The order of the group of a curve. */
export function order(name: CurveName): bigint {
  return CURVES[name].curve.Point.CURVE().n;
}

/** The prime of the field of a curve. */
export function fieldPrime(name: CurveName): bigint {
  return CURVES[name].curve.Point.CURVE().p;
}

/** The public point of a private scalar. */
export function publicPoint(name: CurveName, d: bigint): { x: bigint; y: bigint } {
  return CURVES[name].curve.Point.BASE.multiply(d).toAffine();
}

/** The inverse modulo a prime, by the extended algorithm of Euclid. */
export function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b] = [((value % modulus) + modulus) % modulus, modulus];
  let [x, y] = [1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a % b];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}
