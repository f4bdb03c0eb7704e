import { readdirSync, readFileSync } from 'node:fs';

/** A row of the catalogue of requirements. */
export interface Requirement {
  readonly id: string;
  readonly starred: boolean;
  readonly document: string;
  readonly section: string;
  readonly roles: readonly string[];
  readonly level: string;
  readonly title: string;
  /** Whether a message can violate it. */
  readonly violable: boolean;
}

/** A vector, as far as it matters here. */
export interface VectorCase {
  /** `<file>/<id>` */
  readonly name: string;
  readonly requirements: readonly string[];
  /** Whether it fails what violates its requirements, rather than show that a good message passes. */
  readonly bites: boolean;
}

/** How our software stands to a row that it does not fulfil as a whole. */
export interface Standing {
  readonly unbuilt?: boolean;
  readonly note: string;
}

const PACKAGE = new URL('../../packages/dpop-vectors/', import.meta.url);

/** All rows, in the order of the catalogue. */
export function readRequirements(): readonly Requirement[] {
  return readJson(new URL('requirements.json', PACKAGE)).requirements as Requirement[];
}

/** The rows whose failure blocks a release. */
export function starredRequirements(): readonly string[] {
  return readRequirements()
    .filter(({ starred }) => starred)
    .map(({ id }) => id);
}

/** Rows that are not built, or in part only, by ID. */
export function readStandings(): Readonly<Record<string, Standing>> {
  return readJson(new URL('standing.json', import.meta.url)) as Record<string, Standing>;
}

/** Groups that judge what comes out. */
const JUDGES_OUTPUT = new Set(['Signer', 'Challenge', 'Thumbprint']);

/** All vectors, by file. */
export function readVectorCases(): readonly VectorCase[] {
  const folder = new URL('vectors/', PACKAGE);
  return readdirSync(folder)
    .sort()
    .flatMap((name) => casesOf(readJson(new URL(name, folder)) as unknown as VectorFile));
}

interface VectorFile {
  readonly file: string;
  readonly testGroups: readonly {
    readonly type: string;
    readonly tests: readonly Test[];
  }[];
}

interface Test {
  readonly id: string;
  readonly base: string | null;
  readonly result: string;
  readonly policy?: string;
  readonly requirements: readonly string[];
  readonly expect?: Expected;
  readonly steps?: readonly unknown[];
}

type Expected = Readonly<Record<string, unknown>>;

function casesOf({ file, testGroups }: VectorFile): readonly VectorCase[] {
  return testGroups.flatMap(({ type, tests }) =>
    tests.map((test) => ({
      name: `${file}/${test.id}`,
      requirements: test.requirements,
      bites: JUDGES_OUTPUT.has(type) || bites(test),
    })),
  );
}

/**
 * A refusal is due, or an answer with a certain content, or the acceptance of something that differs from
 * the plain good message of its group. Sequences are about what a server makes of earlier messages.
 */
function bites({ result, policy, base, expect = {}, steps = [] }: Test): boolean {
  const isRefusal = result === 'invalid' || policy === 'reject';
  const isVariation = base !== null || steps.length > 0;
  return isRefusal || isVariation || hasContent(expect);
}

function hasContent(expect: Expected): boolean {
  return ['body', 'bodyAbsent', 'claims', 'tokenHeader'].some((name) => name in expect);
}

function readJson(place: URL): Record<string, unknown> {
  return JSON.parse(readFileSync(place, 'utf8'));
}
