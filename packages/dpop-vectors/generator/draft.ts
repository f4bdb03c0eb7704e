import type { AnyTest, Expect, Note, TestCommon, TestGroup, VectorFile } from '../src/format.ts';

/** A file of vectors before its counts and notes are filled in. */
export interface FileDraft {
  readonly file: string;
  readonly title: string;
  readonly groups: readonly TestGroup[];
}

/** What a case may say beside its request. */
export type Facts = Partial<Pick<TestCommon, 'flags' | 'reason' | 'base'>>;

/** A case without the facts that its group fills in. */
export type Draft<Test extends TestCommon> = Omit<Test, 'base' | 'flags'> & Facts;

/** What is particular to the cases of a group: its request, its expectation, an override. */
type Content<Test extends TestCommon> = Omit<Test, keyof TestCommon>;

/** The requirement IDs of a case, separated by blanks. */
type Requirements = string;

/** A case that must be accepted. */
export function valid<Test extends TestCommon>(
  id: string,
  comment: string,
  requirements: Requirements,
  content: Content<Test>,
  facts: Facts = {},
): Draft<Test> {
  return draft<Test>(id, comment, requirements, content, facts, { result: 'valid' });
}

/** A case that must be refused. */
export function invalid<Test extends TestCommon>(
  id: string,
  comment: string,
  requirements: Requirements,
  content: Content<Test>,
  facts: Facts = {},
): Draft<Test> {
  return draft<Test>(id, comment, requirements, content, facts, { result: 'invalid' });
}

/** A case that may be either; the reason says why this suite holds it to be right to accept, or to refuse. */
export function acceptable<Test extends TestCommon>(
  policy: 'accept' | 'reject',
  id: string,
  comment: string,
  requirements: Requirements,
  content: Content<Test>,
  facts: Facts & { readonly reason: string },
): Draft<Test> {
  return draft<Test>(id, comment, requirements, content, facts, { result: 'acceptable', policy });
}

function draft<Test extends TestCommon>(
  id: string,
  comment: string,
  requirements: Requirements,
  content: Content<Test>,
  facts: Facts,
  verdict: Pick<TestCommon, 'result' | 'policy'>,
): Draft<Test> {
  return {
    id,
    comment,
    ...facts,
    ...verdict,
    requirements: requirements.split(' '),
    ...content,
  } as unknown as Draft<Test>;
}

/**
 * A group of cases. Where a case names no base, it is the first case of the group, when that one is
 * valid.
 */
export function group<Type extends TestGroup['type']>(
  type: Type,
  id: string,
  comment: string,
  config: GroupOf<Type>['config'],
  drafts: readonly Draft<GroupOf<Type>['tests'][number]>[],
): TestGroup {
  const [first] = drafts;
  const base = first?.result === 'valid' ? first.id : null;
  const tests = drafts.map(({ base: named, flags = [], id: testId, comment: text, ...rest }) => ({
    id: testId,
    comment: text,
    flags,
    base: named === undefined ? (testId === base ? null : base) : named,
    ...rest,
  }));
  return { id, type, comment, config, tests } as unknown as TestGroup;
}

type GroupOf<Type extends TestGroup['type']> = Extract<TestGroup, { readonly type: Type }>;

/** The file as it is written. */
export function vectorFile(
  { file, title, groups }: FileDraft,
  notes: Readonly<Record<string, Note>>,
): VectorFile {
  const tests = groups.flatMap((one): readonly AnyTest[] => one.tests);
  const flags = [...new Set(tests.flatMap((test) => test.flags))].sort();
  const ids = tests.map(({ id }) => id);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw new Error(`${file}: two cases are called ${repeated}`);
  return {
    suite: 'dpop-vectors',
    schemaVersion: 1,
    file,
    title,
    generator: 'dpop-vectors-generator 1',
    numberOfTests: tests.length,
    notes: Object.fromEntries(flags.map((flag) => [flag, noteOf(notes, flag, file)])),
    testGroups: groups,
  };
}

function noteOf(notes: Readonly<Record<string, Note>>, flag: string, file: string): Note {
  const note = notes[flag];
  if (note === undefined) throw new Error(`${file}: no note says what the flag ${flag} means`);
  return note;
}

/** Accepted. */
export const OK: Expect = { status: [200] };

/** Refused by a resource server with 401 and one of these codes, the preferred one first. */
export function refused(...errors: readonly string[]): Expect {
  return { status: [401], errors, fieldsPresent: ['WWW-Authenticate'] };
}

/** Refused by a resource server for the proof. */
export const BAD_PROOF: Expect = refused('invalid_dpop_proof');

/** Refused by a resource server for the token. */
export const BAD_TOKEN: Expect = refused('invalid_token');

/** Refused as malformed; a resource server may hold the status of failed authentication to be right. */
export const BAD_REQUEST: Expect = {
  status: [400, 401],
  errors: ['invalid_request', 'invalid_token'],
};

/** Asked for a nonce by a resource server. */
export const NONCE_WANTED: Expect = {
  status: [401],
  errors: ['use_dpop_nonce'],
  fieldsPresent: ['WWW-Authenticate', 'Cache-Control'],
  fieldsOnce: ['DPoP-Nonce'],
};

/** Not authenticated at all: a challenge without an error. */
export const NO_CREDENTIALS: Expect = {
  status: [401],
  errors: [],
  fieldsPresent: ['WWW-Authenticate'],
};

/** Refused by an authorization server with 400 and one of these codes, the preferred one first. */
export function asRefused(...errors: readonly string[]): Expect {
  return { status: [400], errors, fieldsPresent: ['Cache-Control'] };
}

/** Asked for a nonce by an authorization server. */
export const AS_NONCE_WANTED: Expect = {
  ...asRefused('use_dpop_nonce'),
  fieldsOnce: ['DPoP-Nonce'],
};
