import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createChart } from './chart/chart.ts';
import type { Circumstances, Report } from './report.ts';
import type { Result, TableResult } from './result.ts';

/** A table as it stands in a file: without the samples, and without figures when it was noisy. */
type PublishedTable = Omit<TableResult, 'results'> & {
  readonly results?: readonly Omit<Result, 'samples'>[];
};

/** The folder that the README shows charts from, at the root of the repository. */
const FOLDER: URL = new URL('../../../docs/benchmarks/', import.meta.url);
/** What the chart shows, each where it has figures. */
const CHART_TABLES = ['dpop-warm-ES256', 'dpop-in-flight-ES256-64'] as const;

/** The report for machines. */
export function publishedReport(report: Report, evenNoisy: boolean): object {
  const { groups, memory, targets } = report;
  return {
    ...circumstancesOf(report),
    groups: groups.map(({ name, tables }) => ({
      name,
      tables: tables.map((table) => publishedTable(table, evenNoisy)),
    })),
    memory,
    targets,
  };
}

/**
 * Writes one file a group, the targets and the chart. A table that was noisy says so in its file instead
 * of figures; a file without any is left as it is.
 *
 * @returns a line for each file, saying what became of it
 */
export async function writeReport(report: Report): Promise<readonly string[]> {
  await mkdir(FOLDER, { recursive: true });
  const circumstances = circumstancesOf(report);
  const lines: string[] = [];
  for (const { name, tables } of report.groups) {
    if (tables.length === 0) continue;
    const published = tables.map((table) => publishedTable(table, false));
    const isAllNoisy = tables.every(({ isNoisy }) => isNoisy);
    lines.push(
      await writeUnless(isAllNoisy ? ['any table'] : [], `${name}.json`, {
        ...circumstances,
        tables: published,
      }),
    );
  }
  if (report.memory !== undefined) {
    lines.push(await writeUnless([], 'memory.json', { ...circumstances, ...report.memory }));
  }
  const { targets } = report;
  const isPartial = targets.some(({ verdict }) => verdict === 'not measured');
  lines.push(
    await writeUnless(isPartial ? ['some groups'] : [], 'targets.json', {
      ...circumstances,
      targets,
    }),
  );
  lines.push(await writeChart(report));
  return lines;
}

function circumstancesOf({ node, cpu, cores, poolThreads, rounds }: Report): Circumstances {
  return { node, cpu, cores, poolThreads, rounds };
}

function publishedTable({ results, ...table }: TableResult, evenNoisy: boolean): PublishedTable {
  if (table.isNoisy && !evenNoisy) return table;
  return { ...table, results: results.map(({ samples, ...result }) => result) };
}

/** Writes a file under `docs/benchmarks`, unless something has no figures; says in a line what it did. */
export async function writeUnless(
  faults: readonly string[],
  file: string,
  value: object,
): Promise<string> {
  if (faults.length > 0) return `${file} not written: no figures of ${faults.join(', ')}`;
  return writeIfChanged(file, `${JSON.stringify(value, roundNumbers, 2)}\n`);
}

async function writeChart({ groups, ...circumstances }: Report): Promise<string> {
  const tables = groups.flatMap((group) => group.tables);
  const shown = CHART_TABLES.flatMap((id) =>
    tables.filter((table) => table.id === id && !table.isNoisy),
  );
  if (shown.length === 0) return `dpop.svg not written: no figures of ${CHART_TABLES.join(' or ')}`;
  return writeIfChanged('dpop.svg', createChart(shown, circumstances));
}

async function writeIfChanged(file: string, text: string): Promise<string> {
  const url = new URL(file, FOLDER);
  const former = await readFile(url, 'utf8').catch(() => undefined);
  if (former === text) return `${file} is as it was`;
  await writeFile(url, text);
  return `${file} written`;
}

/** Four digits: the others are noise and would change with every run. */
function roundNumbers(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value)
    ? Number(value.toPrecision(4))
    : value;
}
