import { describe, expect, it } from 'vitest';
import type { Suite } from '../../scripts/runtimes/suites.ts';
import { type Column, tableOf, withTable } from '../../scripts/runtimes/table.ts';
import type { Verdict } from '../../scripts/runtimes/verdict.ts';

const suite = (name: string): Suite => ({ name, title: name, folder: '', files: () => [] });
const verdict = (change: Partial<Verdict> = {}): Verdict => ({
  passed: 5,
  leftOut: {},
  faults: [],
  ...change,
});
const column = (title: string, results: Record<string, Verdict | string>): Column => ({
  title,
  version: '1.0',
  results: new Map(Object.entries(results)),
});

describe('tableOf', () => {
  it('each outcome → a cell of its own, and notes with the reasons', () => {
    const columns = [
      column('Bun', { core: verdict(), signer: verdict({ leftOut: { 'no sockets': 2 } }) }),
      column('Deno', { core: verdict({ faults: ['bad'] }), signer: 'no such thing' }),
      column('workerd', { core: verdict({ passed: 1, leftOut: { 'no sockets': 1, odd: 1 } }) }),
      { title: 'Node', absent: 'cannot be installed' },
    ];
    expect(tableOf(columns, [suite('core'), suite('signer')]).split('\n')).toEqual([
      '|  | Bun 1.0 | Deno 1.0 | workerd 1.0 | Node |',
      '| --- | ---: | ---: | ---: | ---: |',
      '| core | 5 | **failed** | 1 of 3 | absent |',
      '| signer | 5 of 7 | – | not run | absent |',
      '',
      '- Node is absent: cannot be installed',
      '- no sockets (Bun: 2 in signer; workerd: 1 in core)',
      '- odd (workerd: 1 in core)',
      '- not run: signer: no such thing (Deno)',
    ]);
  });

  it('test files about Node alone → counted under a table that has other engines', () => {
    const suites = [{ ...suite('core'), nodeOnly: 2 }, suite('signer')];
    const bun = tableOf([column('Bun', { core: verdict() })], suites);
    expect(bun.split('\n').at(-1)).toMatch(/^- test files about Node alone, .*: 2 of core$/);
    expect(tableOf([column('Node', { core: verdict() })], suites)).not.toContain('alone');
  });

  it('an absent engine → absent in every row, never a number', () => {
    const table = tableOf([{ title: 'Deno', absent: 'no' }], [suite('core'), suite('signer')]);
    expect(table).not.toMatch(/\d/);
    expect(table.match(/\| absent \|/g)).toHaveLength(2);
  });
});

describe('withTable', () => {
  const text =
    'a\n\n<!-- runtimes: written by npm run runtimes -- --write -->\nold\n<!-- /runtimes -->\nb\n';

  it('a text with marks → the table between them, twice the same', () => {
    const once = withTable(text, '| new |');
    expect(once).toMatch(/^a\n[\s\S]*\n\n\| new \|\n\n<!-- \/runtimes -->\nb\n$/);
    expect(once).not.toContain('old');
    expect(withTable(once, '| new |')).toBe(once);
  });

  it('a text without marks → an error', () => {
    expect(() => withTable('a', '')).toThrow(/lacks/);
  });
});
