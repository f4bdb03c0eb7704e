import type { MemoryResult } from './memory/measure.ts';
import type { TableResult } from './result.ts';
import { ratioOf, type Spread, spreadOf } from './spread.ts';

/** What became of a target in a run. */
export interface TargetResult {
  readonly name: string;
  readonly goal: string;
  readonly verdict: 'met' | 'not met' | 'noisy: no figure' | 'noisy' | 'not measured' | 'stated';
  /** Left out where there is none, or none to be quoted. */
  readonly figure?: Spread;
  readonly unit: '×' | 'µs' | 'MB';
}

/** The samples of a contender in a table; `limit` is the first one, whatever it is called. */
type Find = (table: string, contender: string) => readonly number[];

interface Target {
  readonly name: string;
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly unit: '×' | 'µs';
  /** What it is read from; noise in any of them spoils it. */
  readonly tables: readonly string[];
  read(find: Find): Spread;
}

const WARM = 'dpop-warm-ES256';
const COLD_KEY = 'dpop-cold-key-ES256';
const BEARER = 'bearer-warm-ES256';
const SIGNING = 'signing-ES256';
const ALONE = 'dpop-in-flight-ES256-1';
const CROWD = 'dpop-in-flight-ES256-64';
/** What two equal contenders may differ by in a run. */
const NO_LOSS = 0.97;

const TARGETS: readonly Target[] = [
  timesLimit('DPoP, warm, one at a time', 1.15, WARM),
  timesFaster('DPoP, warm, one at a time', 8, WARM, 'oauth4webapi'),
  timesFaster('DPoP, warm, one at a time', 6, WARM, 'express-oauth2-jwt-bearer'),
  timesLimit('DPoP, key never seen, token warm', 2.6, COLD_KEY),
  {
    name: 'DPoP, 64 in flight, adaptive or pool: throughput of the synchronous limit',
    atLeast: 1.5,
    unit: '×',
    tables: [CROWD],
    read: (find) =>
      fasterOf(
        ratioOf(find(CROWD, 'limit'), find(CROWD, 'keybound, adaptive')),
        ratioOf(find(CROWD, 'limit'), find(CROWD, 'keybound, pool')),
      ),
  },
  timesFaster('DPoP, 64 in flight, adaptive', 5, CROWD, 'oauth4webapi', 'keybound, adaptive'),
  {
    ...timesFaster(
      'DPoP, 1 in flight, adaptive',
      NO_LOSS,
      ALONE,
      'keybound, main',
      'keybound, adaptive',
    ),
    name: 'DPoP, 1 in flight, adaptive: throughput of main',
  },
  timesLimit('Bearer, no token cache', 1.08, BEARER, 'keybound, no token cache'),
  {
    name: 'Bearer, from the token cache',
    atMost: 3,
    unit: 'µs',
    tables: [BEARER],
    read: (find) => spreadOf(find(BEARER, 'keybound')),
  },
  timesLimit('Sign a proof', 1.15, SIGNING),
  timesFaster('Sign a proof', 6, SIGNING, 'dpop'),
];

/** Our time over that of the limit. */
function timesLimit(what: string, atMost: number, table: string, ours = 'keybound'): Target {
  return {
    name: `${what}: time of the limit`,
    atMost,
    unit: '×',
    tables: [table],
    read: (find) => ratioOf(find(table, ours), find(table, 'limit')),
  };
}

/** A peer's time over ours. */
function timesFaster(
  what: string,
  atLeast: number,
  table: string,
  peer: string,
  ours = 'keybound',
): Target {
  return {
    name: `${what}: faster than ${peer}`,
    atLeast,
    unit: '×',
    tables: [table],
    read: (find) => ratioOf(find(table, peer), find(table, ours)),
  };
}

function fasterOf(a: Spread, b: Spread): Spread {
  return a.median >= b.median ? a : b;
}

/**
 * Every target of the project, with what this run found out about it.
 *
 * @param evenNoisy - whether a figure of a noisy table is given, though not judged
 */
export function judgeTargets(
  tables: readonly TableResult[],
  memory: MemoryResult | undefined,
  evenNoisy: boolean,
): readonly TargetResult[] {
  return [...TARGETS.map((target) => judge(target, tables, evenNoisy)), stateMemory(memory)];
}

function judge(target: Target, tables: readonly TableResult[], evenNoisy: boolean): TargetResult {
  const { name, atMost = Number.POSITIVE_INFINITY, atLeast = 0, unit } = target;
  const goal = target.atMost === undefined ? `≥ ${atLeast} ${unit}` : `≤ ${atMost} ${unit}`;
  const sources = tables.filter(({ id }) => target.tables.includes(id));
  if (sources.length < target.tables.length) return { name, goal, unit, verdict: 'not measured' };
  const isNoisy = sources.some((table) => table.isNoisy);
  if (isNoisy && !evenNoisy) return { name, goal, unit, verdict: 'noisy: no figure' };
  const figure = target.read((id, contender) => samplesOf(sources, id, contender));
  if (isNoisy) return { name, goal, unit, figure, verdict: 'noisy' };
  const isMet = figure.median <= atMost && figure.median >= atLeast;
  return { name, goal, unit, figure, verdict: isMet ? 'met' : 'not met' };
}

function samplesOf(
  tables: readonly TableResult[],
  id: string,
  contender: string,
): readonly number[] {
  const results = tables.find((table) => table.id === id)?.results;
  const result =
    contender === 'limit' ? results?.[0] : results?.find(({ name }) => name === contender);
  if (result === undefined) throw new Error(`targets: no ${contender} in ${id}`);
  return result.samples;
}

function stateMemory(memory: MemoryResult | undefined): TargetResult {
  const target = {
    name: 'Memory of all that a server remembers',
    goal: 'stated',
    unit: 'MB',
  } as const;
  const bytes = memory?.steps[1]?.rssBytes;
  if (bytes === undefined) return { ...target, verdict: 'not measured' };
  const megabytes = bytes / 1e6;
  const figure = { p10: megabytes, median: megabytes, p90: megabytes };
  return { ...target, verdict: 'stated', figure };
}
