import { type CaseResult, type Counts, countsOf, type Report } from '../report.ts';

/** For CI systems: a test suite for each group; warnings are in `system-out` of a case that passes. */
export function junitReport({ software, counts, results }: Report): string {
  const names = [...new Set(results.map(suiteOf))];
  const suites = names.map((name) =>
    suite(
      name,
      results.filter((result) => suiteOf(result) === name),
    ),
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escaped(`dpop-vectors: ${software.name}`)}" ${numbers(counts)}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(name: string, results: readonly CaseResult[]): string {
  return [
    `  <testsuite name="${escaped(name)}" ${numbers(countsOf(results))}>`,
    ...results.map(testCase),
    '  </testsuite>',
  ].join('\n');
}

function testCase(result: CaseResult): string {
  return [
    `    <testcase name="${escaped(result.id)}" classname="${escaped(suiteOf(result))}">`,
    '      <properties>',
    ...properties(result).map(
      ([name, value]) => `        <property name="${name}" value="${escaped(value)}"/>`,
    ),
    '      </properties>',
    ...outcome(result),
    '    </testcase>',
  ].join('\n');
}

function properties(result: CaseResult): readonly (readonly [string, string])[] {
  return [
    ['comment', result.comment],
    ['result', result.result],
    ['verdict', result.verdict],
    ['flags', result.flags.join(' ')],
    ['requirements', result.requirements.join(' ')],
  ];
}

function outcome({ verdict, sentences, expected, came }: CaseResult): readonly string[] {
  const message = escaped(sentences.join(' '));
  const text = escaped(`expected: ${expected}\ncame: ${came ?? 'no answer'}`);
  switch (verdict) {
    case 'passed':
      return [];
    case 'warning':
      return [`      <system-out>warning: ${message}\n${text}</system-out>`];
    case 'failure':
      return [`      <failure message="${message}">${text}</failure>`];
    case 'not-testable':
      return [`      <error type="not-testable" message="${message}">${text}</error>`];
    case 'skipped':
      return [`      <skipped message="${message}"/>`];
  }
}

function numbers({ passed, warnings, failures, notTestable, skipped }: Counts): string {
  const tests = passed + warnings + failures + notTestable + skipped;
  return `tests="${tests}" failures="${failures}" errors="${notTestable}" skipped="${skipped}"`;
}

function suiteOf({ file, group }: CaseResult): string {
  return `${file}/${group}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Characters that XML 1.0 cannot have at all, in whatever spelling, are dropped. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"\t\n\r]/g, (character) => ENTITIES[character] ?? '');
}
