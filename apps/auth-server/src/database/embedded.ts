import { statfsSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';

/** The part of embedded PostgreSQL that queries go through. */
export type EmbeddedClient = Pick<PGlite, 'query' | 'transaction' | 'close'>;

/** Faults of the file system by their WASI numbers. */
const ERRNO: Readonly<Record<number, string>> = {
  2: 'permission denied',
  29: 'input or output error',
  51: 'no space left on device',
  63: 'operation not permitted',
  69: 'read-only file system',
};

/** Two files of the journal. */
const LEAST_ROOM_BYTES = 32 * 1024 * 1024;

/**
 * Opens embedded PostgreSQL in a folder. It keeps clear of a full disk: without room for its journal
 * embedded PostgreSQL never returns from a query, and the whole process stands still. What is asked
 * for before it comes to that fails as an outage, until there is room again.
 *
 * @throws Error when the folder cannot be opened.
 */
export async function openEmbeddedClient(folder: string): Promise<EmbeddedClient> {
  const client = await create(folder);
  return {
    async query(...parameters) {
      requireRoom(folder);
      return client.query(...parameters);
    },
    async transaction(run) {
      requireRoom(folder);
      return client.transaction(run);
    },
    close: () => client.close(),
  };
}

async function create(folder: string): Promise<PGlite> {
  try {
    return await PGlite.create(folder);
  } catch (error) {
    // What WebAssembly throws is no `Error` and has a number instead of a message.
    const { name, errno } = error as { readonly name?: string; readonly errno?: number };
    if (name !== 'ErrnoError' || errno === undefined) throw error;
    throw new Error(ERRNO[errno] ?? `fault ${errno} of the file system`);
  }
}

function requireRoom(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= LEAST_ROOM_BYTES) return;
  const mebibytes = LEAST_ROOM_BYTES / 1024 / 1024;
  // With the code of PostgreSQL for a full disk.
  throw Object.assign(new Error(`no space left on device: ${mebibytes} MiB must be free`), {
    code: '53100',
  });
}
