import type { Suite } from './suites.ts';
import type { Verdict } from './verdict.ts';

/** What the matrix found out about an engine. */
export type Column = {
  readonly title: string;
} & (
  | { readonly absent: string }
  | {
      readonly version: string;
      /** By name of the suite: a verdict, or why it does not run there. */
      readonly results: ReadonlyMap<string, Verdict | string>;
    }
);

const BEGIN = '<!-- runtimes: written by npm run runtimes -- --write -->';
const END = '<!-- /runtimes -->';

/** The table and the notes under it, in Markdown. */
export function tableOf(columns: readonly Column[], suites: readonly Suite[]): string {
  const heads = columns.map((one) => ('absent' in one ? one.title : `${one.title} ${one.version}`));
  const notes = notesOf(columns, suites);
  const rows = suites.map(({ name, title }) => [title, ...columns.map((one) => cell(one, name))]);
  const lines = [['', ...heads], heads.map(() => '---:'), ...rows];
  lines[1]?.unshift('---');
  return [
    ...lines.map((cells) => `| ${cells.join(' | ')} |`),
    ...(notes.length > 0 ? ['', ...notes.map((note) => `- ${note}`)] : []),
  ].join('\n');
}

/**
 * The text with the table between its marks.
 *
 * @throws Error when the marks are not there.
 */
export function withTable(text: string, table: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the text lacks ${BEGIN} and ${END}`);
  return `${text.slice(0, begin)}${BEGIN}\n\n${table}\n\n${text.slice(end)}`;
}

function cell(column: Column, suite: string): string {
  if ('absent' in column) return 'absent';
  const result = column.results.get(suite);
  if (result === undefined) return 'not run';
  if (typeof result === 'string') return '–';
  if (result.faults.length > 0) return '**failed**';
  const left = sum(Object.values(result.leftOut));
  return left === 0 ? `${result.passed}` : `${result.passed} of ${result.passed + left}`;
}

/** Why something is absent, does not run or was left out: a line for each reason, with where it holds. */
function notesOf(columns: readonly Column[], suites: readonly Suite[]): readonly string[] {
  const places = new Map<string, Map<string, string[]>>();
  const note = (reason: string, engine: string, where: string): void => {
    const engines = places.get(reason) ?? new Map<string, string[]>();
    engines.set(engine, [...(engines.get(engine) ?? []), where]);
    places.set(reason, engines);
  };
  const absences: string[] = [];
  const skips = new Map<string, string[]>();
  for (const column of columns) {
    if ('absent' in column) {
      absences.push(`${column.title} is absent: ${column.absent}`);
      continue;
    }
    for (const { name, title } of suites) {
      const result = column.results.get(name);
      if (result === undefined || typeof result === 'string') continue;
      for (const [reason, count] of Object.entries(result.leftOut)) {
        note(reason, column.title, `${count} in ${title}`);
      }
    }
  }
  const lines = [...places].map(([reason, engines]) => {
    const where = [...engines].map(([engine, counts]) => `${engine}: ${counts.join(', ')}`);
    return `${reason} (${where.join('; ')})`;
  });
  const nodeOnly = suites.flatMap(({ title, nodeOnly: count = 0 }) =>
    count ? [`${count} of ${title}`] : [],
  );
  if (nodeOnly.length > 0 && columns.some(({ title }) => title !== 'Node')) {
    lines.push(
      `test files about Node alone, which run there only and are not in the numbers of the others: ${nodeOnly.join(', ')}`,
    );
  }
  for (const column of columns) {
    if ('absent' in column) continue;
    for (const { name, title } of suites) {
      const reason = column.results.get(name);
      if (typeof reason === 'string')
        skips.set(`${title}: ${reason}`, [
          ...(skips.get(`${title}: ${reason}`) ?? []),
          column.title,
        ]);
    }
  }
  const skipped = [...skips].map(
    ([what, titles]) => `not run: ${what} (${[...new Set(titles)].join(', ')})`,
  );
  return [...absences, ...lines, ...skipped];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
