import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, ReplayRecord, ReplayStore } from '@keybound/core';
import { type CreateRecord, LIFE_SECONDS } from './records.ts';
import { createTakeWait, type TakeWait } from './waits.ts';

/** A clock that stands still until somebody moves it. */
export interface MovedClock {
  now: number;
  readonly read: Clock;
}

/** Adds or look-ups of one turn of the event loop; times as `performance.now` gives them. */
export interface Step {
  /** Of the store's clock, from the first record on. */
  readonly second: number;
  readonly count: number;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What happened while records came. */
export interface Course {
  readonly steps: readonly Step[];
  /** The longest time that {@link RUN} adds took, in milliseconds without waits. */
  readonly longestRun: number;
  /** The longest time that the machine kept adds waiting, in milliseconds. */
  readonly longestWait: number;
  /** The most resident memory at the end of any second, in bytes. */
  readonly peakRss: number;
  /** Milliseconds of work that is always the same and touches no memory, once a step. */
  readonly yardstick: readonly number[];
  /** Records with numbers from 0 to before this one are in the store, or were. */
  readonly added: number;
  /** What the store did wrong, which was the end. */
  readonly failure?: string;
}

/** Adds between two looks at the watch: few beside a pause, enough to make the look cheap. */
const RUN = 10;
/** From as many milliseconds on, a run is asked whether it had to wait for the machine. */
const LONG_RUN = 0.5;
/** Adds in one turn of the event loop: about a millisecond. */
const STEP = 1000;
/** A little more than a life, so that whatever comes once in a life comes before this and after it. */
export const FILL_SECONDS: number = LIFE_SECONDS + 2;
const SECONDS = 2 * FILL_SECONDS;
const LOOK_UP_STEPS = 500;
/** As many seconds before the end of a course all records are alive. */
const LOOK_UP_SECONDS = LIFE_SECONDS - 2;
const YARDSTICK_ROUNDS = 20_000;

export function createMovedClock(): MovedClock {
  const clock: MovedClock = { now: 1_800_000_000, read: () => clock.now };
  return clock;
}

/**
 * Adds new records at a constant rate while the clock moves on: first until as many are alive as asked
 * for, then for as long again, in which as many expire as come.
 */
export async function runCourse(
  store: ReplayStore,
  clock: MovedClock,
  live: number,
  createRecord: CreateRecord,
): Promise<Course> {
  const perSecond = perSecondOf(live);
  const start = clock.now;
  const steps: Step[] = [];
  const yardstick: number[] = [];
  const takeWait = createTakeWait();
  let longestRun = 0;
  let longestWait = 0;
  let peakRss = 0;
  let added = 0;
  let failure: string | undefined;

  for (let second = 0; second < SECONDS && failure === undefined; second++) {
    const end = (second + 1) * perSecond;
    while (added < end && failure === undefined) {
      const count = Math.min(STEP, end - added);
      const records = Array.from({ length: count }, (_, i) =>
        createRecord(added + i, start + (added + i) / perSecond),
      );
      const startedAt = performance.now();
      const outcome = await addAll(store, clock, records, takeWait);
      steps.push({ second, count: outcome.added, startedAt, endedAt: performance.now() });
      longestRun = Math.max(longestRun, outcome.longestRun);
      longestWait = Math.max(longestWait, outcome.longestWait);
      added += outcome.added;
      failure = outcome.failure;
      yardstick.push(timeYardstick());
      await nextTurn();
    }
    peakRss = Math.max(peakRss, process.memoryUsage.rss());
  }
  return {
    steps,
    longestRun,
    longestWait,
    peakRss,
    yardstick,
    added,
    ...(failure !== undefined && { failure }),
  };
}

interface AddOutcome {
  added: number;
  longestRun: number;
  longestWait: number;
  failure?: string;
}

async function addAll(
  store: ReplayStore,
  clock: MovedClock,
  records: readonly ReplayRecord[],
  takeWait: TakeWait,
): Promise<Readonly<AddOutcome>> {
  const outcome: AddOutcome = { added: 0, longestRun: 0, longestWait: 0 };
  takeWait();
  let runStartedAt = performance.now();
  try {
    for (const record of records) {
      // Each is added in the instant it was made.
      clock.now = record.usableFrom;
      const { isNew } = await store.add(record);
      if (!isNew) return { ...outcome, failure: 'refuses a new record' };
      outcome.added++;
      if (outcome.added % RUN === 0) {
        const run = performance.now() - runStartedAt;
        const wait = run < LONG_RUN ? 0 : takeWait();
        outcome.longestRun = Math.max(outcome.longestRun, run - wait);
        outcome.longestWait = Math.max(outcome.longestWait, wait);
        runStartedAt = performance.now();
      }
    }
    return outcome;
  } catch (error) {
    return { ...outcome, failure: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Adds records once more that are there, picked at random.
 *
 * @throws Error when the store takes one of them for new.
 */
export async function lookUp(
  store: ReplayStore,
  { now }: MovedClock,
  added: number,
  live: number,
  createRecord: CreateRecord,
): Promise<readonly Step[]> {
  const alive = LOOK_UP_SECONDS * perSecondOf(live);
  const steps: Step[] = [];
  for (let second = 0; second < LOOK_UP_STEPS; second++) {
    const records = Array.from({ length: STEP }, () =>
      createRecord(added - 1 - Math.floor(Math.random() * alive), now),
    );
    let forgotten = 0;
    const startedAt = performance.now();
    for (const record of records) {
      const { isNew } = await store.add(record);
      if (isNew) forgotten++;
    }
    steps.push({ second, count: STEP, startedAt, endedAt: performance.now() });
    if (forgotten > 0) throw new Error('the store forgets live records');
    await nextTurn();
  }
  return steps;
}

function perSecondOf(live: number): number {
  return Math.round(live / LIFE_SECONDS);
}

let sink = 0;

function timeYardstick(): number {
  const startedAt = performance.now();
  for (let i = 0; i < YARDSTICK_ROUNDS; i++) sink = Math.imul(sink ^ i, 0x85ebca6b);
  return performance.now() - startedAt;
}
