import { writeUnless } from '../publish.ts';
import type { Report } from './report.ts';

/** The report for machines: without the figures of noisy loads, unless they are asked for. */
export function publishedReport({ loads, targets, ...rest }: Report, evenNoisy: boolean): object {
  const isLeftOut = (connections: number): boolean =>
    !evenNoisy && loads.some((load) => load.connections === connections && load.isNoisy);
  return {
    ...rest,
    loads: loads.map(({ rows, ...load }) =>
      isLeftOut(load.connections) ? load : { ...load, rows },
    ),
    targets: targets.filter(({ connections }) => !isLeftOut(connections)),
  };
}

/**
 * Writes `docs/benchmarks/http.json`, unless a load was noisy.
 *
 * @returns a line that says what became of it
 */
export function writeReport(report: Report): Promise<string> {
  const noisy = report.loads
    .filter(({ isNoisy }) => isNoisy)
    .map(({ connections }) => `${connections} connections`);
  return writeUnless(noisy, 'http.json', publishedReport(report, false));
}
