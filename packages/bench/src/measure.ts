import { type Spread, spreadOf } from './spread.ts';
import type { Operation, Table } from './table.ts';

/** How long and how often is measured. */
export interface MeasureOptions {
  readonly rounds: number;
  /** How long each contender runs before anything counts. */
  readonly warmUpMs: number;
}

/** What was measured of one contender. */
export interface Result {
  readonly name: string;
  readonly microseconds: Spread;
  /** Its time in a round divided by that of the limit in the same round. */
  readonly timesLimit: Spread;
  readonly batch: number;
}

/** What was measured of one table; the limit comes first. */
export interface TableResult {
  readonly title: string;
  readonly results: readonly Result[];
  /** p90 / p10 of the limit itself: what the machine did, since the work is always the same. */
  readonly limitSpread: number;
  readonly isNoisy: boolean;
}

const MIN_ROUND_MS = 5;
/** Above {@link MIN_ROUND_MS} by this much, so that a fast round is still long enough. */
const ROUND_MARGIN = 1.2;
const MAX_BATCH = 20_000;
/** Above this p90 / p10 of work that is always the same, the machine was busy with something else. */
export const MAX_QUIET_SPREAD = 1.5;

/**
 * Measures the contenders of a table in turns: every round gives each of them one batch, one operation
 * at a time, in an order that moves on by one. Ratios are taken within a round, so what slows the
 * machine for longer than that slows both sides.
 */
export async function measureTable(
  table: Table,
  { rounds, warmUpMs }: MeasureOptions,
): Promise<TableResult> {
  const batches = await warmUp(table, warmUpMs);
  const samples = table.names.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    const operations = table.prepare(batches);
    for (let turn = 0; turn < operations.length; turn++) {
      const i = (round + turn) % operations.length;
      samples[i]?.push(await timeBatch(operations[i] ?? []));
    }
  }
  return summarize(table, batches, samples);
}

/** Runs every contender until it is compiled, and finds the batches that last long enough. */
async function warmUp(table: Table, warmUpMs: number): Promise<readonly number[]> {
  const batches = table.names.map(() => 4);
  const spentMs = table.names.map(() => 0);
  while (spentMs.some((ms) => ms < warmUpMs)) {
    const operations = table.prepare(batches);
    for (const [i, batch] of operations.entries()) {
      const perOperation = await timeBatch(batch);
      spentMs[i] = (spentMs[i] ?? 0) + (perOperation * batch.length) / 1000;
      const wanted = Math.ceil((MIN_ROUND_MS * ROUND_MARGIN * 1000) / perOperation);
      // At most doubled, because the first operations are the slow ones.
      batches[i] = Math.min(wanted, batch.length * 2, MAX_BATCH);
    }
  }
  return batches;
}

/** Microseconds an operation. */
async function timeBatch(operations: readonly Operation[]): Promise<number> {
  const start = performance.now();
  for (const operation of operations) {
    const outcome = operation();
    // Awaited only where there is something to await: the limit is synchronous.
    if (outcome instanceof Promise) await outcome;
  }
  return ((performance.now() - start) * 1000) / operations.length;
}

function summarize(
  { title, names }: Table,
  batches: readonly number[],
  samples: readonly (readonly number[])[],
): TableResult {
  const [limit = []] = samples;
  const results = names.map((name, i): Result => {
    const own = samples[i] ?? [];
    return {
      name,
      microseconds: spreadOf(own),
      timesLimit: spreadOf(own.map((time, round) => time / (limit[round] ?? Number.NaN))),
      batch: batches[i] ?? 0,
    };
  });
  const { p10, p90 } = spreadOf(limit);
  const limitSpread = p90 / p10;
  return { title, results, limitSpread, isNoisy: limitSpread > MAX_QUIET_SPREAD };
}
