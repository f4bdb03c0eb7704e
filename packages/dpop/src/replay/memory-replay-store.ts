import {
  type Clock,
  type ReplayAnswer,
  type ReplayRecord,
  type ReplayStore,
  type ReplayStoreStatus,
  systemClock,
  UnavailableError,
} from '@keybound/core';
import { createFingerprint, createFingerprintKey } from './fingerprint.ts';
import { createGeneration, SLOT_BYTES } from './generation.ts';

/** Options of {@link createMemoryReplayStore}. */
export interface MemoryReplayStoreOptions {
  /**
   * The most memory records may take, in bytes; the process gives it out as records come. A full store
   * refuses requests (503) rather than forget a live proof: take 54 bytes × proofs per second × the
   * seconds a record lives, which are maximum age + future + 2 (92 by default).
   * @defaultValue 33554432: 32 MiB, about 629 000 live records
   */
  readonly maxBytes?: number;
  /**
   * What may have happened before this store was made. `'nothing'` takes every proof for unused: right
   * for a first start, and after a restart it lets a proof pass once more that was used before.
   * `'proofs-may-have-been-used'` says of proofs that old that it cannot tell; they are asked for a
   * nonce where nonces are given, and refused otherwise (503), for the seconds that proofs may be ahead.
   * @defaultValue 'nothing'
   */
  readonly before?: 'nothing' | 'proofs-may-have-been-used';
  /** What time it is; pass your own in tests. @defaultValue the system clock */
  readonly clock?: Clock;
}

/** A {@link ReplayStore} that answers at once and always knows its {@link ReplayStoreStatus}. */
export interface MemoryReplayStore extends Required<ReplayStore> {
  /**
   * Adds a record unless it is there already, and answers at once.
   *
   * @throws UnavailableError `replay_store` when it is full, or the clock has gone back.
   */
  add(record: ReplayRecord): ReplayAnswer;
}

/** Room for a handful of records in each generation. */
const MIN_BYTES = 16 * SLOT_BYTES;
const MAX_SECONDS = 2 ** 32;

/**
 * A {@link ReplayStore} in the memory of this process. A second process knows nothing of it: with several
 * instances use a shared store. Two generations of a hash table take turns: when every record of the
 * older one has expired, it is emptied and receives the new records. No timers, no garbage, no pause,
 * and never more than `maxBytes`.
 *
 * @throws TypeError when an option is not of the described form.
 */
export function createMemoryReplayStore(options: MemoryReplayStoreOptions = {}): MemoryReplayStore {
  const { maxBytes = 32 * 2 ** 20, before = 'nothing', clock = systemClock } = options;
  if (!Number.isSafeInteger(maxBytes) || maxBytes < MIN_BYTES) {
    throw new TypeError(`maxBytes: must be a whole number, ${MIN_BYTES} or more`);
  }
  if (before !== 'nothing' && before !== 'proofs-may-have-been-used') {
    throw new TypeError("before: must be 'nothing' or 'proofs-may-have-been-used'");
  }
  const startedAt = clock();
  const completeSince = before === 'nothing' ? 0 : startedAt;
  /** Ends of records are counted from here, so that they fit in 32 bits for a century. */
  const epoch = Math.floor(startedAt) - 1;
  const writeFingerprint = createFingerprint(createFingerprintKey());
  const fingerprint = new Uint32Array(4);
  let current = createGeneration(maxBytes / 2);
  let former = createGeneration(maxBytes / 2);

  function takeTurns(now: number): void {
    if (former.lastUntil >= now || current.count === 0) return;
    former.reset();
    [current, former] = [former, current];
  }

  function add({ id, rememberUntil }: ReplayRecord): ReplayAnswer {
    const now = clock() - epoch;
    const until = Math.ceil(rememberUntil) - epoch;
    takeTurns(now);
    writeFingerprint(id, fingerprint);
    const slot = current.find(fingerprint, now);
    if (current.holds(slot, now) || former.holds(former.find(fingerprint, now), now)) {
      return { isNew: false, completeSince };
    }
    const forgottenUntil = Math.max(current.forgottenUntil, former.forgottenUntil);
    if (!(until > forgottenUntil && until < MAX_SECONDS)) {
      // Only a clock that has gone back asks for so early an end, or one that has gone mad.
      throw new UnavailableError(
        'replay_store',
        'the clock has gone back; proofs of that time are forgotten',
        { retryAfterSeconds: 5 },
      );
    }
    if (!current.put(slot, fingerprint, until, now)) {
      throw new UnavailableError('replay_store', `the replay store is full (${maxBytes} bytes)`, {
        retryAfterSeconds: Math.floor(former.lastUntil - now) + 1,
      });
    }
    return { isNew: true, completeSince };
  }

  return {
    // One step with nothing awaited inside it, so parallel copies of a proof meet one after the other.
    add,
    status: (): ReplayStoreStatus => ({
      fill: Math.max(current.count, former.count) / current.capacity,
      completeSince,
    }),
  };
}
