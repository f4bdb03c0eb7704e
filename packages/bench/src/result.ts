import { MAX_OTHER_CORES, watchOtherPrograms } from './other-programs.ts';
import { ratioOf, type Spread, spreadOf } from './spread.ts';
import type { Entrant } from './table.ts';

/** What was measured of one contender. */
export interface Result extends Entrant {
  /** Microseconds an operation in each round; with several in flight, of wall clock. */
  readonly samples: readonly number[];
  readonly microseconds: Spread;
  /** Its time in a round divided by that of the limit in the same round. */
  readonly timesLimit: Spread;
  /** Operations a round. */
  readonly batch: number;
  /** How long an event waited for the event loop, in milliseconds; only with several in flight. */
  readonly loopDelayMs?: { readonly median: number; readonly p99: number };
}

/** What was measured of one table; the limit comes first. */
export interface TableResult {
  readonly id: string;
  readonly title: string;
  /** How many operations were under way at once; left out, one was, and its latency is what counts. */
  readonly inFlight?: number;
  readonly results: readonly Result[];
  /**
   * p90 / p10 of the limit itself: what the machine did, since the work is always the same. Where the
   * thread pool has a limit too, the larger: somebody else on the other core disturbs only that one.
   */
  readonly limitSpread: number;
  /** How many cores other programs used meanwhile; left out where nobody watched. */
  readonly otherCores?: number;
  readonly isNoisy: boolean;
}

/** Above this p90 / p10 of work that is always the same, the machine was busy with something else. */
export const MAX_QUIET_SPREAD = 1.5;

/** What one contender brings to {@link summarize}. */
export type Samples = Omit<Result, 'microseconds' | 'timesLimit'>;

/** The result of a table whose contenders were measured round by round; the limit comes first. */
export function summarize(
  table: Pick<TableResult, 'id' | 'title' | 'inFlight'>,
  measured: readonly Samples[],
): TableResult {
  const limit = measured[0]?.samples ?? [];
  const limitSpread = Math.max(...measured.filter(({ isBare }) => isBare).map(spreadWithin));
  return {
    ...table,
    results: measured.map((one) => ({
      ...one,
      microseconds: spreadOf(one.samples),
      timesLimit: ratioOf(one.samples, limit),
    })),
    limitSpread,
    isNoisy: limitSpread > MAX_QUIET_SPREAD,
  };
}

function spreadWithin({ samples }: Samples): number {
  const { p10, p90 } = spreadOf(samples);
  return p90 / p10;
}

/**
 * Measures again, a few times at most, what was noisy. Whether it was, the limit and the other programs
 * tell and nothing else, so that no figure is chosen for what it says.
 */
export async function untilQuiet(
  attempts: number,
  measure: () => Promise<TableResult>,
): Promise<TableResult> {
  const result = await watched(measure);
  return result.isNoisy && attempts > 1 ? untilQuiet(attempts - 1, measure) : result;
}

async function watched(measure: () => Promise<TableResult>): Promise<TableResult> {
  const otherCoresInUse = watchOtherPrograms();
  const result = await measure();
  const otherCores = otherCoresInUse();
  return { ...result, otherCores, isNoisy: result.isNoisy || otherCores > MAX_OTHER_CORES };
}
