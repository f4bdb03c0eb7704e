import type { Store } from './store.ts';

/** Options of {@link createIndexedDbStore}. */
export interface IndexedDbStoreOptions {
  /** The name of the database; applications of one origin that share it share what is in it. */
  readonly database: string;
  /** How long the database may take to open or to answer. @defaultValue 5 */
  readonly timeoutSeconds?: number;
  /** What opens the database. @defaultValue the global `indexedDB` */
  readonly indexedDb?: IDBFactory | undefined;
}

const OBJECT_STORE = 'values';

/**
 * A store in the browser's IndexedDB, shared by all pages and workers of the origin, until the person
 * clears the data of the site. It keeps `CryptoKey`s as they are: a key that is not extractable stays so,
 * and whoever reads the database gets a handle to sign with, not the key (RFC 9449 §11.4).
 *
 * Every script of the origin can read it, injected script too; what is in it is not encrypted.
 *
 * @throws TypeError when an option is malformed.
 * @throws DOMException from each method where the browser forbids storage (`SecurityError`,
 * `InvalidStateError`), it is full (`QuotaExceededError`), it cannot keep keys (`DataCloneError`), or it
 * does not answer (`TimeoutError`).
 */
export function createIndexedDbStore(options: IndexedDbStoreOptions): Store {
  const { database, timeoutSeconds = 5, indexedDb } = options;
  if (typeof database !== 'string' || database === '') {
    throw new TypeError('database: must be a non-empty text');
  }
  if (!(timeoutSeconds > 0)) throw new TypeError('timeoutSeconds: must be more than 0');
  let opened: Promise<IDBDatabase> | undefined;

  function open(): Promise<IDBDatabase> {
    opened ??= openDatabase(
      () => indexedDb ?? globalThis.indexedDB,
      database,
      () => {
        opened = undefined;
      },
    );
    // A failure is not kept: the person may allow storage while the page is open.
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  }

  /** Runs one transaction and gives its result once the browser has taken it. */
  async function transact<T>(
    mode: IDBTransactionMode,
    work: (values: IDBObjectStore, end: End<T>) => void,
  ): Promise<T> {
    const transaction = (await open()).transaction(OBJECT_STORE, mode);
    return new Promise<T>((resolve, reject) => {
      let result: T;
      const end: End<T> = {
        with(value) {
          result = value;
        },
        // What is thrown in an event handler would reach nobody, DataCloneError for one.
        unless(step) {
          try {
            step();
          } catch (error) {
            reject(error);
            transaction.abort();
          }
        },
      };
      transaction.oncomplete = () => resolve(result);
      transaction.onabort = () => reject(transaction.error ?? new DOMException('', 'AbortError'));
      end.unless(() => work(transaction.objectStore(OBJECT_STORE), end));
    });
  }

  const inTime = <T>(work: Promise<T>): Promise<T> => withinSeconds(work, timeoutSeconds);

  return {
    needsExtractableKeys: false,
    get: (name) =>
      inTime(
        transact<unknown>('readonly', (values, end) => {
          const reading = values.get(name);
          reading.onsuccess = () => end.with(reading.result);
        }),
      ),
    set: (name, value) => inTime(transact('readwrite', (values) => void values.put(value, name))),
    add: (name, value) =>
      inTime(
        transact<unknown>('readwrite', (values, end) => {
          const reading = values.get(name);
          reading.onsuccess = () =>
            end.unless(() => {
              const isFree = reading.result === undefined;
              if (isFree) values.add(value, name);
              end.with(isFree ? value : reading.result);
            });
        }),
      ),
    delete: (name) => inTime(transact('readwrite', (values) => void values.delete(name))),
  };
}

/** How a transaction ends: with a value, or with what a step throws. */
interface End<T> {
  with(value: T): void;
  unless(step: () => void): void;
}

function openDatabase(
  factory: () => IDBFactory | undefined,
  name: string,
  onClose: () => void,
): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    // Asked for late: where storage is forbidden, the very name may throw.
    const indexedDb = factory();
    if (indexedDb === undefined) throw new DOMException('no IndexedDB here', 'NotSupportedError');
    const opening = indexedDb.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(OBJECT_STORE);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      database.onclose = onClose;
      // A page that clears the site's data must not have to wait for this one.
      database.onversionchange = () => {
        database.close();
        onClose();
      };
      resolve(database);
    };
  });
}

/** Some browsers leave a request to a damaged database without any answer. */
function withinSeconds<T>(work: Promise<T>, seconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new DOMException('IndexedDB does not answer', 'TimeoutError')),
      seconds * 1000,
    );
    work.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}
