import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Step } from './course.ts';

/** A pause of the garbage collector, in milliseconds on the clock of `performance.now`. */
export interface Collection {
  readonly startedAt: number;
  readonly duration: number;
}

/** Observes the garbage collector until it is told to end. */
export function observeCollections(): { end(): Promise<readonly Collection[]> } {
  const collections: Collection[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      collections.push({ startedAt: startTime, duration });
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return {
    async end(): Promise<readonly Collection[]> {
      // Node hands entries over in a later turn.
      await nextTurn();
      await nextTurn();
      observer.disconnect();
      return collections;
    },
  };
}

/**
 * Nanoseconds an operation, for each second: the time of its steps, and the pauses of the collector
 * between them, which come from the store as well as those within them.
 */
export function costs(
  steps: readonly Step[],
  collections: readonly Collection[],
): readonly number[] {
  const spent = new Map<number, { ms: number; count: number }>();
  const charge = (second: number, ms: number, count: number) => {
    const before = spent.get(second) ?? { ms: 0, count: 0 };
    spent.set(second, { ms: before.ms + ms, count: before.count + count });
  };
  for (const { second, count, startedAt, endedAt } of steps) {
    charge(second, endedAt - startedAt, count);
  }
  for (const { startedAt, duration } of collections) {
    const step = steps.findLast((one) => one.startedAt <= startedAt);
    if (step !== undefined && startedAt >= step.endedAt) charge(step.second, duration, 0);
  }
  return [...spent.values()].map(({ ms, count }) => (ms * 1e6) / count);
}
