import {
  type Clock,
  type ReplayRecord,
  type ReplayStore,
  systemClock,
  UnavailableError,
} from '@keybound/core';

/** Options of {@link createMemoryReplayStore}. */
export interface MemoryReplayStoreOptions {
  /**
   * How many records may live at once; about 250 bytes each. A full store refuses requests (503)
   * rather than forget a live proof: take proofs per second × (maximum age + future + 2).
   * @defaultValue 500000
   */
  readonly maxEntries?: number;
  /** @defaultValue the system clock */
  readonly clock?: Clock;
}

/**
 * A {@link ReplayStore} in the memory of this process. A second process, and this one after a restart,
 * knows nothing of it: with several instances use a shared store. No timers; expired records go when
 * new ones come.
 *
 * @throws TypeError when `maxEntries` is not a positive integer.
 */
export function createMemoryReplayStore(options: MemoryReplayStoreOptions = {}): ReplayStore {
  const { maxEntries = 500_000, clock = systemClock } = options;
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) {
    throw new TypeError('maxEntries: must be a positive integer');
  }
  const live = new Set<string>();
  /** The same ids by the second in which they may be forgotten. */
  const idsBySecond = new Map<number, string[]>();
  let sweptAt = Number.NEGATIVE_INFINITY;
  /** The latest instant up to which records have been dropped. */
  let forgottenBefore = Number.NEGATIVE_INFINITY;

  function forgetExpired(now: number): void {
    if (now === sweptAt) return;
    sweptAt = now;
    forgottenBefore = Math.max(forgottenBefore, now);
    for (const [second, ids] of idsBySecond) {
      if (second >= now) continue;
      for (const id of ids) live.delete(id);
      idsBySecond.delete(second);
    }
  }

  function add({ id, rememberUntil }: ReplayRecord): boolean {
    const now = Math.floor(clock());
    forgetExpired(now);
    if (live.has(id)) return false;
    // The clock has gone back: the record may have been here and been forgotten since.
    if (now < forgottenBefore && rememberUntil < forgottenBefore) {
      throw new UnavailableError(
        'replay_store',
        'the clock has gone back; proofs of that time are forgotten',
        {
          retryAfterSeconds: forgottenBefore - rememberUntil,
        },
      );
    }
    if (live.size >= maxEntries) {
      throw new UnavailableError(
        'replay_store',
        `the replay store is full (${maxEntries} entries)`,
        {
          retryAfterSeconds: 1,
        },
      );
    }
    live.add(id);
    const second = Math.ceil(rememberUntil);
    const ids = idsBySecond.get(second);
    if (ids === undefined) idsBySecond.set(second, [id]);
    else ids.push(id);
    return true;
  }

  // One step with nothing awaited inside it, so parallel copies of a proof meet one after the other.
  return { add: async (record) => add(record) };
}
