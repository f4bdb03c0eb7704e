import type { CaseResult, Counts, Report } from '../report.ts';
import { countsOf } from '../report.ts';
import { counted } from '../words.ts';

const MARKS = {
  passed: 'passed',
  warning: 'WARNING',
  failure: 'FAILURE',
  'not-testable': 'NOT TESTABLE',
  skipped: 'skipped',
} as const;

/** For reading: each file and group with its counts, then what is not as it should be, last the sum. */
export function textReport({ software, counts, results }: Report): string {
  const title = `DPoP vectors against ${software.name}${versionOf(software.version)}`;
  const files = groupsOf(results, ({ file }) => file).map(fileText);
  return `${[title, ...files].join('\n\n')}\n\n${summary(counts)}\n`;
}

/** `438 passed, 2 warnings, 3 failures, 0 not testable, 12 skipped`. */
export function summary(counts: Counts): string {
  return [
    `${counts.passed} passed`,
    counted(counts.warnings, 'warning'),
    counted(counts.failures, 'failure'),
    `${counts.notTestable} not testable`,
    `${counts.skipped} skipped`,
  ].join(', ');
}

function fileText(results: readonly CaseResult[]): string {
  const groups = groupsOf(results, ({ group }) => group).map(groupText);
  return [results[0]?.file ?? '', ...groups].join('\n');
}

function groupText(results: readonly CaseResult[]): string {
  const [first] = results;
  const told = results.filter(({ verdict }) => verdict !== 'passed' && verdict !== 'skipped');
  return [
    `  ${first?.group} (${first?.type}): ${summary(countsOf(results))}`,
    ...skips(results),
    ...told.map(caseText),
  ].join('\n');
}

/** Most skips of a group have one reason, which is said once. */
function skips(results: readonly CaseResult[]): readonly string[] {
  const skipped = results.filter(({ verdict }) => verdict === 'skipped');
  return groupsOf(skipped, ({ sentences }) => sentences.join(' ')).map(
    (same) => `    skipped: ${counted(same.length, 'case')}: ${same[0]?.sentences.join(' ')}`,
  );
}

function caseText(result: CaseResult): string {
  const { name, comment, sentences, expected, came, flags, requirements } = result;
  return [
    `    ${MARKS[result.verdict]} ${name}`,
    `      ${comment}`,
    ...sentences.map((sentence) => `      - ${sentence}`),
    `      expected: ${expected}`,
    `      came: ${came ?? 'no answer'}`,
    ...(flags.length === 0 ? [] : [`      flags: ${flags.join(', ')}`]),
    `      requirements: ${requirements.join(', ')}`,
  ].join('\n');
}

function groupsOf(
  results: readonly CaseResult[],
  key: (result: CaseResult) => string,
): readonly (readonly CaseResult[])[] {
  const groups = new Map<string, CaseResult[]>();
  for (const result of results) {
    const name = key(result);
    groups.set(name, [...(groups.get(name) ?? []), result]);
  }
  return [...groups.values()];
}

function versionOf(version: string | undefined): string {
  return version === undefined ? '' : ` ${version}`;
}
