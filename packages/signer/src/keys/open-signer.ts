import { generateKeyPair, type SignatureAlgorithm, validateAlgorithms } from '@keybound/core';
import type { Store } from '../store/store.ts';
import { createSignerFromKeyPair } from './create-signer.ts';
import type { Signer } from './signer.ts';

/** Options of {@link openSigner}. */
export interface OpenSignerOptions {
  /** Where the key pair is kept. */
  readonly store: Store;
  /** Tells the keys in one store apart. @defaultValue 'key' */
  readonly name?: string;
  /** What the key signs with; each algorithm has a pair of its own. @defaultValue 'ES256' */
  readonly algorithm?: SignatureAlgorithm;
}

/**
 * The signer whose key pair a store keeps, with a new pair on the first call: the one key of a client
 * over reloads, tabs and restarts. Pages that call at once get the same pair.
 *
 * The private key is not extractable, except in stores that have to write it down
 * ({@link Store.needsExtractableKeys}). What else is found under the name is not used, and the call fails:
 * tokens may be bound to the key that ought to be there. Not noticed: a pair that script put there which has
 * a copy of it, made not extractable.
 *
 * @throws TypeError when an option is malformed, or the store gives no key pair for the algorithm.
 * @throws DOMException `NotSupportedError` when the runtime does not offer the algorithm, and whatever
 * the store rejects with.
 */
export async function openSigner(options: OpenSignerOptions): Promise<Signer> {
  const { store, name = 'key', algorithm = 'ES256' } = options;
  if (typeof store?.add !== 'function') {
    throw new TypeError('store: give a store, such as createIndexedDbStore returns');
  }
  validateAlgorithms([algorithm]);
  const place = `${name}:${algorithm}`;
  const kept =
    (await store.get(place)) ??
    (await store.add(place, await generateKeyPair(algorithm, store.needsExtractableKeys)));
  if (!isKeyPair(kept)) throw new TypeError(`store: what it keeps as ${place} is no key pair`);
  if (kept.privateKey.extractable && !store.needsExtractableKeys) {
    throw new TypeError(
      `store: the key it keeps as ${place} can be exported; delete it, sign in anew`,
    );
  }
  return createSignerFromKeyPair(kept, algorithm);
}

function isKeyPair(value: unknown): value is CryptoKeyPair {
  if (typeof value !== 'object' || value === null) return false;
  const { publicKey, privateKey } = value as Partial<Record<string, unknown>>;
  return publicKey instanceof CryptoKey && privateKey instanceof CryptoKey;
}
