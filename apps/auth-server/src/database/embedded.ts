import { PGlite } from '@electric-sql/pglite';

/** The part of embedded PostgreSQL that queries go through. */
export type EmbeddedClient = Pick<PGlite, 'query' | 'transaction' | 'close'>;

/** What embedded PostgreSQL throws; what the WebAssembly around it throws is not always an `Error`. */
interface Fault {
  readonly name?: string;
  readonly code?: string;
  readonly errno?: number;
  readonly cause?: unknown;
}

/** Faults of the file system by their WASI numbers. */
const ERRNO: Readonly<Record<number, string>> = {
  2: 'permission denied',
  29: 'input or output error',
  51: 'no space left on device',
  63: 'operation not permitted',
  69: 'read-only file system',
};

/**
 * Opens embedded PostgreSQL in a folder. A fault that it cannot get over by itself, such as a disk
 * without room for its journal, is answered as an outage, and the folder is opened anew for the next
 * query: what was committed is there.
 *
 * @throws Error when the folder cannot be opened.
 */
export async function openEmbeddedClient(folder: string): Promise<EmbeddedClient> {
  let current = Promise.resolve(await open(folder));

  async function use<Result>(work: (client: PGlite) => Promise<Result>): Promise<Result> {
    const used = current;
    let client: PGlite | undefined;
    try {
      client = await used;
      return await work(client);
    } catch (error) {
      if (client !== undefined && !isStuck(error)) throw error;
      if (current === used) {
        current = reopen(client, folder);
        // Whoever asks next hears of it.
        current.catch(() => {});
      }
      throw outage(error);
    }
  }

  return {
    query: (...parameters) => use((client) => client.query(...parameters)),
    transaction: (run) => use((client) => client.transaction(run)),
    close: async () => (await current).close(),
  };
}

async function open(folder: string): Promise<PGlite> {
  try {
    return await PGlite.create(folder);
  } catch (error) {
    const { name, errno } = error as Fault;
    if (name !== 'ErrnoError' || errno === undefined) throw error;
    throw new Error(ERRNO[errno] ?? `fault ${errno} of the file system`);
  }
}

async function reopen(stuck: PGlite | undefined, folder: string): Promise<PGlite> {
  // What cannot be closed any more is left to the collector.
  await stuck?.close().catch(() => {});
  return open(folder);
}

/** After a panic every query fails with 24000, or WebAssembly with an exception of its own. */
function isStuck(error: unknown): boolean {
  for (let at = error as Fault | undefined; at; at = at.cause as Fault | undefined) {
    if (at.code === '24000' || at instanceof WebAssembly.RuntimeError) return true;
    if (at.name === 'ErrnoError' || at.name === 'ExitStatus') return true;
  }
  return false;
}

/** With the code of PostgreSQL for faults of the system. */
function outage(cause: unknown): Error {
  return Object.assign(new Error('embedded PostgreSQL has to be opened anew', { cause }), {
    code: '58000',
  });
}
