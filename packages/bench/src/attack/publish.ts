import { writeUnless } from '../publish.ts';
import type { Report } from './report.ts';

/** The report for machines: without samples, and without figures when it is noisy, unless they are asked for. */
export function publishedReport({ rows, ...rest }: Report, evenNoisy: boolean): object {
  if (rest.isNoisy && !evenNoisy) return rest;
  return {
    ...rest,
    rows: rows.map(({ result: { microseconds, timesLimit }, ...row }) => ({
      ...row,
      microseconds,
      timesHonest: timesLimit,
    })),
  };
}

/**
 * Writes `docs/benchmarks/attack.json`, unless the run was noisy.
 *
 * @returns a line that says what became of it
 */
export function writeReport(report: Report): Promise<string> {
  const noisy = report.isNoisy ? ['the honest request'] : [];
  return writeUnless(noisy, 'attack.json', publishedReport(report, false));
}
