/**
 * `npm run docs` builds the site of `docs/` into `docs/.vitepress/dist`; `npm run docs:dev` serves it while
 * pages are written. Both write the generated part, `docs/reference`, first. `--base /keybound/` is for a site that
 * does not lie at the root of its host.
 */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { build, createServer } from 'vitepress';
import { writePackagePages } from './write-package-pages.ts';
import { writeReference } from './write-reference.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { base: { type: 'string', default: '/' } },
});
const [command] = positionals;
if (command !== 'build' && command !== 'dev') throw new Error('say build or dev');

rmSync('docs/reference', { recursive: true, force: true });
await writeReference();
writePackagePages();
if (command === 'build') {
  await build('docs', values);
} else {
  const server = await createServer('docs', values);
  await server.listen();
  server.printUrls();
}
