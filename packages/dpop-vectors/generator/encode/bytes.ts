import { createHash } from 'node:crypto';

/** The UTF-8 of a text. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Bytes in a row. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Big-endian octets of a number (RFC 8017 §4.1). */
export function octets(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let index = length - 1; index >= 0; index--) {
    bytes[index] = Number(rest & 255n);
    rest >>= 8n;
  }
  if (rest !== 0n) throw new RangeError('the number needs more octets');
  return bytes;
}

/** The number of big-endian octets. */
export function number(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** As many octets as a number needs, none of them a leading zero. */
export function shortestOctets(value: bigint): Uint8Array {
  return octets(value, Math.max(1, Math.ceil(value.toString(16).length / 2)));
}

/** A digest. */
export function hash(
  name: 'sha1' | 'sha256' | 'sha384' | 'sha512',
  data: Uint8Array | string,
): Uint8Array {
  return Uint8Array.from(createHash(name).update(data).digest());
}

/** Octets that follow from a label alone, as many as are wanted. */
export function derived(label: string, length: number): Uint8Array {
  let bytes = new Uint8Array(0);
  for (let block = 0; bytes.length < length; block++) {
    bytes = Uint8Array.from(concat(bytes, hash('sha512', `dpop-vectors/${label}/${block}`)));
  }
  return bytes.slice(0, length);
}
