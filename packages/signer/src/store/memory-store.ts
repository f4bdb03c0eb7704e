import type { Store } from './store.ts';

/** A store that ends with the page or the process. Nothing of it is written anywhere. */
export function createMemoryStore(): Store {
  const values = new Map<string, unknown>();
  return {
    needsExtractableKeys: false,
    async get(name): Promise<unknown> {
      return values.get(name);
    },
    async set(name, value): Promise<void> {
      values.set(name, value);
    },
    async add(name, value): Promise<unknown> {
      if (!values.has(name)) values.set(name, value);
      return values.get(name);
    },
    async delete(name): Promise<void> {
      values.delete(name);
    },
  };
}
