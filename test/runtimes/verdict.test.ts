import { describe, expect, it } from 'vitest';
import { LEFT_OUT, type SuiteReport } from '../../scripts/runtimes/engine/report.ts';
import type { KnownDifference } from '../../scripts/runtimes/known-differences.ts';
import { verdictOf } from '../../scripts/runtimes/verdict.ts';

const KNOWN: KnownDifference = {
  engine: 'bun',
  suite: 'core',
  title: 'a curve of its own',
  reason: 'it does not know the curve',
};

const report = (change: Partial<SuiteReport> = {}): SuiteReport => ({
  passed: 3,
  others: [],
  broken: [],
  ...change,
});

describe('verdictOf', () => {
  it('all tests passed → their number, no fault', () => {
    expect(verdictOf(report(), [])).toEqual({ passed: 3, leftOut: {}, faults: [] });
  });

  it.each<[string, Partial<SuiteReport>, string]>([
    ['a failed test', { others: [{ title: 'a > b', messages: ['no'] }] }, 'a > b: no'],
    ['a skipped test', { others: [{ title: 'a', messages: ['it is skip'] }] }, 'a: it is skip'],
    ['a file that cannot be read', { broken: [{ title: 'f', messages: ['x'] }] }, 'f: x'],
    ['a suite that runs nothing', { passed: 0 }, 'no test has passed'],
    [
      'an assertion that only quotes what is left out',
      { others: [{ title: 'a', messages: [`expected ${LEFT_OUT}files`] }] },
      `a: expected ${LEFT_OUT}files`,
    ],
    [
      'a file that is left out as a whole, whose tests nobody has counted',
      { broken: [{ title: 'f', messages: [`${LEFT_OUT}files`] }] },
      `f: ${LEFT_OUT}files`,
    ],
  ])('%s → a fault', (_name, change, fault) => {
    expect(verdictOf(report(change), []).faults).toEqual([fault]);
  });

  it('tests that ask for what the engine lacks → left out, by reason', () => {
    const others = ['a', 'b'].map((title) => ({ title, messages: [`${LEFT_OUT}files`, 'else'] }));
    expect(verdictOf(report({ others }), [])).toEqual({
      passed: 3,
      leftOut: { files: 2 },
      faults: [],
    });
  });

  it('a test of a known difference fails → left out with its reason', () => {
    const others = [{ title: 'x > a curve of its own → no', messages: ['no'] }];
    expect(verdictOf(report({ others }), [KNOWN])).toMatchObject({
      leftOut: { [KNOWN.reason]: 1 },
      faults: [],
    });
  });

  it('a test of a known difference passes → a fault, so that the row goes', () => {
    expect(verdictOf(report(), [KNOWN]).faults).toEqual([
      'no test shows the known difference "a curve of its own" any more',
    ]);
  });

  it('only what is left out, and nothing passed → a fault', () => {
    const others = [{ title: 'a', messages: [`${LEFT_OUT}files`] }];
    expect(verdictOf(report({ passed: 0, others }), []).faults).toEqual(['no test has passed']);
  });
});
