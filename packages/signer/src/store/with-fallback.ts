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
 * a browser that cannot keep keys. Keys that this page has seen stay known. Tokens that were kept before
 * are not brought back: another page may have renewed them or signed out since. What is kept from then on
 * ends with the page. It does not go back: one of two half-filled places would be old.
 *
 * @throws TypeError when `onFallback` is no function.
 */
export function withFallback(store: Store, { onFallback }: FallbackOptions): Store {
  if (typeof onFallback !== 'function') {
    throw new TypeError('onFallback: give a function that tells the person');
  }
  const memory = createMemoryStore();
  let failed = false;

  /** Tries the store; from its first failure on, the memory. */
  async function either<T>(work: (store: Store) => Promise<T>, onFailure = work): Promise<T> {
    if (failed) return work(memory);
    try {
      return await work(store);
    } catch (cause) {
      if (!failed) {
        failed = true;
        onFallback(cause);
      }
      return onFailure(memory);
    }
  }

  /** Takes away what other pages and the next visit would find. */
  async function forget(name: string): Promise<void> {
    await store.delete(name).catch(() => undefined);
  }

  return {
    needsExtractableKeys: store.needsExtractableKeys,
    get: (name) => either((one) => one.get(name)),
    set: (name, value) =>
      either(
        (one) => one.set(name, value),
        async () => {
          await memory.set(name, value);
          // What could not be replaced may be spent, such as a refresh token. What is kept later has
          // nothing to do with what is there: that is of other pages.
          await forget(name);
        },
      ),
    async add(name, value): Promise<unknown> {
      const kept = await either((one) => one.add(name, value));
      // What is added never changes, so it may be remembered.
      await memory.add(name, kept);
      return kept;
    },
    async delete(name): Promise<void> {
      await memory.delete(name);
      // Whoever signs out means everywhere, so it is tried whatever has failed before.
      if (failed) await forget(name);
      else
        await either(
          (one) => one.delete(name),
          () => forget(name),
        );
    },
  };
}
