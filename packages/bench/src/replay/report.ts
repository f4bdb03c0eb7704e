import { formatColumns, formatNumber, formatRange } from '../columns.ts';
import type { StoreResult } from './measure.ts';

/** Everything one run found out. */
export interface Report {
  readonly node: string;
  readonly cpu: string;
  /** One for each number of live records; ours comes first. */
  readonly tables: readonly (readonly StoreResult[])[];
}

const HEADINGS: readonly string[] = [
  '',
  'bytes',
  '× ours',
  'after GC',
  'ns/add',
  'p10–p90',
  '× ours',
  'ns/look-up',
  'p10–p90',
  '× ours',
  'worst adds',
  'worst GC',
];

/** The report as text for people. */
export function formatReport({ node, cpu, tables }: Report): string {
  return [`Node ${node} · ${cpu}`, ...tables.map(formatTable)].join('\n\n');
}

function formatTable(results: readonly StoreResult[]): string {
  const [ours] = results;
  if (ours === undefined) return '';
  const loop = Math.max(...results.map((result) => result.loop.median));
  const spread = Math.max(...results.map(({ machine }) => machine.yardstickSpread));
  const wait = Math.max(...results.map(({ machine }) => machine.longestWait));
  return [
    `${ours.live.toLocaleString('en').replaceAll(',', ' ')} live records, each in a process of its own`,
    ...formatColumns([HEADINGS, ...results.map((result) => formatRow(result, ours))]),
    ...results.flatMap(formatFailure),
    `of the ns, ${formatNumber(loop)} are the call itself and the watch`,
    `p90/p10 of the yardstick: ${spread.toFixed(2)}; longest wait for the machine: ${formatNumber(wait)} ms`,
    ...(results.some(({ machine }) => machine.isNoisy)
      ? ['noisy machine: figures not to be quoted']
      : []),
  ].join('\n');
}

function formatRow(result: StoreResult, ours: StoreResult): readonly string[] {
  const { name, bytes, add, lookUp, worst } = result;
  return [
    name,
    formatNumber(bytes.peak),
    formatNumber(bytes.peak / ours.bytes.peak),
    formatNumber(bytes.collected),
    formatNumber(add.median),
    formatRange(add),
    formatNumber(add.median / ours.add.median),
    formatNumber(lookUp.median),
    formatRange(lookUp),
    formatNumber(lookUp.median / ours.lookUp.median),
    `${formatNumber(worst.adds)} ms`,
    `${formatNumber(worst.collection)} ms`,
  ];
}

function formatFailure({ name, failure }: StoreResult): readonly string[] {
  if (failure === undefined) return [];
  return [`${name} came to an end after ${failure.added} records: ${failure.message}`];
}
