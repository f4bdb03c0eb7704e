import { randomBytes } from 'node:crypto';
import {
  createMemoryReplayStore,
  type MemoryReplayStore,
  type MemoryReplayStoreOptions,
} from '@keybound/dpop';

/** What a store holds by default. */
const DEFAULT_BYTES = 32 * 2 ** 20;
const PAGE_BYTES = 4096;
/** So many records for each page leave one in some thousands untouched. */
const RECORDS_PER_PAGE = 8;
const LIFE_SECONDS = 60;

/**
 * A memory store whose records have been all over its table, as after the first minutes of a server: the
 * system hands out a page when it is touched for the first time, which takes longer than ten records.
 */
export function createUsedReplayStore(options: MemoryReplayStoreOptions = {}): MemoryReplayStore {
  const store = createMemoryReplayStore(options);
  const pages = (options.maxBytes ?? DEFAULT_BYTES) / 2 / PAGE_BYTES;
  const now = Date.now() / 1000;
  for (let i = 0; i < pages * RECORDS_PER_PAGE; i++) {
    const id = randomBytes(32).toString('base64url');
    // The store answers in the same turn; nothing is to be awaited for it to have the record.
    void store.add({ id, owner: id, usableFrom: now, rememberUntil: now + LIFE_SECONDS });
  }
  return store;
}
