import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, it } from 'vitest';
import {
  createIndexedDbStore,
  createMemoryStore,
  openSigner,
  type Store,
  withFallback,
} from '../src/index.ts';

const KINDS: readonly (readonly [string, () => Store])[] = [
  ['memory', createMemoryStore],
  ['IndexedDB', () => createIndexedDbStore({ database: 'd', indexedDb: new IDBFactory() })],
  [
    'IndexedDB with a fallback',
    () => {
      const store = createIndexedDbStore({ database: 'd', indexedDb: new IDBFactory() });
      return withFallback(store, { onFallback: (cause) => expect.fail(String(cause)) });
    },
  ],
];

describe.each(KINDS)('the %s store', (_kind, open) => {
  it('gives what was set last, and nothing after it was deleted', async () => {
    const store = open();
    expect(await store.get('a')).toBeUndefined();
    await store.set('a', { token: 't', list: [1] });
    await store.set('b', 'other');
    await store.set('a', { token: 'u' });
    expect(await store.get('a')).toEqual({ token: 'u' });
    await store.delete('a');
    await store.delete('never there');
    expect(await store.get('a')).toBeUndefined();
    expect(await store.get('b')).toBe('other');
  });

  it('adds only where nothing is, and says what is there', async () => {
    const store = open();
    expect(await store.add('a', 'first')).toBe('first');
    expect(await store.add('a', 'second')).toBe('first');
    expect(await store.get('a')).toBe('first');
  });

  it('two that add at once get the same', async () => {
    const store = open();
    const kept = await Promise.all(['x', 'y', 'z'].map((value) => store.add('a', value)));
    expect(new Set(kept).size).toBe(1);
    expect(await store.get('a')).toBe(kept[0]);
  });
});

describe('IndexedDB', () => {
  it('two pages share what is in one database, and nothing with another', async () => {
    const indexedDb = new IDBFactory();
    const [one, two, other] = ['d', 'd', 'e'].map((database) =>
      createIndexedDbStore({ database, indexedDb }),
    ) as [Store, Store, Store];
    await one.set('a', 1);
    expect(await two.get('a')).toBe(1);
    expect(await other.get('a')).toBeUndefined();
  });

  it.each([
    ['is not there', undefined, 'NotSupportedError'],
    [
      'is forbidden',
      {
        open: () => {
          throw new DOMException('no', 'SecurityError');
        },
      },
      'SecurityError',
    ],
    ['never answers', { open: () => ({}) }, 'TimeoutError'],
  ])('%s → each method rejects', async (_name, factory, name) => {
    const store = createIndexedDbStore({
      database: 'd',
      timeoutSeconds: 0.01,
      indexedDb: factory as unknown as IDBFactory,
    });
    for (const work of [store.get('a'), store.set('a', 1), store.add('a', 1), store.delete('a')]) {
      await expect(work).rejects.toMatchObject({ name });
    }
  });

  it.each(['set', 'add'] as const)(
    '%s of a value that cannot be cloned → DataCloneError, nothing kept',
    async (method) => {
      const store = createIndexedDbStore({ database: 'd', indexedDb: new IDBFactory() });
      await expect(store[method]('a', () => {})).rejects.toMatchObject({ name: 'DataCloneError' });
      expect(await store.get('a')).toBeUndefined();
      await store.set('a', 1);
      expect(await store.get('a')).toBe(1);
    },
  );

  it.each([
    [{ database: '' }, /^database/],
    [{ database: 'd', timeoutSeconds: 0 }, /^timeoutSeconds/],
  ])('%j → TypeError', (options, sentence) => {
    expect(() => createIndexedDbStore(options)).toThrow(sentence);
  });
});

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
    '%s fails → it goes on in memory with all that was seen, and says so once',
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
      await work[method]();
      expect(await store.get('token')).toBe('old');
      expect(await store.add('key', 'another')).toBe('k');
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

  it('it does not return to a store that works again', async () => {
    const { store: fragile, inner, fail } = fragileStore();
    const store = withFallback(fragile, { onFallback: () => {} });
    fail('get');
    await store.get('a');
    await store.set('a', 1);
    expect(await inner.get('a')).toBeUndefined();
  });

  it('nobody to tell → TypeError', () => {
    expect(() => withFallback(createMemoryStore(), {} as never)).toThrow(/^onFallback/);
  });
});

describe('the signer that a store keeps', () => {
  it('is the same at each opening, other for another name or algorithm', async () => {
    const store = createMemoryStore();
    const first = await openSigner({ store });
    expect((await openSigner({ store })).publicJwk).toEqual(first.publicJwk);
    expect((await openSigner({ store, name: 'b' })).publicJwk).not.toEqual(first.publicJwk);
    const other = await openSigner({ store, algorithm: 'Ed25519' });
    expect([first.algorithm, other.algorithm]).toEqual(['ES256', 'Ed25519']);
    expect((await openSigner({ store })).publicJwk).toEqual(first.publicJwk);
  });

  it('is the same for pages that open it at once', async () => {
    const store = createMemoryStore();
    const signers = await Promise.all([1, 2, 3].map(() => openSigner({ store })));
    expect(new Set(signers.map(({ publicJwk }) => JSON.stringify(publicJwk))).size).toBe(1);
  });

  it.each([
    [false, 'InvalidAccessError'],
    [true, undefined],
  ])(
    'in a store that needs extractable keys: %s → exporting gives %s [DPOP-11.4-01]',
    async (needsExtractableKeys, name) => {
      const store = { ...createMemoryStore(), needsExtractableKeys };
      await openSigner({ store });
      const { privateKey } = (await store.get('key:ES256')) as CryptoKeyPair;
      const exporting = crypto.subtle.exportKey('jwk', privateKey);
      await (name === undefined
        ? expect(exporting).resolves.toHaveProperty('d')
        : expect(exporting).rejects.toMatchObject({ name }));
    },
  );

  it.each([['a text'], [null], [{ publicKey: 1, privateKey: 2 }]])(
    '%j is kept in the place of the key → TypeError, and it is left alone',
    async (value) => {
      const store = createMemoryStore();
      await store.set('key:ES256', value);
      const opening = openSigner({ store });
      if (value === null) {
        // Nothing in its place: a new key could orphan tokens, so it is refused as well.
        await expect(opening).rejects.toThrow(/is no key pair/);
      } else {
        await expect(opening).rejects.toThrow('store: what it keeps as key:ES256 is no key pair');
      }
      expect(await store.get('key:ES256')).toEqual(value);
    },
  );

  it('no store, or an algorithm nobody knows → TypeError', async () => {
    await expect(openSigner({} as never)).rejects.toThrow(/^store/);
    await expect(
      openSigner({ store: createMemoryStore(), algorithm: 'none' as never }),
    ).rejects.toThrow(TypeError);
  });
});
