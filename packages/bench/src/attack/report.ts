import { formatColumns, formatNumber, formatRange } from '../columns.ts';
import type { TableResult } from '../result.ts';
import type { Attack } from './attack.ts';

/** One kind of request and what it costs. */
export interface Row extends Pick<Attack, 'name' | 'needs' | 'outcome' | 'boundBy'> {
  /** What the sender spends. */
  readonly octets: number;
  readonly result: TableResult['results'][number];
}

/** Everything one run found out. */
export interface Report extends Pick<TableResult, 'limitSpread' | 'isNoisy'> {
  readonly node: string;
  readonly cpu: string;
  readonly rounds: number;
  readonly rows: readonly Row[];
}

/** How many are named of those that cost most for what is sent. */
const NAMED = 5;
/** Above this many honest requests, a single one is worth a look. */
const DEAR = 3;

/**
 * The report as text for people.
 *
 * @param evenNoisy - whether a noisy run has figures beside its warning
 */
export function formatReport(report: Report, evenNoisy: boolean): string {
  const { node, cpu, rounds, rows, limitSpread, isNoisy } = report;
  const spread = `p90/p10 of the honest request: ${limitSpread.toFixed(2)}`;
  const circumstances = `Node ${node} · ${cpu} · ${rounds} rounds`;
  if (isNoisy && !evenNoisy) {
    return [circumstances, `noisy machine: no figures (${spread})`].join('\n\n');
  }
  return [
    circumstances,
    [
      'Cost of one request, as a multiple of an honest one',
      ...formatColumns([
        ['', 'µs', '× honest', 'p10–p90', 'octets', 'µs/kB', 'needs', 'ends with', 'bound by'],
        ...rows.map(formatRow),
      ]),
      spread,
      ...(isNoisy ? ['noisy machine: figures not to be quoted'] : []),
    ].join('\n'),
    dearOnes(rows),
    `Most time for what is sent:\n${dearestForOctets(rows)}`,
  ].join('\n\n');
}

function formatRow(row: Row): readonly string[] {
  const { name, needs, outcome, boundBy, octets } = row;
  const { microseconds, timesLimit } = row.result;
  return [
    name,
    formatNumber(microseconds.median),
    timesLimit.median.toFixed(2),
    formatRange(timesLimit),
    String(octets),
    formatNumber(perKilobyte(row)),
    needs,
    outcome,
    boundBy,
  ];
}

function dearOnes(rows: readonly Row[]): string {
  const dear = rows
    .filter(({ result }) => result.timesLimit.median > DEAR)
    .sort((a, b) => b.result.timesLimit.median - a.result.timesLimit.median);
  if (dear.length === 0) return `No request costs more than ${DEAR} honest ones.`;
  return [
    `More than ${DEAR} honest requests:`,
    ...dear.map(
      ({ name, needs, result }) =>
        `  ${result.timesLimit.median.toFixed(1)} × ${name} (needs: ${needs})`,
    ),
  ].join('\n');
}

function dearestForOctets(rows: readonly Row[]): string {
  return [...rows]
    .sort((a, b) => perKilobyte(b) - perKilobyte(a))
    .slice(0, NAMED)
    .map((row) => `  ${formatNumber(perKilobyte(row))} µs/kB ${row.name} (needs: ${row.needs})`)
    .join('\n');
}

/** Microseconds for a thousand octets. */
function perKilobyte({ octets, result }: Row): number {
  return (result.microseconds.median * 1000) / octets;
}
