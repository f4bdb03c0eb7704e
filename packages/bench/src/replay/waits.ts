import { openSync, readSync } from 'node:fs';

/** Milliseconds since the last call in which the main thread could have run and the machine ran others. */
export type TakeWait = () => number;

/**
 * What Linux counts for every thread, to the nanosecond; CPU time is known a few milliseconds late only.
 * Elsewhere nothing is known of waits, and they stay part of what is measured.
 */
export function createTakeWait(): TakeWait {
  const file = openSchedulerStatistics();
  if (file === undefined) return () => 0;
  const text = Buffer.alloc(128);
  const read = (): number => {
    const [, waited = 0] = text
      .toString('latin1', 0, readSync(file, text, 0, text.length, 0))
      .split(' ');
    return Number(waited) / 1e6;
  };
  let last = read();
  return () => {
    const before = last;
    last = read();
    return last - before;
  };
}

function openSchedulerStatistics(): number | undefined {
  try {
    return openSync('/proc/self/schedstat', 'r');
  } catch {
    return undefined;
  }
}
