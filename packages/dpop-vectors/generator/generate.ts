import { readdirSync } from 'node:fs';
import { crossCheck } from './cross-check/cross-check.ts';
import { type FileDraft, vectorFile } from './draft.ts';
import { publishedKeys } from './keys/published.ts';
import { NOTES } from './notes.ts';

const CASES = new URL('cases/', import.meta.url);

/** What a run of the generator makes. */
export interface Generated {
  /** The text of each file, by its path in the package. */
  readonly files: ReadonlyMap<string, string>;
  readonly cases: number;
  /** How many signatures of good cases two verifiers have found good. */
  readonly signatures: number;
}

/** The names of all files of vectors: each module in `cases/` is one, and exports it as its default. */
export function caseFiles(): readonly string[] {
  return readdirSync(CASES)
    .map((name) => name.replace(/\.ts$/, ''))
    .sort();
}

/**
 * Makes vectors and keys, the same bytes each time, and has every good signature verified twice.
 *
 * @throws Error that names the case, when a verifier refuses a good signature or a file is not in order
 */
export async function generate(names: readonly string[]): Promise<Generated> {
  const drafts = await Promise.all(names.map(load));
  const vectors = drafts.map((draft) => vectorFile(draft, NOTES));
  const files = new Map(vectors.map((one) => [`vectors/${one.file}.json`, textOf(one)]));
  files.set('keys.json', textOf(publishedKeys()));
  return {
    files,
    cases: vectors.reduce((sum, { numberOfTests }) => sum + numberOfTests, 0),
    signatures: await crossCheck(vectors),
  };
}

async function load(name: string): Promise<FileDraft> {
  const draft: FileDraft = (await import(new URL(`${name}.ts`, CASES).href)).default;
  if (draft.file !== name) throw new Error(`cases/${name}.ts: names itself ${draft.file}`);
  return draft;
}

function textOf(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
