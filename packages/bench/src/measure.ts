import { type Samples, summarize, type TableResult } from './result.ts';
import type { Entrant, Operation, Table } from './table.ts';

/** How long and how often is measured. */
export interface MeasureOptions {
  readonly rounds: number;
  /** How long each contender runs before anything counts. */
  readonly warmUpMs: number;
}

/** Long enough that caches which the contender before has filled with its own code are of little weight. */
const MIN_ROUND_MS = 20;
/** Above {@link MIN_ROUND_MS} by this much, so that a fast round is still long enough. */
const ROUND_MARGIN = 1.2;
/** What is faster than a microsecond is measured in shorter rounds instead of enormous ones. */
const MAX_BATCH = 2000;

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
  const samples = await interleave(table, batches, rounds, timeBatch);
  const { id, title } = table;
  return summarize({ id, title }, withSamples(table.entrants, samples, batches));
}

/**
 * Gives every contender of a table one batch a round, in an order that moves on.
 *
 * @returns what `time` said, for each contender round by round
 */
export async function interleave(
  table: Table,
  batches: readonly number[],
  rounds: number,
  time: (operations: readonly Operation[], contender: number) => Promise<number>,
): Promise<readonly (readonly number[])[]> {
  const samples = table.entrants.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    const operations = await table.prepare(batches);
    for (let turn = 0; turn < operations.length; turn++) {
      const i = (round + turn) % operations.length;
      samples[i]?.push(await time(operations[i] ?? [], i));
    }
  }
  return samples;
}

/** Puts the samples beside those they are of. */
export function withSamples(
  entrants: readonly Entrant[],
  samples: readonly (readonly number[])[],
  batches: readonly number[],
): readonly Samples[] {
  return entrants.map(({ name, version, isBare }, i) => ({
    name,
    ...(version !== undefined && { version }),
    ...(isBare !== undefined && { isBare }),
    samples: samples[i] ?? [],
    batch: batches[i] ?? 0,
  }));
}

/** Runs every contender until it is compiled, and finds the batches that last long enough. */
async function warmUp(table: Table, warmUpMs: number): Promise<readonly number[]> {
  const batches = table.entrants.map(() => 4);
  const spentMs = table.entrants.map(() => 0);
  const maxBatch = Math.min(table.maxBatch ?? MAX_BATCH, MAX_BATCH);
  while (spentMs.some((ms) => ms < warmUpMs)) {
    const operations = await table.prepare(batches);
    for (const [i, batch] of operations.entries()) {
      const perOperation = await timeBatch(batch);
      // The turns of the event loop between operations are not counted, and take time all the same.
      spentMs[i] = (spentMs[i] ?? 0) + ((perOperation + 1) * batch.length) / 1000;
      const wanted = Math.ceil((MIN_ROUND_MS * ROUND_MARGIN * 1000) / perOperation);
      // At most doubled, because the first operations are the slow ones.
      batches[i] = Math.min(wanted, batch.length * 2, maxBatch);
    }
  }
  return batches;
}

/**
 * Microseconds an operation. Each begins in a turn of the event loop of its own, as a request does
 * that comes alone; the turn itself is not counted.
 */
async function timeBatch(operations: readonly Operation[]): Promise<number> {
  let spentMs = 0;
  for (const operation of operations) {
    await nextTurn();
    const start = performance.now();
    const outcome = operation();
    // Awaited only where there is something to await: the limit is synchronous.
    if (outcome instanceof Promise) await outcome;
    spentMs += performance.now() - start;
  }
  return (spentMs * 1000) / operations.length;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
