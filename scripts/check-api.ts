/**
 * `npm run check:api`: the public types of every entry of every published package, against the reports that
 * are kept in `packages/<name>/api`. A difference is a change of what users can rely on: look at it, write a
 * changeset, and keep the new report with `npm run check:api -- --write`. Whatever is written, an export or
 * a member of one without a doc comment fails, and so does a comment that TSDoc cannot read or that links
 * to nothing.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { createApiReports, type Surface } from './api/report.ts';
import { publishedPackages, ROOT } from './published.ts';

const { write } = parseArgs({ options: { write: { type: 'boolean', default: false } } }).values;
const folder = mkdtempSync(join(tmpdir(), 'api-'));
const kept = new Set<string>();
let isGood = true;
try {
  const surfaces = publishedPackages().flatMap((published) =>
    published.entries.map((entry): Surface => ({ published, entry })),
  );
  const reports = surfaces.map(createApiReports(surfaces, folder));
  const declared = new Set(reports.flatMap(({ text }) => declaredNames(text)));
  for (const { surface, text, faults, foreignLinks } of reports) {
    const deadLinks = foreignLinks.filter((name) => !declared.has(name));
    for (const name of deadLinks)
      fail(`${surface.entry.specifier}: no package has {@link ${name}}`);
    for (const fault of faults) fail(`${surface.entry.specifier}: ${fault}`);
    compare(pathOf(surface), text);
  }
  for (const path of globSync('packages/*/api/**/*.md', { cwd: ROOT })) {
    if (kept.has(join(ROOT, path))) continue;
    if (write) rmSync(join(ROOT, path));
    else fail(`${path}: there is no such entry; npm run check:api -- --write removes it`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (!isGood) process.exitCode = 1;
else console.log(`${kept.size} reports ${write ? 'written' : 'as kept'}`);

function compare(path: string, text: string): void {
  kept.add(path);
  if (write) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  const name = relative(ROOT, path);
  if (!existsSync(path)) {
    fail(`${name} is missing; npm run check:api -- --write makes it`);
    return;
  }
  if (readFileSync(path, 'utf8') === text) return;
  const made = join(folder, 'made.md');
  writeFileSync(made, text);
  const args = ['diff', '--no-index', '--no-color', '--no-prefix', '--', path, made];
  const { stdout } = spawnSync('git', args, { encoding: 'utf8' });
  fail(
    `${name} is not what the declarations say; npm run check:api -- --write keeps this:\n${stdout.slice(stdout.indexOf('@@'))}`,
  );
}

/** What a report declares, by its name in the sources. */
function declaredNames(text: string): readonly string[] {
  const declarations = /^(?:export )?(?:class|const|function|interface|type) (\w+)/gm;
  return [...text.matchAll(declarations)].map(([, name = '']) => name);
}

function pathOf({ published, entry }: Surface): string {
  return join(published.folder, 'api', `${entry.name}.api.md`);
}

function fail(sentence: string): void {
  console.error(sentence);
  isGood = false;
}
