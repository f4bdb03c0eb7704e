import { interleave, withSamples } from '../measure.ts';
import { summarize, type TableResult } from '../result.ts';
import { quantile } from '../spread.ts';
import type { Operation, Table } from '../table.ts';
import type { LoopProbe } from './loop-probe.ts';
import { runInFlight } from './run.ts';

/** How much is measured, and with what. */
export interface InFlightOptions {
  readonly inFlight: number;
  /** Operations a round for each contender. */
  readonly operations: number;
  readonly rounds: number;
  readonly probe: LoopProbe;
}

/** The share of rounds more that do not count, so that everything is compiled and cached. */
const WARM_UP_SHARE = 1 / 4;

/** Measures in turns, as `measureTable` does, the wall clock of many operations under way at once. */
export async function measureInFlight(
  table: Table,
  { inFlight, operations, rounds, probe }: InFlightOptions,
): Promise<TableResult> {
  const batches = table.entrants.map(() => operations);
  const waits = table.entrants.map((): number[] => []);

  async function time(batch: readonly Operation[], contender: number): Promise<number> {
    probe.start();
    const start = performance.now();
    await runInFlight(batch, inFlight);
    const elapsedMs = performance.now() - start;
    waits[contender]?.push(...(await probe.stop()));
    return (elapsedMs * 1000) / batch.length;
  }

  await interleave(table, batches, Math.ceil(rounds * WARM_UP_SHARE), time);
  for (const one of waits) one.length = 0;
  const samples = await interleave(table, batches, rounds, time);
  return summarize(
    { id: `${table.id}-${inFlight}`, title: `${table.title}, ${inFlight} in flight`, inFlight },
    withSamples(table.entrants, samples, batches).map((one, i) => ({
      ...one,
      loopDelayMs: delays(waits[i] ?? []),
    })),
  );
}

function delays(waits: readonly number[]): { median: number; p99: number } {
  const sorted = [...waits].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
}
