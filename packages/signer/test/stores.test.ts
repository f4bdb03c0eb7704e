import { forceCloseDatabase, IDBFactory } from 'fake-indexeddb';
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

  it.each([[null], [false], [0], ['']])('%j is something too: nothing is added', async (value) => {
    const store = open();
    await store.set('a', value);
    expect(await store.add('a', 'second')).toBe(value);
    expect(await store.get('a')).toBe(value);
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

  it('fails to open once → asked again, and it works', async () => {
    const indexedDb = new IDBFactory();
    let times = 0;
    const factory = {
      open: (name: string, version: number) => {
        if (++times === 1) throw new DOMException('no', 'SecurityError');
        return indexedDb.open(name, version);
      },
    };
    const store = createIndexedDbStore({ database: 'd', indexedDb: factory as never });
    await expect(store.get('a')).rejects.toMatchObject({ name: 'SecurityError' });
    await store.set('a', 1);
    expect(await store.get('a')).toBe(1);
    expect(times).toBe(2);
  });

  it('has the database of a later version → VersionError', async () => {
    const { indexedDb } = watched();
    await opened(indexedDb.open('d', 2));
    const store = createIndexedDbStore({ database: 'd', timeoutSeconds: 1, indexedDb });
    await expect(store.get('a')).rejects.toMatchObject({ name: 'VersionError' });
  });

  it('closes the database by itself → it is opened again', async () => {
    const { indexedDb, databases } = watched();
    const store = createIndexedDbStore({ database: 'd', indexedDb });
    await store.set('a', 1);
    forceCloseDatabase(databases[0] as never);
    expect(await store.get('a')).toBe(1);
    expect(databases).toHaveLength(2);
  });

  it('is cleared by another page → that page does not wait, and this one begins anew', async () => {
    const { indexedDb } = watched();
    const store = createIndexedDbStore({ database: 'd', timeoutSeconds: 1, indexedDb });
    await store.set('a', 1);
    const deleting = indexedDb.deleteDatabase('d');
    const isBlocked = new Promise((resolve) => {
      deleting.onblocked = () => resolve(true);
      deleting.onsuccess = () => resolve(false);
    });
    expect(await isBlocked).toBe(false);
    expect(await store.get('a')).toBeUndefined();
  });

  it.each(['set', 'add', 'delete'] as const)(
    'takes %s back at the end of the transaction, as when the disk is full → it rejects',
    async (method) => {
      const { indexedDb, databases } = watched();
      const store = createIndexedDbStore({ database: 'd', timeoutSeconds: 1, indexedDb });
      await store.get('a');
      abortAfterFirstRequest(databases[0]);
      await expect(store[method]('a', 1)).rejects.toMatchObject({ name: 'AbortError' });
    },
  );

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

/** A factory, and the databases that were opened with it. */
function watched() {
  const indexedDb = new IDBFactory();
  const databases: IDBDatabase[] = [];
  const open = indexedDb.open.bind(indexedDb);
  indexedDb.open = (...names) => {
    const opening = open(...names);
    opening.addEventListener('success', () => databases.push(opening.result as never));
    return opening;
  };
  return { indexedDb: indexedDb as unknown as IDBFactory & globalThis.IDBFactory, databases };
}

function opened(opening: IDBOpenDBRequest): Promise<void> {
  return new Promise((resolve) => {
    opening.onsuccess = () => {
      opening.result.close();
      resolve();
    };
  });
}

/** The next transactions of a database end without effect once a request of theirs has gone well. */
function abortAfterFirstRequest(database: IDBDatabase | undefined): void {
  if (database === undefined) throw new Error('no database was opened');
  const begin = database.transaction.bind(database);
  database.transaction = (...names) => {
    const transaction = begin(...names);
    const objectStore = transaction.objectStore.bind(transaction);
    transaction.objectStore = (name) => {
      const values = objectStore(name);
      for (const method of ['put', 'add', 'delete'] as const) {
        const run = values[method].bind(values) as (...all: unknown[]) => IDBRequest;
        values[method] = ((...all: unknown[]) => {
          const request = run(...all);
          request.addEventListener('success', () => transaction.abort());
          return request;
        }) as never;
      }
      return values;
    };
    return transaction;
  };
}

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
    [true, 'a private key'],
  ])(
    'in a store that needs extractable keys: %s → exporting gives %s [DPOP-11.4-01]',
    async (needsExtractableKeys, expected) => {
      const store = { ...createMemoryStore(), needsExtractableKeys };
      await openSigner({ store });
      const { privateKey } = (await store.get('key:ES256')) as CryptoKeyPair;
      const outcome = await crypto.subtle.exportKey('jwk', privateKey).then(
        ({ d }) => (d === undefined ? 'a public key' : 'a private key'),
        ({ name }: DOMException) => name,
      );
      expect(outcome).toBe(expected);
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

  it('a private key that can be exported is there, and none has to be → TypeError, and it is left alone [DPOP-11.4-01]', async () => {
    const store = createMemoryStore();
    await openSigner({ store: { ...store, needsExtractableKeys: true } });
    const planted = await store.get('key:ES256');
    await expect(openSigner({ store })).rejects.toThrow(/can be exported/);
    expect(await store.get('key:ES256')).toBe(planted);
  });

  it('no store, or an algorithm nobody knows → TypeError', async () => {
    await expect(openSigner({} as never)).rejects.toThrow(/^store/);
    await expect(
      openSigner({ store: createMemoryStore(), algorithm: 'none' as never }),
    ).rejects.toThrow(/^algorithms: "none"/);
  });
});
