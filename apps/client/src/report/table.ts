import { styleText } from 'node:util';
import type { Report, Row } from '../comparison/compare.ts';
import { LANES, type LaneId } from '../comparison/lanes.ts';
import { cellWords, costRows, KIND_TITLES, type Mood } from './words.ts';

type Style = Parameters<typeof styleText>[0];

const COLOURS: Readonly<Record<Mood, Style>> = {
  good: 'green',
  bad: 'red',
  fault: ['bold', 'inverse', 'red'],
  none: 'dim',
};

const GAP = '  ';
const LEGEND = '–: the story needs something that this lane does not have';

/** How the table is written. */
export interface TableOptions {
  readonly colour: boolean;
  /**
   * The width of the terminal; lanes that do not fit beside the others stand below them.
   * @defaultValue wide enough
   */
  readonly columns?: number | undefined;
}

/** A lane with everything that stands in its column. */
interface Column {
  readonly id: LaneId;
  readonly title: string;
  readonly costs: readonly string[];
  readonly width: number;
}

/** The report as a table for a terminal: scenarios down, lanes across, costs below. */
export function formatTable(report: Report, { colour, columns }: TableOptions): string {
  const paint = (style: Style, text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const costs = costRows(report);
  const titleWidth = widest([...report.rows, ...costs].map(({ title }) => title));
  const lanes = LANES.map(({ id, title }, index): Column => {
    const values = costs.map((row) => row.values[index] ?? '');
    const texts = report.rows.map((row) => cellWords(row, id).text);
    return { id, title, costs: values, width: widest([title, ...texts, ...values]) };
  });

  function formatPart(part: readonly Column[]): string {
    const line = (title: string, cells: readonly string[]): string =>
      [title.padEnd(titleWidth), ...cells].join(GAP).trimEnd();
    const heading = line(
      '',
      part.map(({ title, width }) => title.padEnd(width)),
    );
    const lines = [paint('bold', heading)];
    let kind: Row['kind'] | undefined;
    for (const row of report.rows) {
      if (row.kind !== kind) lines.push('', paint('bold', KIND_TITLES[row.kind]));
      kind = row.kind;
      const cells = part.map(({ id, width }) => {
        const { text, mood } = cellWords(row, id);
        return paint(COLOURS[mood], text.padEnd(width));
      });
      lines.push(line(row.title, cells));
    }
    lines.push('', paint('bold', 'Cost'));
    for (const [index, { title }] of costs.entries()) {
      const cells = part.map((column) => (column.costs[index] ?? '').padEnd(column.width));
      lines.push(line(title, cells));
    }
    return lines.join('\n');
  }

  const parts = splitByWidth(lanes, titleWidth, columns ?? Number.POSITIVE_INFINITY);
  return [...parts.map(formatPart), paint('dim', LEGEND)].join('\n\n');
}

/** The lanes in groups, each as wide as fits; a lane that fits nowhere stands alone. */
function splitByWidth(
  lanes: readonly Column[],
  titleWidth: number,
  columns: number,
): readonly (readonly Column[])[] {
  const parts: Column[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const lane of lanes) {
    const needed = GAP.length + lane.width;
    if (used + needed > columns || parts.length === 0) {
      parts.push([]);
      used = titleWidth;
    }
    parts.at(-1)?.push(lane);
    used += needed;
  }
  return parts;
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => text.length));
}
