import { describe, expect, it } from 'vitest';
import { createMemoryStore, type Store, withFallback } from '../src/index.ts';

/** A store whose methods can be made to fail. */
function fragileStore(): {
  readonly store: Store;
  readonly inner: Store;
  fail(...methods: (keyof Store)[]): void;
} {
  const inner = createMemoryStore();
  const failing = new Set<keyof Store>();
  const method = <T>(name: 'get' | 'set' | 'add' | 'delete', work: () => Promise<T>): Promise<T> =>
    failing.has(name) ? Promise.reject(new DOMException('full', 'QuotaExceededError')) : work();
  return {
    inner,
    fail: (...methods) => {
      for (const name of methods) failing.add(name);
    },
    store: {
      needsExtractableKeys: false,
      get: (name) => method('get', () => inner.get(name)),
      set: (name, value) => method('set', () => inner.set(name, value)),
      add: (name, value) => method('add', () => inner.add(name, value)),
      delete: (name) => method('delete', () => inner.delete(name)),
    },
  };
}

describe('a store with a fallback', () => {
  it.each(['get', 'set', 'add', 'delete'] as const)(
    '%s fails → in memory from then on, with the keys that were seen and without old tokens; it says so once',
    async (method) => {
      const heard: unknown[] = [];
      const { store: fragile, fail } = fragileStore();
      const store = withFallback(fragile, { onFallback: (cause) => heard.push(cause) });
      await store.set('token', 'old');
      expect(await store.add('key', 'k')).toBe('k');
      expect(heard).toEqual([]);
      fail('get', 'set', 'add', 'delete');
      const work = {
        get: () => store.get('x'),
        set: () => store.set('x', 1),
        add: () => store.add('x', 1),
        delete: () => store.delete('x'),
      };
      await Promise.all([work[method](), work[method]()]);
      expect(await store.get('token')).toBeUndefined();
      expect(await store.add('key', 'another')).toBe('k');
      expect(await store.get('key')).toBe('k');
      await store.set('token', 'new');
      expect(await store.get('token')).toBe('new');
      await store.delete('token');
      expect(await store.get('token')).toBeUndefined();
      expect(heard).toEqual([expect.objectContaining({ name: 'QuotaExceededError' })]);
    },
  );

  it('what could not be replaced is taken away, so that a spent token never comes back', async () => {
    const { store: fragile, inner, fail } = fragileStore();
    const store = withFallback(fragile, { onFallback: () => {} });
    await store.set('token', 'spent');
    fail('set');
    await store.set('token', 'new');
    expect(await inner.get('token')).toBeUndefined();
    expect(await store.get('token')).toBe('new');
  });

  it.each([
    ['set', 'new', 'of other pages'],
    ['delete', undefined, undefined],
  ] as const)(
    '%s after another failure → only who signs out takes away what the store still has',
    async (method, here, there) => {
      const { inner, ...fragile } = fragileStore();
      const store = withFallback(fragile.store, { onFallback: () => {} });
      await store.set('token', 'of other pages');
      fragile.fail('get');
      await store.get('other');
      await (method === 'set' ? store.set('token', here) : store.delete('token'));
      expect(await inner.get('token')).toBe(there);
      expect(await store.get('token')).toBe(here);
    },
  );

  it('what could not be deleted is tried once more', async () => {
    const { store: inner } = fragileStore();
    let times = 0;
    const store = withFallback(
      {
        ...inner,
        delete: async (name) => {
          if (++times === 1) throw new DOMException('', 'UnknownError');
          await inner.delete(name);
        },
      },
      { onFallback: () => {} },
    );
    await store.set('token', 'old');
    await store.delete('token');
    expect(await inner.get('token')).toBeUndefined();
  });

  it('what another page has deleted does not come back with the failure', async () => {
    const { store: fragile, inner, fail } = fragileStore();
    const store = withFallback(fragile, { onFallback: () => {} });
    await store.set('token', 'signed out elsewhere');
    await inner.delete('token');
    fail('get');
    expect(await store.get('token')).toBeUndefined();
  });

  it('it does not return to a store that works again', async () => {
    const { store: fragile, inner, fail } = fragileStore();
    const store = withFallback(fragile, { onFallback: () => {} });
    fail('get');
    await store.get('a');
    await store.set('a', 1);
    expect(await inner.get('a')).toBeUndefined();
  });

  it.each([[true], [false]])('it needs extractable keys where the store does: %s', (needs) => {
    const store = { ...createMemoryStore(), needsExtractableKeys: needs };
    expect(withFallback(store, { onFallback: () => {} }).needsExtractableKeys).toBe(needs);
  });

  it('nobody to tell → TypeError', () => {
    expect(() => withFallback(createMemoryStore(), {} as never)).toThrow(/^onFallback/);
  });
});
