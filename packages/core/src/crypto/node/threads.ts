import type { SignatureThread } from '../runtime-crypto.ts';

/** Whether a check of this turn of the event loop has run on the main thread already. */
let isTaken = false;
/** How many adaptive checks there were; tells whether any came while one was on the pool. */
let asked = 0;
/** How many such checks the pool has. */
let onPool = 0;
/** How many further checks stay on the main thread although one has run there in this turn. */
let spared = 0;
/** How many were spared last. */
let lastSpared = 0;
/** Requests that come together after a long row of single ones wait for no more than these. */
const MAX_SPARED = 32;

function freeMain(): void {
  isTaken = false;
}

/**
 * Whether a check is to run on the thread that asks. `'adaptive'` says yes once in a turn of the event
 * loop: a request that is alone there is answered soonest that way, and of several that came together
 * one keeps this thread busy while the others are on the pool. A caller that awaits one check after the
 * other without leaving the turn looks like several; {@link observed} tells the two apart.
 */
export function runsOnMain(thread: SignatureThread): boolean {
  if (thread !== 'adaptive') return thread === 'main';
  asked++;
  if (isTaken) {
    if (spared === 0) return false;
    spared--;
    return true;
  }
  isTaken = true;
  setImmediate(freeMain);
  return true;
}

/**
 * Learns from an adaptive check on the pool: one that was alone there, and during which no other was
 * asked for, has gained nothing, so some of the next ones stay on the main thread, twice as many each
 * time.
 */
export async function observed(check: Promise<boolean>): Promise<boolean> {
  const before = asked;
  const isFirst = onPool === 0;
  onPool++;
  try {
    return await check;
  } finally {
    onPool--;
    const wasAlone = isFirst && asked === before;
    lastSpared = wasAlone ? Math.min(2 * lastSpared + 1, MAX_SPARED) : 0;
    spared = lastSpared;
  }
}
