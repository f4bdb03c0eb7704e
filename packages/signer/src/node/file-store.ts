import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { exclusively } from '../store/exclusively.ts';
import type { Store } from '../store/store.ts';
import { createSealer, type Header } from './sealed-file.ts';
import { fromWritten, toWritten } from './written-value.ts';

/** Options of {@link createFileStore}. */
export interface FileStoreOptions {
  /** The file; its folder has to exist. Relative to the working directory of this moment. */
  readonly path: string;
  /**
   * What the file is encrypted with, at least 8 characters. From the keyring of the system, a secret of
   * the deployment or the person; beside the file it protects nothing.
   */
  readonly passphrase: string;
}

const MIN_PASSPHRASE_CHARS = 8;
/** For the turn of one operation; those before it take a fraction of a second each. */
const WAIT_SECONDS = 60;

/** What is in the file: values as they are written, by name, and the header to write them with. */
interface Contents {
  readonly header: Header;
  readonly values: ReadonlyMap<string, unknown>;
}

/**
 * A store in one encrypted file, for command-line clients and services on Node. It keeps JSON values and
 * WebCrypto key pairs for signing, anywhere in a value; members that are undefined are left out. Key pairs
 * are written as JWKs, so private keys have to be extractable, and are again when they are read.
 *
 * AES-256-GCM with a key that scrypt derives from the passphrase (N 2^15, r 8, p 3), mode 0600. Each write
 * makes a new file beside the old one and puts it in its place, so after a crash there is the old or the
 * new; a `.tmp` file that is left over is encrypted and may be removed. The folder has to be on a file
 * system with hard links.
 *
 * Operations of one process come one after the other. Of processes that make the file at the same time,
 * one makes it and all read that. Further writes of several processes at once are not joined: the last
 * one wins, so give a service that runs more than once a file for each. Whoever can write to the folder
 * can put an older file back, unnoticed.
 *
 * @throws TypeError from the factory when the path is empty or the passphrase too short, and from `set`
 * and `add` when a value is more than JSON and extractable key pairs for signing.
 * @throws SignerError `store_unreadable` from each method when the passphrase is wrong, the file was
 * changed, or it is none of this store.
 * @throws Error of `node:fs` from each method when the file cannot be read or written.
 */
export function createFileStore(options: FileStoreOptions): Store {
  const { passphrase } = options;
  if (typeof options.path !== 'string' || options.path === '') {
    throw new TypeError('path: must be a non-empty text');
  }
  if (typeof passphrase !== 'string' || [...passphrase].length < MIN_PASSPHRASE_CHARS) {
    throw new TypeError(`passphrase: must have at least ${MIN_PASSPHRASE_CHARS} characters`);
  }
  const path = resolve(options.path);
  const sealer = createSealer(passphrase);
  const inTurn = <T>(task: () => Promise<T>): Promise<T> =>
    exclusively(`keybound file ${path}`, WAIT_SECONDS, task);

  /** Undefined when there is no file. Read each time, because another process may have written. */
  async function read(): Promise<Contents | undefined> {
    const sealed = await readFile(path).catch(unless('ENOENT'));
    if (sealed === undefined) return undefined;
    const { header, text } = await sealer.open(sealed, path);
    return { header, values: new Map(JSON.parse(text)) };
  }

  /**
   * Writes what `next` makes of the values, unless that is undefined.
   *
   * @returns the values that are in the file then
   */
  async function change(
    next: (values: Contents['values']) => Contents['values'] | undefined,
  ): Promise<Contents['values']> {
    for (;;) {
      const before = await read();
      const old = before?.values ?? new Map();
      const values = next(old);
      if (values === undefined) return old;
      const header = before?.header ?? sealer.createHeader();
      const sealed = await sealer.seal(header, JSON.stringify([...values]));
      // Another process may have made the file since: then its values come first.
      if (await write(path, sealed, before !== undefined)) return values;
    }
  }

  return {
    needsExtractableKeys: true,
    get: (name) => inTurn(async () => fromWritten((await read())?.values.get(name))),
    async set(name, value): Promise<void> {
      const written = await toWritten(value);
      await inTurn(() => change((values) => new Map(values).set(name, written)));
    },
    async add(name, value): Promise<unknown> {
      const written = await toWritten(value);
      const values = await inTurn(() =>
        change((old) => (old.has(name) ? undefined : new Map(old).set(name, written))),
      );
      return fromWritten(values.get(name));
    },
    async delete(name): Promise<void> {
      await inTurn(() =>
        change((values) =>
          values.has(name) ? new Map([...values].filter(([other]) => other !== name)) : undefined,
        ),
      );
    },
  };
}

/**
 * Puts a whole file in its place in one step.
 *
 * @param replaces - whether one may be there; otherwise false comes back when there is one
 */
async function write(path: string, octets: Buffer, replaces: boolean): Promise<boolean> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(octets);
      // Before the name points to it, so that no crash leaves a name without contents.
      await file.sync();
    } finally {
      await file.close();
    }
    if (replaces) {
      await rename(temporary, path);
    } else {
      // Unlike renaming, this fails when somebody was faster.
      const linked = await link(temporary, path).then(() => true, unless('EEXIST'));
      if (linked === undefined) return false;
    }
    await syncFolder(path);
    return true;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Makes the new name last as well, where the system lets folders be opened. Windows does not. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path)).catch(() => undefined);
  try {
    await folder?.sync();
  } catch {
    // The file itself is on the disk; the old one may come back after a crash.
  } finally {
    await folder?.close();
  }
}

/** Turns one error of the file system into undefined. */
function unless(code: string): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (error.code !== code) throw error;
    return undefined;
  };
}
