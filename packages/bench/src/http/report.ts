import { formatColumns, formatNumber, formatRange } from '../columns.ts';
import type { Options } from './options.ts';
import type { LoadSummary, Row } from './summary.ts';
import type { Target } from './targets.ts';

/** Everything one run found out. */
export interface Report extends Pick<Options, 'rounds'> {
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  /** Threads that check signatures beside the main one, in each server. */
  readonly poolThreads: number;
  readonly loads: readonly LoadSummary[];
  readonly targets: readonly Target[];
}

/**
 * The report as text for people.
 *
 * @param evenNoisy - whether a noisy table has figures beside its warning
 */
export function formatReport(report: Report, evenNoisy: boolean): string {
  const { node, cpu, cores, poolThreads, rounds } = report;
  return [
    `Node ${node} · ${cpu} · ${cores} cores, ${poolThreads} threads in the pool · ${rounds} rounds`,
    ...report.loads.map((load) => formatLoad(load, evenNoisy)),
    formatTargets(report, evenNoisy),
  ].join('\n\n');
}

function formatLoad(load: LoadSummary, evenNoisy: boolean): string {
  const { connections, requests, rows, bareSpread, isNoisy } = load;
  const title = `${connections} ${connections === 1 ? 'connection' : 'connections'}, ${requests} requests each round`;
  const spread = `p90/p10 of the bare route: ${bareSpread.toFixed(2)}`;
  if (isNoisy && !evenNoisy) return [title, `noisy machine: no figures (${spread})`].join('\n');
  return [
    title,
    ...formatRows('DPoP', rows),
    '',
    ...formatRows('Bearer', rows),
    spread,
    ...(isNoisy ? ['noisy machine: figures not to be quoted'] : []),
  ].join('\n');
}

function formatRows(scheme: Row['receives'], rows: readonly Row[]): readonly string[] {
  const figures = ['requests/s', '× bare', 'p10–p90', '× raw', 'p50 ms', 'p99 ms'];
  const processes = ['CPU µs', 'CPU: bare ÷', 'raw ÷', 'loop %', 'client %', 'busy'];
  return formatColumns([
    [`${scheme} requests`, ...figures, ...processes],
    ...rows.filter(({ receives }) => receives === scheme).map(formatRow),
  ]);
}

function formatRow(row: Row): readonly string[] {
  const { besideBare, besideRaw } = row;
  return [
    row.name,
    formatNumber(row.perSecond.median),
    formatNumber(besideBare.perSecond.median),
    formatRange(besideBare.perSecond),
    besideRaw ? formatNumber(besideRaw.perSecond.median) : '',
    formatNumber(row.p50),
    formatNumber(row.p99),
    formatNumber(row.serverMicroseconds.median),
    formatNumber(besideBare.byCpu.median),
    besideRaw ? formatNumber(besideRaw.byCpu.median) : '',
    percent(row.serverLoop),
    percent(row.clientCpu),
    row.limitedBy,
  ];
}

function percent(share: number): string {
  return Number.isNaN(share) ? '–' : (share * 100).toFixed(0);
}

function formatTargets({ targets, loads }: Report, evenNoisy: boolean): string {
  const load = loads.find(({ connections }) => connections === targets[0]?.connections);
  if (load === undefined || (load.isNoisy && !evenNoisy)) return 'Targets: no figures';
  return [
    `Targets at ${load.connections} connections`,
    ...formatColumns([
      ['', 'at least', 'by requests/s', 'p10–p90', 'by CPU', 'verdict'],
      ...targets.map(({ what, atLeast, perSecond, byCpu, isMet }) => [
        what,
        formatNumber(atLeast),
        formatNumber(perSecond.median),
        formatRange(perSecond),
        formatNumber(byCpu.median),
        isMet ? 'met' : 'not met',
      ]),
    ]),
    ...(load.isNoisy ? ['noisy machine: figures not to be quoted'] : []),
  ].join('\n');
}
