/**
 * `npm run generate`: writes the vectors and the keys. With names behind the command only those files
 * are written; without, files that no module makes any more are removed.
 */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { caseFiles, generate } from './generate.ts';

const root = new URL('../', import.meta.url);

const named = process.argv.slice(2);
const { files, cases, signatures } = await generate(named.length > 0 ? named : caseFiles());
if (named.length === 0) {
  for (const old of readdirSync(new URL('vectors/', root))) rmSync(new URL(`vectors/${old}`, root));
}
for (const [path, text] of files) writeFileSync(new URL(path, root), text);
process.stdout.write(
  `${cases} cases in ${files.size - 1} files; ${signatures} signatures verified twice\n`,
);
