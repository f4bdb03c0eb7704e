import type { Clock } from '@keybound/core';
import type { NonceStore } from './shared-nonces.ts';

/** What the client has learnt about one server. */
export interface ServerMemory {
  /** The newest nonce it sent. */
  nonce: string | undefined;
  /** How far its clock is ahead of ours. */
  clockOffsetSeconds: number;
}

// RFC 9449 §8.1; the length keeps a server from making our requests too large to send. Two field
// lines arrive joined by a comma and a blank, and the blank is not in the set.
const NONCE = /^[\x21\x23-\x5b\x5d-\x7e]{1,1024}$/;

const TOLERATED_SKEW_SECONDS = 2;

/** One memory for each origin (RFC 9449 §9: a nonce goes to the server it came from, only). */
export function createServerMemories(shared?: NonceStore): (origin: string) => ServerMemory {
  const memories = new Map<string, ServerMemory>();
  return (origin) => {
    let memory = memories.get(origin);
    if (memory === undefined) {
      memory = createServerMemory(origin, shared);
      memories.set(origin, memory);
    }
    return memory;
  };
}

function createServerMemory(origin: string, shared: NonceStore | undefined): ServerMemory {
  let nonce: string | undefined;
  // What others have learnt counts once: a store that takes nothing must not bring back an old nonce.
  let lastShared: string | undefined;
  return {
    clockOffsetSeconds: 0,
    get nonce(): string | undefined {
      const found = shared?.get(origin);
      if (found !== lastShared) {
        lastShared = found;
        // Other scripts can write there as well.
        if (found !== undefined && NONCE.test(found)) nonce = found;
      }
      return nonce;
    },
    set nonce(value: string | undefined) {
      nonce = value;
      if (value === undefined || shared === undefined) return;
      shared.set(origin, value);
      lastShared = shared.get(origin);
    },
  };
}

/** Keeps the nonce of a response, whatever its status (RFC 9449 §8.2), and gives it back. */
export function adoptNonce(memory: ServerMemory, response: Response): string | undefined {
  const nonce = response.headers.get('dpop-nonce');
  if (nonce === null || !NONCE.test(nonce)) return undefined;
  memory.nonce = nonce;
  return nonce;
}

/**
 * Sets the clock offset by the `Date` of a response, and says whether that changed anything: a `Date`
 * within two seconds of what we believed explains no rejection.
 */
export function adoptTime(memory: ServerMemory, response: Response, clock: Clock): boolean {
  const date = response.headers.get('date');
  const offset = Date.parse(date ?? '') / 1000 - clock();
  // Written so that an unreadable date, which is NaN, fails.
  if (!(Math.abs(offset - memory.clockOffsetSeconds) > TOLERATED_SKEW_SECONDS)) return false;
  memory.clockOffsetSeconds = offset;
  return true;
}
