import { styleText } from 'node:util';
import type { Report, Row } from '../comparison/compare.ts';
import { LANES } from '../comparison/lanes.ts';
import { cellWords, costRows, KIND_TITLES, type Mood } from './words.ts';

const COLOURS: Readonly<Record<Mood, Parameters<typeof styleText>[0]>> = {
  good: 'green',
  bad: 'red',
  fault: ['bold', 'inverse', 'red'],
  none: 'dim',
};

/** How the table is written. */
export interface TableOptions {
  readonly colour: boolean;
}

/** The report as one table for a terminal: scenarios down, lanes across, costs below. */
export function formatTable(report: Report, { colour }: TableOptions): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const costs = costRows(report);
  const titleWidth = widest([...report.rows, ...costs].map(({ title }) => title));
  const widths = LANES.map(({ id, title }, lane) =>
    widest([
      title,
      ...report.rows.map((row) => cellWords(row, id).text),
      ...costs.map(({ values }) => values[lane] ?? ''),
    ]),
  );
  const line = (title: string, cells: readonly string[]): string =>
    [title.padEnd(titleWidth), ...cells].join('  ').trimEnd();
  const pad = (text: string, lane: number): string => text.padEnd(widths[lane] ?? 0);

  const lines = [
    paint(
      'bold',
      line(
        '',
        LANES.map(({ title }, lane) => pad(title, lane)),
      ),
    ),
  ];
  let kind: Row['kind'] | undefined;
  for (const row of report.rows) {
    if (row.kind !== kind) lines.push('', paint('bold', KIND_TITLES[row.kind]));
    kind = row.kind;
    const cells = LANES.map(({ id }, lane) => {
      const { text, mood } = cellWords(row, id);
      return paint(COLOURS[mood], pad(text, lane));
    });
    lines.push(line(row.title, cells));
  }
  lines.push('', paint('bold', 'Cost'));
  for (const { title, values } of costs) {
    lines.push(line(title, values.map(pad)));
  }
  return lines.join('\n');
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => text.length));
}
