import type { Cell, Report, Row } from '../comparison/compare.ts';
import { LANES, type LaneId } from '../comparison/lanes.ts';

/** How a cell is to be read: good, bad, or bad and known to be so. */
export type Mood = 'good' | 'bad' | 'fault' | 'none';

/** A cell in words. */
export interface CellWords {
  readonly text: string;
  readonly mood: Mood;
}

/** What a cell says, the same in the terminal and on the page. */
export function cellWords(row: Row, lane: LaneId): CellWords {
  const cell = row.cells.find((one) => one.lane === lane);
  if (cell === undefined) return { text: '–', mood: 'none' };
  if (!cell.asExpected)
    return { text: `${outcome(cell)}, EXPECTED: ${cell.expected}`, mood: 'fault' };
  if (cell.reason !== undefined) return { text: outcome(cell), mood: 'good' };
  if (row.kind === 'honest') return { text: `${cell.status} ok`, mood: 'good' };
  return { text: `${cell.status} ${row.kind === 'theft' ? 'STOLEN' : 'not stopped'}`, mood: 'bad' };
}

function outcome({ status, reason }: Cell): string {
  return `${status} ${reason ?? (status < 300 ? 'served' : 'failed')}`;
}

/** A row of the cost table: what is counted, and the figure of each lane. */
export interface CostRow {
  readonly title: string;
  readonly values: readonly string[];
}

/** The cost table, lanes in their order. */
export function costRows({ costs }: Pick<Report, 'costs'>): readonly CostRow[] {
  const inOrder = LANES.flatMap(({ id }) => costs.filter(({ lane }) => lane === id));
  return [
    {
      title: 'credential bytes a request',
      values: inOrder.map(({ credentialBytes }) => String(credentialBytes)),
    },
    { title: 'µs to sign a request', values: inOrder.map(({ signUs }) => microseconds(signUs)) },
    {
      title: 'µs to check it at the API',
      values: inOrder.map(({ verifyUs }) => microseconds(verifyUs)),
    },
    { title: 'ms a request, median', values: inOrder.map(({ medianMs }) => medianMs.toFixed(2)) },
    {
      title: 'requests to the first answer',
      values: inOrder.map(({ firstRoundTrips }) => String(firstRoundTrips)),
    },
  ];
}

function microseconds(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(0);
}

/** The heading over the rows of each kind. */
export const KIND_TITLES: Readonly<Record<Row['kind'], string>> = {
  honest: 'Honest use',
  theft: 'Theft',
  limit: 'What a key does not stop',
};
