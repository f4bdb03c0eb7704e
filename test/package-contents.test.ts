import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { contentFaults } from '../scripts/package/content-faults.ts';
import { publishedPackage } from '../scripts/published.ts';

const GOOD: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    name: '@keybound/example',
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    bin: { example: './dist/cli.js' },
  }),
  'README.md': '',
  LICENSE: '',
  'src/index.ts': '',
  'dist/index.d.ts': '',
  'dist/index.js': "import { isIP } from 'node:net';\n//# sourceMappingURL=index.js.map",
  'dist/index.js.map': JSON.stringify({ sources: ['../src/index.ts'] }),
  'dist/cli.js': '#!/usr/bin/env node\n//# sourceMappingURL=cli.js.map',
  'dist/cli.js.map': JSON.stringify({ sources: ['../src/index.ts'] }),
};

/** The faults of a tarball like the good one, but for some files; those with undefined are not in it. */
function faultsOf(changes: Readonly<Record<string, string | undefined>>): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'contents-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = Object.entries({ ...GOOD, ...changes }).filter(
    (file): file is [string, string] => file[1] !== undefined,
  );
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return contentFaults(
    publishedPackage(folder),
    files.map(([path]) => path),
  );
}

it.each<[string, Record<string, string | undefined>, string[]]>([
  ['what a user needs', {}, []],
  ['a change log as well', { 'CHANGELOG.md': '' }, []],
  ['no licence', { LICENSE: undefined }, ['the tarball has no LICENSE']],
  ['no command', { 'dist/cli.js': undefined }, ['the tarball has no dist/cli.js']],
  ['no declarations', { 'dist/index.d.ts': undefined }, ['the tarball has no dist/index.d.ts']],
  ['a test', { 'test/index.test.ts': '' }, ['nobody needs test/index.test.ts']],
  ['settings of the compiler', { 'src/tsconfig.json': '' }, ['nobody needs src/tsconfig.json']],
  [
    'code of which nothing tells the source',
    { 'dist/index.js': '' },
    ['dist/index.js names no source map'],
  ],
  [
    'a map that is not there',
    { 'dist/index.js.map': undefined },
    ['dist/index.js names dist/index.js.map, which is not in the tarball'],
  ],
  [
    'a map to a source that is not there',
    { 'dist/index.js.map': JSON.stringify({ sources: ['../src/gone.ts'] }) },
    ['dist/index.js.map points to src/gone.ts, which is not in the tarball'],
  ],
  [
    'a map that repeats its sources',
    { 'dist/index.js.map': JSON.stringify({ sources: [], sourcesContent: [] }) },
    ['dist/index.js.map repeats the sources'],
  ],
  [
    'a module of Node by a bare name',
    { 'dist/index.js': 'import{isIP}from"net";\n//# sourceMappingURL=index.js.map' },
    ['dist/index.js imports net without node:'],
  ],
])('a tarball with %s → its faults', (_circumstance, changes, expected) => {
  expect(faultsOf(changes)).toEqual(expected);
});
