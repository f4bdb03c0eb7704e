import { describe, expect, test } from 'vitest';
import { jsonReport } from '../src/report/json.ts';
import { junitReport } from '../src/report/junit.ts';
import { summary, textReport } from '../src/report/text.ts';
import { type CaseResult, countsOf, type Report } from '../src/report.ts';
import { parseXml } from './support/xml.ts';

function result(changes: Partial<CaseResult> & { readonly id: string }): CaseResult {
  return {
    name: `file/${changes.id}`,
    file: 'file',
    group: 'group',
    type: 'RsVerify',
    comment: `About ${changes.id}.`,
    flags: [],
    requirements: ['DPOP-4.3-06'],
    result: 'valid',
    verdict: 'passed',
    sentences: [],
    expected: 'accepted',
    came: 'accepted',
    ...changes,
  };
}

const RESULTS: readonly CaseResult[] = [
  result({ id: 'passed' }),
  result({
    id: 'failure',
    flags: ['KeylessForgery', 'Oversize'],
    verdict: 'failure',
    sentences: ['One.', 'Two.'],
    expected: 'refused',
  }),
  result({ id: 'warning', group: 'other', verdict: 'warning', sentences: ['The status is 400.'] }),
  result({ id: 'base', group: 'other', verdict: 'not-testable', sentences: ['No.'], came: null }),
  result({
    id: 'skip-a',
    file: 'last',
    name: 'last/skip-a',
    verdict: 'skipped',
    sentences: ['Why.'],
  }),
  result({
    id: 'skip-b',
    file: 'last',
    name: 'last/skip-b',
    verdict: 'skipped',
    sentences: ['Why.'],
  }),
];

const REPORT: Report = {
  software: { name: 'software', version: '1.0' },
  counts: countsOf(RESULTS),
  results: RESULTS,
};

describe('the text report', () => {
  test('groups by file and group, tells what is not as it should be, and sums up', () => {
    expect(textReport(REPORT)).toBe(`DPoP vectors against software 1.0

file
  group (RsVerify): 1 passed, 0 warnings, 1 failure, 0 not testable, 0 skipped
    FAILURE file/failure
      About failure.
      - One.
      - Two.
      expected: refused
      came: accepted
      flags: KeylessForgery, Oversize
      requirements: DPOP-4.3-06
  other (RsVerify): 0 passed, 1 warning, 0 failures, 1 not testable, 0 skipped
    WARNING file/warning
      About warning.
      - The status is 400.
      expected: accepted
      came: accepted
      requirements: DPOP-4.3-06
    NOT TESTABLE file/base
      About base.
      - No.
      expected: accepted
      came: no answer
      requirements: DPOP-4.3-06

last
  group (RsVerify): 0 passed, 0 warnings, 0 failures, 0 not testable, 2 skipped
    skipped: 2 cases: Why.

1 passed, 1 warning, 1 failure, 1 not testable, 2 skipped
`);
  });

  test('ends with a line of numbers', () => {
    const counts = { passed: 438, warnings: 2, failures: 3, notTestable: 0, skipped: 12 };
    expect(summary(counts)).toBe('438 passed, 2 warnings, 3 failures, 0 not testable, 12 skipped');
  });
});

test('the JSON report is the report', () => {
  expect(JSON.parse(jsonReport(REPORT))).toEqual(REPORT);
});

describe('the JUnit report', () => {
  const document = parseXml(junitReport(REPORT));
  const cases = document.children.flatMap((suite) => suite.children);
  const outcome = (id: string) =>
    cases
      .find(({ attributes }) => attributes.name === id)
      ?.children.find(({ name }) => name !== 'properties');

  test('has a suite for each group, with its numbers', () => {
    expect(document.name).toBe('testsuites');
    expect(document.attributes).toEqual({
      name: 'dpop-vectors: software',
      tests: '6',
      failures: '1',
      errors: '1',
      skipped: '2',
    });
    expect(document.children.map(({ attributes }) => attributes)).toEqual([
      { name: 'file/group', tests: '2', failures: '1', errors: '0', skipped: '0' },
      { name: 'file/other', tests: '2', failures: '0', errors: '1', skipped: '0' },
      { name: 'last/group', tests: '2', failures: '0', errors: '0', skipped: '2' },
    ]);
  });

  test('has nothing to say of a case that has passed', () => {
    expect(outcome('passed')).toBeUndefined();
  });

  test.each([
    ['failure', 'failure', { message: 'One. Two.' }],
    ['base', 'error', { message: 'No.', type: 'not-testable' }],
    ['skip-a', 'skipped', { message: 'Why.' }],
    ['warning', 'system-out', {}],
  ])('tells %s by the element %s', (id, name, attributes) => {
    expect(outcome(id)).toMatchObject({ name, attributes });
  });

  test('says in a warning what it is about', () => {
    expect(outcome('warning')?.text).toBe(
      'warning: The status is 400.\nexpected: accepted\ncame: accepted',
    );
  });

  test('has flags and requirements as properties', () => {
    const [properties] =
      cases.find(({ attributes }) => attributes.name === 'failure')?.children ?? [];
    expect(properties?.children.map(({ attributes }) => attributes)).toContainEqual({
      name: 'flags',
      value: 'KeylessForgery Oversize',
    });
  });

  test('is well-formed whatever the software says', () => {
    const said = '<&>"\' \u0000\u001b\u000b\ufffe\ud800 ü 💥\n]]>';
    const odd = result({ id: 'odd', verdict: 'failure', sentences: [said], came: said });
    const text = junitReport({ software: { name: said }, counts: countsOf([odd]), results: [odd] });
    const { attributes, children } = parseXml(text);
    const clean = '<&>"\' \ufffd ü 💥\n]]>';
    expect(attributes.name).toBe(`dpop-vectors: ${clean}`);
    const failure = children[0]?.children[0]?.children[1];
    expect(failure?.attributes.message).toBe(clean);
    expect(failure?.text).toBe(`expected: accepted\ncame: ${clean}`);
  });
});
