import { KEYS, type Key } from './keys.ts';

/** The content of `keys.json`. */
export function publishedKeys(): object {
  const keys = Object.values(KEYS).map(({ name, alg, comment, jwk, privateJwk, jkt }: Key) => [
    name,
    { comment, alg, jkt, jwk, privateJwk },
  ]);
  return {
    schemaVersion: 1,
    comment: 'Key pairs of the vectors. They are published: use them for nothing but tests.',
    keys: Object.fromEntries(keys),
  };
}
