import {
  type Clock,
  isUnavailableError,
  type ReplayAnswer,
  type ReplayStore,
} from '@keybound/core';
import { createMemoryReplayStore } from '@keybound/dpop';
import { LRUCache } from 'lru-cache';
import { nameAndVersion } from '../versions.ts';
import { LIFE_SECONDS } from './records.ts';

/** A way to remember used proofs. */
export interface StoreContender {
  /** Name and, for other people's software, version. */
  readonly name: string;
  /** Whether an error is this store's way to refuse a record that it has no room for. */
  refusesWith?(error: unknown): boolean;
  /** A store with room for as many live records, in the time of a clock that is moved by hand. */
  create(live: number, clock: Clock): ReplayStore;
}

/** The bytes a record that `maxBytes` of ours is documented to take. */
const OUR_BYTES = 54;
const SWEEP_SECONDS = 1;

/** Ours first; all others are divided by it. */
export const CONTENDERS: readonly StoreContender[] = [
  {
    name: 'keybound',
    refusesWith: isUnavailableError,
    create: (live, clock) => createMemoryReplayStore({ maxBytes: OUR_BYTES * live, clock }),
  },
  { name: 'Map, swept every second', create: createSweptMap },
  { name: `${nameAndVersion('lru-cache')} with ttl`, create: createLruCache },
  { name: 'two Sets that take turns', create: createRotatingSets },
];

/**
 * Ids with their ends. The sweep relies on a Map's order: as all records live as long, it can stop at
 * the first one that is alive, instead of looking at all of them as many do.
 */
function createSweptMap(_live: number, clock: Clock): ReplayStore {
  const ends = new Map<string, number>();
  let sweptAt = clock();

  function sweep(now: number): void {
    for (const [id, end] of ends) {
      if (end >= now) break;
      ends.delete(id);
    }
  }

  return {
    async add({ id, rememberUntil }): Promise<ReplayAnswer> {
      const now = clock();
      if (now >= sweptAt + SWEEP_SECONDS) {
        sweep(now);
        sweptAt = now;
      }
      const end = ends.get(id);
      if (end !== undefined && end >= now) return answer(false);
      ends.set(id, rememberUntil);
      return answer(true);
    },
  };
}

/** The cache as it is used for this, and as large as it has to be: a full one forgets what is alive. */
function createLruCache(live: number, clock: Clock): ReplayStore {
  const cache = new LRUCache<string, true>({
    // A second more than a record lives, for the differences within a second.
    max: Math.ceil((live * (LIFE_SECONDS + 1)) / LIFE_SECONDS),
    ttl: LIFE_SECONDS * 1000,
    perf: { now: () => clock() * 1000 },
  });
  return {
    async add({ id }): Promise<ReplayAnswer> {
      if (cache.has(id)) return answer(false);
      cache.set(id, true);
      return answer(true);
    },
  };
}

/** Two sets of ids: when the newer one has been filled for as long as a record lives, the older one goes. */
function createRotatingSets(_live: number, clock: Clock): ReplayStore {
  let current = new Set<string>();
  let former = new Set<string>();
  let turnAt = clock() + LIFE_SECONDS;
  return {
    async add({ id }): Promise<ReplayAnswer> {
      const now = clock();
      if (now > turnAt) {
        former = current;
        current = new Set();
        turnAt = now + LIFE_SECONDS;
      }
      if (current.has(id) || former.has(id)) return answer(false);
      current.add(id);
      return answer(true);
    },
  };
}

function answer(isNew: boolean): ReplayAnswer {
  return { isNew, completeSince: 0 };
}
