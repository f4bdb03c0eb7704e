import type { CaseResult, Requirement } from '@keybound/dpop-vectors';
import { remarkOn } from './remarks.ts';
import { table } from './table.ts';

/** Above this many cases in a row, files and numbers are told in the place of names. */
const MOST_NAMES = 25;

/**
 * Results that say the same in one row: a wrong decision about the same requirement, which is the first of
 * a case, or the same fault in the form of an answer.
 */
export function foldedTable(
  software: string,
  results: readonly CaseResult[],
  requirements: readonly Requirement[],
): string {
  const rows = new Map<string, CaseResult[]>();
  for (const result of results) {
    const key = isOfForm(result) ? observation(result) : JSON.stringify(decisionKey(result));
    rows.set(key, [...(rows.get(key) ?? []), result]);
  }
  return table(
    ['What was seen', 'Cases', 'Which'],
    [...rows.values()]
      .sort(mostFirst)
      .map((same) => [sentence(software, same, requirements), String(same.length), names(same)]),
  );
}

function mostFirst(one: readonly CaseResult[], other: readonly CaseResult[]): number {
  return other.length - one.length;
}

function decisionKey(result: CaseResult): readonly unknown[] {
  return [observation(result), result.requirements[0], isKeyless(result)];
}

function sentence(
  software: string,
  [first]: readonly CaseResult[],
  requirements: readonly Requirement[],
): string {
  if (first === undefined) return '';
  if (isOfForm(first)) return observation(first);
  const [id = ''] = first.requirements;
  const title = requirements.find((one) => one.id === id)?.title ?? '';
  const remark = remarkOn(software, id, wrongDecision(first)?.decision);
  return [
    observation(first),
    `${id}: ${title}`,
    ...(isKeyless(first) ? ['These proofs need no private key.'] : []),
    ...(remark === undefined ? [] : [`*${remark}*`]),
  ].join(' ');
}

/** The decision was right, and what the answer says beside is not. */
function isOfForm(result: CaseResult): boolean {
  return result.type !== 'Challenge' && wrongDecision(result) === undefined;
}

function isKeyless({ flags }: CaseResult): boolean {
  return flags.includes('KeylessForgery');
}

/** What the runner says of a wrong decision, and what is said of it here. */
const DECISIONS = [
  {
    pattern: /It must be refused, and was accepted\./,
    decision: 'accepted',
    text: 'Accepted what must be refused.',
  },
  {
    pattern: /It must be accepted, and was refused\./,
    decision: 'refused',
    text: 'Refused what must be accepted.',
  },
  {
    pattern: /It was accepted\. The RFCs allow it/,
    decision: 'accepted',
    text: 'Accepted what the suite would refuse.',
  },
  {
    pattern: /It was refused\. The RFCs allow it/,
    decision: 'refused',
    text: 'Refused what the suite would accept.',
  },
] as const;

const THUMBPRINTS =
  'A function for hashes alone may leave it to its caller to judge the key that it is given.';

function wrongDecision({ sentences }: CaseResult): (typeof DECISIONS)[number] | undefined {
  return DECISIONS.find(({ pattern }) => pattern.test(sentences.join(' ')));
}

function observation(result: CaseResult): string {
  const { came, sentences, type } = result;
  const wrong = wrongDecision(result);
  if (wrong !== undefined) return wrong.text;
  const text = sentences.map(withoutParticulars).join(' ');
  if (type === 'Thumbprint') return `${text} *${THUMBPRINTS}*`;
  return came === null || type === 'Challenge' ? text : `Decided as it should be. ${text}`;
}

/** A field that does not parse is told as a whole, and the steps of a sequence are counted. */
function withoutParticulars(text: string): string {
  return /^[\w-]+ ".* does not parse/s.test(text)
    ? 'The field does not parse.'
    : text.replace(/^Step \d+: /, '');
}

/** `file: id, id; file: id`. */
function names(results: readonly CaseResult[]): string {
  const files = new Map<string, string[]>();
  for (const { file, id } of results) files.set(file, [...(files.get(file) ?? []), id]);
  return [...files]
    .map(([file, ids]) =>
      results.length > MOST_NAMES ? `${file} (${ids.length})` : `${file}: ${ids.join(', ')}`,
    )
    .join(results.length > MOST_NAMES ? ', ' : '; ');
}
