import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import type { PublishedPackage } from '../published.ts';

/** What every package has beside what its `files` name. */
const ALWAYS = ['package.json', 'README.md', 'LICENSE'];

/**
 * What a folder may hold. Sources are published because source maps point to them, because the condition
 * `@keybound/source` in `exports` does, and because whoever is to trust these checks has to be able to
 * read them.
 */
const FOLDERS: Readonly<Record<string, RegExp>> = {
  dist: /^(?:[\w-]+\/)*[\w-]+\.(?:js|js\.map|d\.ts)$/,
  src: /^(?:[\w-]+\/)*[\w-]+\.ts$/,
  vectors: /^[\w-]+\.json$/,
  schemas: /^[\w-]+\.schema\.json$/,
  examples: /^[\w-]+\/[\w-]+\.(?:js|py)$/,
};

/** An import of built code, as esbuild writes it. */
const IMPORT = /(?:\bfrom ?|\bimport ?\(?)["']([^"']+)["']/g;

/** Single files that a package has, for a reason of its own. */
const FILES = new Set(['CHANGELOG.md', 'keys.json', 'requirements.json']);

/** What is in a tarball and should not be, what should be and is not, modules of Node by a bare name, maps that lead nowhere. */
export function contentFaults(
  { folder, manifest, entries }: PublishedPackage,
  paths: readonly string[],
): readonly string[] {
  const present = new Set(paths);
  const needed = [
    ...ALWAYS,
    ...entries.flatMap(({ types, code }) => [types, code].map((path) => relativeTo(folder, path))),
    ...Object.values(manifest.bin ?? {}).map((path) => posix.normalize(path)),
  ];
  return [
    ...needed.filter((path) => !present.has(path)).map((path) => `the tarball has no ${path}`),
    ...paths.filter((path) => !isExpected(path)).map((path) => `nobody needs ${path}`),
    ...paths.filter((path) => path.endsWith('.js')).flatMap((path) => codeFaults(path)),
  ];

  function codeFaults(path: string): readonly string[] {
    if (!path.startsWith('dist/')) return [];
    const text = readFileSync(join(folder, path), 'utf8');
    const bare = [...text.matchAll(IMPORT)]
      .map(([, module = '']) => module)
      .filter((module) => isBuiltin(module) && !module.startsWith('node:'));
    if (bare.length > 0) return [`${path} imports ${bare.join(', ')} without node:`];
    const [, map] = /\n\/\/# sourceMappingURL=(\S+)\s*$/.exec(text) ?? [];
    if (map === undefined) return [`${path} names no source map`];
    const place = posix.join(posix.dirname(path), map);
    if (!present.has(place)) return [`${path} names ${place}, which is not in the tarball`];
    const { sources, sourcesContent } = JSON.parse(readFileSync(join(folder, place), 'utf8'));
    const lost = (sources as readonly string[])
      .map((source) => posix.join(posix.dirname(place), source))
      .filter((source) => !present.has(source));
    return [
      ...lost.map((source) => `${place} points to ${source}, which is not in the tarball`),
      ...(sourcesContent === undefined ? [] : [`${place} repeats the sources`]),
    ];
  }
}

function isExpected(path: string): boolean {
  if (ALWAYS.includes(path) || FILES.has(path)) return true;
  const [folder = ''] = path.split('/', 1);
  return FOLDERS[folder]?.test(path.slice(folder.length + 1)) ?? false;
}

function relativeTo(folder: string, path: string): string {
  return path.slice(folder.length + 1).replaceAll('\\', '/');
}
