import type { ReplayRecord } from '@keybound/core';

/** The longest that a record of a proof lives with the default window. */
export const LIFE_SECONDS = 92;

const OWNER = 'A'.repeat(43);

/** Makes the record of a proof that is made at an instant; the same number makes the same id. */
export type CreateRecord = (number: number, at: number) => ReplayRecord;

/**
 * Records as a resource server makes them. An id is 32 bytes as base64url, a string of its own like that
 * of a hash and much cheaper, so nobody has to keep ids in order to ask for them again.
 */
export function createRecords(): CreateRecord {
  const words = new Uint32Array(8);
  const bytes = Buffer.from(words.buffer);
  return (number, at) => {
    let word = number;
    for (let i = 0; i < words.length; i++) {
      word = scatter(word + i);
      words[i] = word;
    }
    return {
      id: bytes.toString('base64url'),
      owner: OWNER,
      usableFrom: at,
      rememberUntil: Math.floor(at) + LIFE_SECONDS,
    };
  };
}

/** The finalizer of MurmurHash3: no two words become one, so no two numbers make one id. */
function scatter(word: number): number {
  let x = word ^ (word >>> 16);
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
