import { expect } from 'vitest';
import type { Cell, Row } from '../../../../apps/client/src/comparison/compare.ts';
import { LANES } from '../../../../apps/client/src/comparison/lanes.ts';
import { SCENARIOS } from '../../../../apps/client/src/comparison/scenarios.ts';
import { formatTable } from '../../../../apps/client/src/report/table.ts';
import type { Account } from '../support/account.ts';
import { readText } from '../support/pages.ts';

/** What every run of the demo is held to: `story · lane → status outcome`, one a line. */
const SNAPSHOT = 'apps/client/test/__snapshots__/demo.test.ts.snap';

/** The table of the demo is what the program prints for the cells that its test demands. */
export const isDemoTable: Account = ({ text }) => {
  const cells = [...readText(SNAPSHOT).matchAll(/^ {2}"(\S+) · (\S+) → (\d+) ([^":]+)/gm)];
  expect(cells.length).toBeGreaterThan(50);
  const rows = SCENARIOS.map(
    ({ id, title, story, kind }): Row => ({
      id,
      title,
      story,
      kind,
      cells: LANES.flatMap(({ id: lane }) =>
        cells
          .filter(([, storyId, laneId]) => storyId === id && laneId === lane)
          .map(([, , , status, outcome]) => cellOf(lane, Number(status), outcome ?? '')),
      ),
    }),
  );
  const report = { issuer: '', resource: '', rows, costs: [], asExpected: true };
  const [table] = formatTable(report, { colour: false }).split('\n\nCost');
  expect(text).toBe(`${table}\n`);
};

function cellOf(lane: Cell['lane'], status: number, outcome: string): Cell {
  const reason = outcome === 'served' ? undefined : outcome;
  const expected = (reason ?? 'served') as Cell['expected'];
  return { lane, status, reason, sentence: undefined, expected, asExpected: true } as Cell;
}
