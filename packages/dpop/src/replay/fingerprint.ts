import { decodeBase64urlBriefly } from '@keybound/core';

/** Four 32-bit words: 128 bits of a record's id, permuted with a secret key. */
export type Fingerprint = Uint32Array;

/** Writes the fingerprint of an id into an array that the caller uses again and again. */
export type WriteFingerprint = (id: string, into: Fingerprint) => void;

/** A key: four words for before the permutation, four for after. */
export type FingerprintKey = readonly [
  ...before: readonly [number, number, number, number],
  ...after: readonly [number, number, number, number],
];

const ROUNDS = 12;

/** A random key, so that nobody can know beforehand where in a table a record will stand. */
export function createFingerprintKey(): FingerprintKey {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = crypto.getRandomValues(
    new Uint32Array(8),
  );
  return [a, b, c, d, e, f, g, h];
}

/**
 * The fingerprint of an id is its first 128 bits, encrypted: the Even–Mansour construction over the
 * Chaskey-12 permutation (Mouha et al., SAC 2014; ISO/IEC 29192-6), which works in 32-bit words as
 * JavaScript does. A permutation makes no two ids equal that were not, and under a secret key nobody can
 * choose ids that crowd one place of a hash table.
 *
 * The function throws TypeError when an id is not a SHA-256 hash as 43 base64url characters.
 */
export function createFingerprint(key: FingerprintKey): WriteFingerprint {
  const [k0, k1, k2, k3, k4, k5, k6, k7] = key;

  return (id, into) => {
    const bytes = decodeBase64urlBriefly(id);
    if (bytes?.length !== 32) throw new TypeError('id: must be 43 base64url characters');
    let a = wordAt(bytes, 0) ^ k0;
    let b = wordAt(bytes, 4) ^ k1;
    let c = wordAt(bytes, 8) ^ k2;
    let d = wordAt(bytes, 12) ^ k3;
    for (let round = 0; round < ROUNDS; round++) {
      a = (a + b) | 0;
      b = rotate(b, 5) ^ a;
      a = rotate(a, 16);
      c = (c + d) | 0;
      d = rotate(d, 8) ^ c;
      a = (a + d) | 0;
      d = rotate(d, 13) ^ a;
      c = (c + b) | 0;
      b = rotate(b, 7) ^ c;
      c = rotate(c, 16);
    }
    into[0] = a ^ k4;
    into[1] = b ^ k5;
    into[2] = c ^ k6;
    into[3] = d ^ k7;
  };
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Little-endian, as the published vectors of the permutation have it. */
function wordAt(bytes: Uint8Array, at: number): number {
  return (
    byteAt(bytes, at) |
    (byteAt(bytes, at + 1) << 8) |
    (byteAt(bytes, at + 2) << 16) |
    (byteAt(bytes, at + 3) << 24)
  );
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}
