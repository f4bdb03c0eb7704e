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
  /** Whether the case tells a wrong implementation from a right one by something it must refuse, or not do. */
  readonly isNegative: boolean;
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

/** Groups that judge what comes out: each of their cases is passed only by what does the right thing. */
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
    readonly tests: readonly {
      readonly id: string;
      readonly result: string;
      readonly policy?: string;
      readonly requirements: readonly string[];
      readonly steps?: readonly { readonly result: string }[];
    }[];
  }[];
}

function casesOf({ file, testGroups }: VectorFile): readonly VectorCase[] {
  return testGroups.flatMap(({ type, tests }) =>
    tests.map(({ id, result, policy, requirements, steps = [] }) => ({
      name: `${file}/${id}`,
      requirements,
      isNegative:
        JUDGES_OUTPUT.has(type) ||
        result === 'invalid' ||
        policy === 'reject' ||
        steps.some((step) => step.result === 'invalid'),
    })),
  );
}

function readJson(place: URL): Record<string, unknown> {
  return JSON.parse(readFileSync(place, 'utf8'));
}
