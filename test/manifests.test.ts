import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Manifest, publishedPackages, ROOT } from '../scripts/published.ts';

const packages = publishedPackages();
const FORGE = 'github.com/keybound/keybound';

/** What the manifest of every published package says, by the folder it lies in. */
const SAME: Readonly<Record<string, (folder: string) => unknown>> = {
  name: (folder) => `@keybound/${folder}`,
  license: () => 'Apache-2.0',
  homepage: (folder) => `https://${FORGE}/tree/main/packages/${folder}#readme`,
  bugs: () => ({ url: `https://${FORGE}/issues` }),
  repository: (folder) => ({
    type: 'git',
    url: `git+https://${FORGE}.git`,
    directory: `packages/${folder}`,
  }),
  type: () => 'module',
  sideEffects: () => false,
  engines: () => ({ node: '>=20.19' }),
  publishConfig: () => ({ access: 'public', provenance: true }),
};

/** Scripts that every published package has; those with a text are the same everywhere. */
const SCRIPTS = {
  build: 'tsup',
  'check:package': 'node ../../scripts/check-package.ts',
  lint: 'biome check .',
  test: 'vitest run',
  typecheck: expect.stringContaining('tsc -p test/tsconfig.json'),
};

/** How each entry is written: our sources for us alone, then types before code, of the same name. */
function expectedEntry(name: string): readonly (readonly [condition: string, path: string])[] {
  return [
    ['@keybound/source', `./src/${name}.ts`],
    ['types', `./dist/${name}.d.ts`],
    ['default', `./dist/${name}.js`],
  ];
}

describe('the manifest of a published package', () => {
  const rows = packages.flatMap(({ folder, manifest }) =>
    Object.entries(SAME).map(
      ([member, expected]) =>
        [manifest.name, member, manifest, expected(folder.replace(/.*[\\/]/, ''))] as const,
    ),
  );

  it.each(rows)('%s: %s', (_name, member, manifest, expected) => {
    expect(manifest[member as keyof Manifest]).toEqual(expected);
  });

  it.each(packages)('$manifest.name: a description that is a sentence', ({ manifest }) => {
    expect(manifest.description).toMatch(/^[A-Z].+\.$/);
  });

  it.each(packages)('$manifest.name: keywords of one form, each once', ({ manifest }) => {
    const { keywords = [] } = manifest;
    expect(keywords).toContain('oauth');
    expect(keywords.filter((keyword) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(keyword))).toEqual([]);
    expect(new Set(keywords).size).toBe(keywords.length);
  });

  it.each(packages)(
    '$manifest.name: an RFC among the keywords is one the README is about',
    (one) => {
      const readme = readFileSync(join(one.folder, 'README.md'), 'utf8');
      const named = (one.manifest.keywords ?? []).flatMap(
        (keyword) => keyword.match(/^rfc(\d+)$/)?.[1] ?? [],
      );
      expect(named.filter((number) => !readme.includes(`RFC ${number}`))).toEqual([]);
    },
  );

  it.each(packages)('$manifest.name: the scripts of all packages', ({ manifest }) => {
    expect(manifest.scripts).toMatchObject(SCRIPTS);
  });

  it.each(packages)('$manifest.name: what is published', ({ manifest }) => {
    const { files = [] } = manifest;
    expect(files.slice(0, 3)).toEqual(['dist', 'src', '!src/**/tsconfig.json']);
    expect(files.slice(-3)).toEqual(['README.md', 'CHANGELOG.md', 'LICENSE']);
  });

  it.each(packages)('$manifest.name: our source, then types, then code in each entry', (one) => {
    const { exports = {} } = one.manifest;
    const entries = Object.entries(exports).flatMap(([path, target]) =>
      typeof target === 'string' ? [] : [[path, Object.entries(target)] as const],
    );
    expect(entries.map(([path]) => path)).toContain('.');
    for (const [path, conditions] of entries) {
      expect(conditions).toEqual(expectedEntry(path === '.' ? 'index' : path.slice(2)));
    }
    expect(exports['./package.json']).toBe('./package.json');
  });

  it.each(packages)('$manifest.name: the licence of this repository', ({ folder }) => {
    expect(readFileSync(join(folder, 'LICENSE'), 'utf8')).toBe(
      readFileSync(join(ROOT, 'LICENSE'), 'utf8'),
    );
  });
});

it('there are published packages', () => {
  expect(packages.map(({ shortName }) => shortName)).toEqual(
    expect.arrayContaining(['core', 'bearer', 'dpop', 'signer', 'fastify', 'redis']),
  );
});
