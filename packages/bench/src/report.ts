import type { Result, Spread, TableResult } from './measure.ts';

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
  const rows = [['', 'µs/op', '× limit', 'p10–p90'], ...results.map(formatRow)];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
  return [
    title,
    ...lines,
    `p90/p10 of the limit: ${limitSpread.toFixed(2)}`,
    ...(isNoisy ? ['noisy machine: figures not to be quoted'] : []),
  ].join('\n');
}

function formatRow({ name, microseconds, timesLimit }: Result): readonly string[] {
  return [name, number(microseconds.median), number(timesLimit.median), range(timesLimit)];
}

function range({ p10, p90 }: Spread): string {
  return `${number(p10)}–${number(p90)}`;
}

/** Three digits that say something, whatever the size. */
function number(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}
