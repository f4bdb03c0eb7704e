import type { Fingerprint } from './fingerprint.ts';

/** One of the two halves of a memory replay store. A slot is where a record stands, or would. */
export interface Generation {
  /** How many records it may hold. */
  readonly capacity: number;
  /** How many slots are used; records that have expired count until theirs is used again. */
  readonly count: number;
  /** The latest second in which one of its records must still be remembered. */
  readonly lastUntil: number;
  /** The latest end of a record it has dropped: what ends no later may have been here. */
  readonly forgottenUntil: number;
  /**
   * The slot that holds a record, expired or not; else one whose record has expired on the way there,
   * which may be used again; else the empty one where the search ends.
   */
  find(fingerprint: Fingerprint, now: number): number;
  /** Whether a slot found for a record holds it, to be remembered now. */
  holds(slot: number, now: number): boolean;
  /** Puts a record into the slot that was found for it; false when there is no room. */
  put(slot: number, fingerprint: Fingerprint, until: number, now: number): boolean;
  /** Forgets everything, at no cost. */
  reset(): void;
}

/** The words of a slot: when the record ends, then its fingerprint. */
const SLOT_WORDS = 5;
export const SLOT_BYTES: number = SLOT_WORDS * Uint32Array.BYTES_PER_ELEMENT;
/** Above this share of full slots, searches of a table with linear probing get long. */
const MAX_LOAD = 0.75;
/** How many slots a full table looks at for one that can be emptied. */
const MAX_SEARCH = 64;

/**
 * A hash table with open addressing in one typed array that is never moved, so it makes no garbage and
 * no pause; the system gives its pages when they are first touched. Seconds are counted from an epoch
 * of the store, and every record of a life ends later than all of the life before: a slot whose end is
 * not later than that is empty, which is why forgetting everything is one assignment.
 */
export function createGeneration(bytes: number): Generation {
  const slots = Math.floor(bytes / SLOT_BYTES);
  const words = new Uint32Array(slots * SLOT_WORDS);
  const capacity = Math.floor(slots * MAX_LOAD);
  let count = 0;
  let lastUntil = 0;
  let forgottenUntil = 0;
  let emptyUntil = 0;

  const wordAt = (at: number): number => words[at] ?? 0;
  const next = (slot: number): number =>
    slot + SLOT_WORDS === words.length ? 0 : slot + SLOT_WORDS;

  /** Empties one slot whose record has expired. No search goes on beyond it, because the next is empty. */
  function freeOne(from: number, now: number): boolean {
    let slot = from;
    for (let i = 0; i < MAX_SEARCH; i++, slot = next(slot)) {
      const until = wordAt(slot);
      if (until > emptyUntil && until < now && wordAt(next(slot)) <= emptyUntil) {
        forgottenUntil = Math.max(forgottenUntil, until);
        words[slot] = 0;
        count--;
        return true;
      }
    }
    return false;
  }

  return {
    capacity,
    get count(): number {
      return count;
    },
    get lastUntil(): number {
      return lastUntil;
    },
    get forgottenUntil(): number {
      return forgottenUntil;
    },
    find(fingerprint, now): number {
      const a = fingerprint[0] ?? 0;
      const b = fingerprint[1];
      const c = fingerprint[2];
      const d = fingerprint[3];
      let slot = Math.floor((a * slots) / 2 ** 32) * SLOT_WORDS;
      let expired = -1;
      for (let until = wordAt(slot); until > emptyUntil; until = wordAt(slot)) {
        if (
          words[slot + 1] === a &&
          words[slot + 2] === b &&
          words[slot + 3] === c &&
          words[slot + 4] === d
        ) {
          return slot;
        }
        if (expired < 0 && until < now) expired = slot;
        slot = next(slot);
      }
      return expired < 0 ? slot : expired;
    },
    holds(slot, now): boolean {
      const until = wordAt(slot);
      return until > emptyUntil && until >= now;
    },
    put(slot, fingerprint, until, now): boolean {
      const former = wordAt(slot);
      if (former > emptyUntil) forgottenUntil = Math.max(forgottenUntil, former);
      else if (count < capacity || freeOne(slot, now)) count++;
      else return false;
      words[slot] = until;
      words[slot + 1] = fingerprint[0] ?? 0;
      words[slot + 2] = fingerprint[1] ?? 0;
      words[slot + 3] = fingerprint[2] ?? 0;
      words[slot + 4] = fingerprint[3] ?? 0;
      lastUntil = Math.max(lastUntil, until);
      return true;
    },
    reset(): void {
      emptyUntil = lastUntil;
      forgottenUntil = lastUntil;
      count = 0;
    },
  };
}
