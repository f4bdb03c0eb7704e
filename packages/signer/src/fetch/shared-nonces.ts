/** Where the newest nonce of each server is kept beside the memory of one `fetch`. */
export interface NonceStore {
  /** The newest nonce of an origin, or `undefined`. */
  get(origin: string): string | undefined;
  /** Keeps the newest nonce of an origin in place of the one before. */
  set(origin: string, nonce: string): void;
}

/** Nonces that several `fetch`es of one page share. */
export function createMemoryNonces(): NonceStore {
  const nonces = new Map<string, string>();
  return {
    get: (origin) => nonces.get(origin),
    set: (origin, nonce) => void nonces.set(origin, nonce),
  };
}

/** The part of the Web Storage interface that {@link createSharedNonces} uses. */
export type NonceStorage = Pick<globalThis.Storage, 'getItem' | 'setItem'>;

const PREFIX = 'dpop-nonce ';

/**
 * Nonces that all pages of an origin share, and the next visit too: what one tab learns spares the others
 * a refused request. A nonce is no secret of the client's, every response shows it to every script.
 *
 * Where the storage is forbidden or full, each page learns by itself.
 *
 * @param storage - left out, `localStorage`
 */
export function createSharedNonces(storage?: NonceStorage): NonceStore {
  return {
    get(origin): string | undefined {
      try {
        return (storage ?? localStorage).getItem(PREFIX + origin) ?? undefined;
      } catch {
        return undefined;
      }
    },
    set(origin, nonce): void {
      try {
        (storage ?? localStorage).setItem(PREFIX + origin, nonce);
      } catch {
        // The memory of the fetch that learnt it goes on.
      }
    },
  };
}
