import { formatColumns, formatNumber, formatRange } from './columns.ts';
import type { MemoryResult } from './memory/measure.ts';
import type { GroupName } from './plan.ts';
import type { Result, TableResult } from './result.ts';
import { inverse } from './spread.ts';
import { formatEntrant } from './table.ts';
import type { TargetResult } from './targets.ts';

/** The machine and the effort behind a report. */
export interface Circumstances {
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  /** Threads that check signatures beside the main one. */
  readonly poolThreads: number;
  readonly rounds: number;
}

/** Everything one run found out. */
export interface Report extends Circumstances {
  readonly groups: readonly { readonly name: GroupName; readonly tables: readonly TableResult[] }[];
  readonly memory?: MemoryResult;
  readonly targets: readonly TargetResult[];
}

/**
 * The report as text for people.
 *
 * @param evenNoisy - whether a noisy table has figures beside its warning
 */
export function formatReport(report: Report, evenNoisy: boolean): string {
  const tables = report.groups.flatMap((group) => group.tables);
  return [
    formatCircumstances(report),
    ...tables.map((table) => formatTable(table, evenNoisy)),
    ...(report.memory === undefined ? [] : [formatMemory(report.memory)]),
    formatTargets(report.targets),
  ].join('\n\n');
}

function formatCircumstances({ node, cpu, cores, poolThreads, rounds }: Circumstances): string {
  return `Node ${node} · ${cpu} · ${cores} cores, ${poolThreads} threads in the pool · ${rounds} rounds`;
}

function formatTable(table: TableResult, evenNoisy: boolean): string {
  const { title, limitSpread, otherCores = 0, isNoisy } = table;
  const spread = `p90/p10 of the limit: ${limitSpread.toFixed(2)}; cores in use by others: ${otherCores.toFixed(2)}`;
  if (isNoisy && !evenNoisy) return [title, `noisy machine: no figures (${spread})`].join('\n');
  return [
    title,
    ...formatColumns(table.inFlight === undefined ? latencyRows(table) : throughputRows(table)),
    spread,
    ...(isNoisy ? ['noisy machine: figures not to be quoted'] : []),
  ].join('\n');
}

function latencyRows({ results }: TableResult): readonly (readonly string[])[] {
  return [
    ['', 'µs/op', '× limit', 'p10–p90'],
    ...results.map((result) => [
      formatEntrant(result),
      formatNumber(result.microseconds.median),
      formatNumber(result.timesLimit.median),
      formatRange(result.timesLimit),
    ]),
  ];
}

function throughputRows({ results }: TableResult): readonly (readonly string[])[] {
  return [
    ['', 'ops/s', '× limit', 'p10–p90', 'loop delay, ms', 'p99'],
    ...results.map((result) => [...throughputCells(result), ...loopDelayCells(result)]),
  ];
}

function throughputCells(result: Result): readonly string[] {
  const share = inverse(result.timesLimit);
  return [
    formatEntrant(result),
    formatNumber(inverse(result.microseconds, 1e6).median),
    formatNumber(share.median),
    formatRange(share),
  ];
}

function loopDelayCells({ loopDelayMs }: Result): readonly string[] {
  if (loopDelayMs === undefined) return ['', ''];
  return [formatNumber(loopDelayMs.median), formatNumber(loopDelayMs.p99)];
}

function formatMemory({ records, clients, steps }: MemoryResult): string {
  const megabytes = (bytes: number): string => formatNumber(bytes / 1e6);
  return [
    `Memory: ${records} live replay records, ${clients} cached tokens, ${clients} cached keys`,
    ...formatColumns([
      ['', 'resident, MB', 'heap, MB', 'external, MB'],
      ...steps.map(({ name, rssBytes, heapBytes, externalBytes }) => [
        name,
        megabytes(rssBytes),
        megabytes(heapBytes),
        megabytes(externalBytes),
      ]),
    ]),
  ].join('\n');
}

function formatTargets(targets: readonly TargetResult[]): string {
  return [
    'Targets',
    ...formatColumns([
      ['', 'goal', 'measured', 'p10–p90', 'verdict'],
      ...targets.map(({ name, goal, figure, unit, verdict }) => [
        name,
        goal,
        figure === undefined ? '–' : `${formatNumber(figure.median)} ${unit}`,
        figure === undefined || verdict === 'stated' ? '–' : formatRange(figure),
        verdict,
      ]),
    ]),
  ].join('\n');
}
