import type { ReplayStore } from '@keybound/core';
import { MAX_QUIET_SPREAD } from '../result.ts';
import { type Spread, spreadOf } from '../spread.ts';
import { costs, observeCollections } from './collections.ts';
import type { StoreContender } from './contenders.ts';
import { createMovedClock, FILL_SECONDS, lookUp, runCourse } from './course.ts';
import { createRecords } from './records.ts';

/** What was measured of one contender with one number of live records. */
export interface StoreResult {
  readonly name: string;
  readonly live: number;
  /** Resident memory that the store added to the process, for each live record. */
  readonly bytes: {
    /** The most there was at the end of any second. */
    readonly peak: number;
    /** What a collection at the end left. */
    readonly collected: number;
  };
  /** Nanoseconds of adding a new record, once as many expire as come; one sample a second. */
  readonly add: Spread;
  /** Nanoseconds of adding a record that is there. */
  readonly lookUp: Spread;
  /** Nanoseconds in both that are not the store's: one call that is awaited, and looking at the watch. */
  readonly loop: Spread;
  /** Milliseconds, from the first record on: of ten adds in a row without waits, and of one pause of the collector. */
  readonly worst: { readonly adds: number; readonly collection: number };
  /** What it did wrong after how many records, if it did not get to the end. */
  readonly failure?: { readonly message: string; readonly added: number };
  /** What the machine did. */
  readonly machine: {
    /** p90 / p10 of work that is always the same. */
    readonly yardstickSpread: number;
    /** The most milliseconds that it kept adds waiting. */
    readonly longestWait: number;
    readonly isNoisy: boolean;
  };
}

/** In milliseconds. */
const MAX_QUIET_WAIT = 1;
const COMPILE_LIVE = 10_000;
const LOOP_LIVE = 200_000;
/** The loop with nothing in it. */
const KEEPS_NOTHING: ReplayStore = { add: async () => ({ isNew: true, completeSince: 0 }) };

/** Measures one contender in this process, which has done nothing else yet. */
export async function measureStore(
  { name, create }: StoreContender,
  live: number,
  collectGarbage: () => void,
): Promise<StoreResult> {
  const createRecord = createRecords();
  const clock = createMovedClock();
  await runCourse(create(COMPILE_LIVE, clock.read), clock, COMPILE_LIVE, createRecord);
  // Last, so that before memory is looked at all pages of the young generation have been in use.
  const loop = await runCourse(KEEPS_NOTHING, clock, LOOP_LIVE, createRecord);
  collectGarbage();
  const rssBefore = process.memoryUsage.rss();

  const store = create(live, clock.read);
  const observed = observeCollections();
  const course = await runCourse(store, clock, live, createRecord);
  const collections = await observed.end();
  collectGarbage();
  const rssAfter = process.memoryUsage.rss();

  const observedLater = observeCollections();
  const lookUps = await lookUp(store, clock, course.added, live, createRecord);
  const laterCollections = await observedLater.end();

  const { p10, p90 } = spreadOf(course.yardstick);
  const yardstickSpread = p90 / p10;
  return {
    name,
    live,
    bytes: { peak: (course.peakRss - rssBefore) / live, collected: (rssAfter - rssBefore) / live },
    add: spreadOf(costs(course.steps, collections).slice(FILL_SECONDS)),
    lookUp: spreadOf(costs(lookUps, laterCollections)),
    loop: spreadOf(costs(loop.steps, [])),
    worst: {
      adds: course.longestRun,
      collection: Math.max(0, ...collections.map(({ duration }) => duration)),
    },
    ...(course.failure !== undefined && {
      failure: { message: course.failure, added: course.added },
    }),
    machine: {
      yardstickSpread,
      longestWait: course.longestWait,
      isNoisy: yardstickSpread > MAX_QUIET_SPREAD || course.longestWait > MAX_QUIET_WAIT,
    },
  };
}
