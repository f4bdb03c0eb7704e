import { createMemoryStore } from './memory-store.ts';
import type { Store } from './store.ts';

/** Options of {@link withFallback}. */
export interface FallbackOptions {
  /**
   * Hears, once, that the store failed and what with: from now on everything ends with the page. Tell
   * the person, who would otherwise wonder why the next visit begins with a sign-in.
   */
  readonly onFallback: (cause: unknown) => void;
}

/**
 * A store that goes on in memory when the one behind it fails: storage forbidden, full or damaged, or
 * a browser that cannot keep keys. What was read before stays known; what is kept from then on ends with
 * the page. It does not go back: one of two half-filled places would be old.
 *
 * @throws TypeError when `onFallback` is no function.
 */
export function withFallback(store: Store, { onFallback }: FallbackOptions): Store {
  if (typeof onFallback !== 'function') {
    throw new TypeError('onFallback: give a function that tells the person');
  }
  const memory = createMemoryStore();
  let failed = false;

  function fall(cause: unknown): void {
    if (failed) return;
    failed = true;
    onFallback(cause);
  }

  /** Tries the store; from its first failure on, the memory. */
  async function either<T>(work: (store: Store) => Promise<T>): Promise<T> {
    if (!failed) {
      try {
        return await work(store);
      } catch (cause) {
        fall(cause);
      }
    }
    return work(memory);
  }

  return {
    needsExtractableKeys: store.needsExtractableKeys,
    async get(name): Promise<unknown> {
      const value = await either((one) => one.get(name));
      // Kept here too, so that a failure later on loses nothing that this page has seen.
      if (!failed && value !== undefined) await memory.set(name, value);
      return value;
    },
    async set(name, value): Promise<void> {
      await memory.set(name, value);
      await either((one) => one.set(name, value));
      // An older value that could not be replaced, such as a spent refresh token, must not come back.
      if (failed) await store.delete(name).catch(() => undefined);
    },
    async add(name, value): Promise<unknown> {
      const kept = await either((one) => one.add(name, value));
      await memory.set(name, kept);
      return kept;
    },
    async delete(name): Promise<void> {
      await memory.delete(name);
      await either((one) => one.delete(name));
      if (failed) await store.delete(name).catch(() => undefined);
    },
  };
}
