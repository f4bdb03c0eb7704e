import { ed25519 } from '@noble/curves/ed25519.js';
import { concat, hash } from '../encode/bytes.ts';

/** The order of the base point of Ed25519. */
export const ED25519_ORDER: bigint = ed25519.Point.CURVE().n;

/** The public key of a seed (RFC 8032 §5.1.5). */
export function ed25519Public(seed: Uint8Array): Uint8Array {
  // The scalar may exceed the order of the group, which multiplies alike modulo it.
  return ed25519.Point.BASE.multiply(expanded(seed).scalar % ED25519_ORDER).toBytes();
}

/** Ed25519 (RFC 8032 §5.1.6), written out so that cases can vary its parts. */
export function ed25519Sign(seed: Uint8Array, message: Uint8Array): Uint8Array {
  const { scalar, prefix } = expanded(seed);
  const r = littleEndian(hash('sha512', concat(prefix, message))) % ED25519_ORDER;
  const R = ed25519.Point.BASE.multiply(r).toBytes();
  const k = challenge(R, ed25519Public(seed), message);
  return concat(R, littleOctets((r + k * scalar) % ED25519_ORDER, 32));
}

/** SHA-512(R ‖ A ‖ M) as a scalar. */
export function challenge(R: Uint8Array, A: Uint8Array, message: Uint8Array): bigint {
  return littleEndian(hash('sha512', concat(R, A, message))) % ED25519_ORDER;
}

/** The scalar and the prefix of a seed. */
export function expanded(seed: Uint8Array): {
  readonly scalar: bigint;
  readonly prefix: Uint8Array;
} {
  const digest = hash('sha512', seed);
  const low = digest.slice(0, 32);
  low[0] = (low[0] ?? 0) & 248;
  low[31] = ((low[31] ?? 0) & 127) | 64;
  return { scalar: littleEndian(low), prefix: digest.slice(32) };
}

export function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

export function littleOctets(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let index = 0; index < length; index++) {
    bytes[index] = Number(rest & 255n);
    rest >>= 8n;
  }
  if (rest !== 0n) throw new RangeError('the number needs more octets');
  return bytes;
}
