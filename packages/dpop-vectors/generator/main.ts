/**
 * `npm run generate`: writes the vectors and the keys, after a second opinion on every good signature.
 * Each module in `cases/` is one file of vectors and exports it as its default; with names behind the
 * command only those are written.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { crossCheck } from './cross-check/cross-check.ts';
import { type FileDraft, vectorFile } from './draft.ts';
import { publishedKeys } from './keys/published.ts';
import { NOTES } from './notes.ts';

const folder = new URL('../vectors/', import.meta.url);
const cases = new URL('cases/', import.meta.url);

const named = process.argv.slice(2);
const names = named.length > 0 ? named : readdirSync(cases).map((name) => name.slice(0, -3));
const drafts = await Promise.all(names.sort().map(load));
const files = drafts.map((draft) => vectorFile(draft, NOTES));
const checked = await crossCheck(files);

mkdirSync(folder, { recursive: true });
if (named.length === 0) for (const old of readdirSync(folder)) rmSync(new URL(old, folder));
for (const file of files) write(new URL(`${file.file}.json`, folder), file);
write(new URL('../keys.json', import.meta.url), publishedKeys());

const count = files.reduce((sum, { numberOfTests }) => sum + numberOfTests, 0);
process.stdout.write(
  `${count} cases in ${files.length} files; ${checked} signatures verified twice\n`,
);

async function load(name: string): Promise<FileDraft> {
  const draft: FileDraft = (await import(new URL(`${name}.ts`, cases).href)).default;
  if (draft.file !== name) throw new Error(`cases/${name}.ts: names itself ${draft.file}`);
  return draft;
}

function write(place: URL, content: unknown): void {
  writeFileSync(place, `${JSON.stringify(content, null, 2)}\n`);
}
