import { formatColumns, formatNumber, formatRange } from './columns.ts';
import type { Result, TableResult } from './measure.ts';

/** Everything one run found out. */
export interface Report {
  readonly node: string;
  readonly cpu: string;
  readonly rounds: number;
  readonly tables: readonly TableResult[];
}

/** The report as text for people. */
export function formatReport({ node, cpu, rounds, tables }: Report): string {
  return [`Node ${node} · ${cpu} · ${rounds} rounds`, ...tables.map(formatTable)].join('\n\n');
}

function formatTable({ title, results, limitSpread, isNoisy }: TableResult): string {
  return [
    title,
    ...formatColumns([['', 'µs/op', '× limit', 'p10–p90'], ...results.map(formatRow)]),
    `p90/p10 of the limit: ${limitSpread.toFixed(2)}`,
    ...(isNoisy ? ['noisy machine: figures not to be quoted'] : []),
  ].join('\n');
}

function formatRow({ name, microseconds, timesLimit }: Result): readonly string[] {
  return [
    name,
    formatNumber(microseconds.median),
    formatNumber(timesLimit.median),
    formatRange(timesLimit),
  ];
}
