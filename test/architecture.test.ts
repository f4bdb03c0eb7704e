import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SCOPE = '@keybound/';
/** Published packages that stand around core and know nothing of one another. */
const LEAVES = ['bearer', 'dpop', 'signer', 'fastify', 'express', 'web', 'redis'];
/** Packages that run on every runtime with WebCrypto. */
const EVERYWHERE = ['core', 'bearer', 'dpop', 'signer', 'web', 'redis'];

/** What only Node loads: its side of the seam `#crypto`, and an entry of its own. */
const NODE_ONLY = ['packages/core/src/crypto/node/', 'packages/signer/src/node/'];

function isNodeOnly(file: string): boolean {
  return NODE_ONLY.some((folder) => file.startsWith(folder));
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}

const manifests = globSync('{packages,apps}/*/package.json', { cwd: ROOT }).map((path) => ({
  folder: dirname(path),
  manifest: JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Manifest,
}));

/** The modules a source file imports, types included. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(ROOT, file), 'utf8'));
  return importedFiles.map(({ fileName }) => fileName);
}

function sourcesOf(folder: string): string[] {
  return globSync('src/**/*.{ts,tsx}', { cwd: join(ROOT, folder) }).map((path) =>
    join(folder, path),
  );
}

describe('the star', () => {
  it.each(['core', ...LEAVES])('%s imports nothing of this repository but core', (name) => {
    const foreign = sourcesOf(`packages/${name}`).flatMap((file) =>
      importsOf(file)
        .filter((module) => module.startsWith(SCOPE))
        .filter((module) => name === 'core' || module !== '@keybound/core')
        .map((module) => `${file} → ${module}`),
    );
    expect(foreign).toEqual([]);
  });

  it.each(['core', ...LEAVES])('the manifest of %s says the same', (name) => {
    const { manifest } = manifests.find(({ folder }) => folder === `packages/${name}`) ?? {};
    const own = Object.keys({ ...manifest?.dependencies, ...manifest?.peerDependencies }).filter(
      (dependency) => dependency.startsWith(SCOPE),
    );
    expect(own).toEqual(name === 'core' ? [] : ['@keybound/core']);
  });

  it.each(EVERYWHERE)('%s imports no module of Node and no framework', (name) => {
    const portable = sourcesOf(`packages/${name}`).filter((file) => !isNodeOnly(file));
    const modules = new Set(portable.flatMap(importsOf));
    const foreign = [...modules].filter(
      (module) =>
        !module.startsWith('.') && !['@keybound/core', 'jose', '#crypto'].includes(module),
    );
    expect(foreign).toEqual([]);
  });

  it('what is for Node only is reached through #crypto only', () => {
    const offenders = sourcesOf('packages/core')
      .filter((file) => !isNodeOnly(file))
      .filter((file) => importsOf(file).some((module) => module.includes('/node/')));
    expect(offenders).toEqual([]);
  });

  it('the test kit knows no package of this repository, so that tests do not check code with itself', () => {
    const own = sourcesOf('packages/test-kit')
      .flatMap(importsOf)
      .filter((module) => module.startsWith(SCOPE));
    expect(own).toEqual([]);
  });

  it('every package that source code imports is a dependency in its manifest', () => {
    const missing = manifests.flatMap(({ folder, manifest }) => {
      const declared = new Set(
        Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
      );
      return sourcesOf(folder).flatMap((file) =>
        importsOf(file)
          .filter((module) => !/^(?:\.|#|node:)/.test(module))
          .map((module) =>
            module
              .split('/')
              .slice(0, module.startsWith('@') ? 2 : 1)
              .join('/'),
          )
          .filter((module) => !declared.has(module))
          .map((module) => `${file} → ${module}`),
      );
    });
    expect(missing).toEqual([]);
  });
});

/** Both answers to `#crypto`. */
const CRYPTO = ['packages/core/src/crypto/node/runtime.ts', 'packages/core/src/crypto/web.ts'];

describe('files', () => {
  const files = manifests.flatMap(({ folder }) => sourcesOf(folder));
  const graph = new Map(
    files.map((file) => [
      file,
      importsOf(file).flatMap((module) => {
        if (module === '#crypto') return CRYPTO;
        return module.startsWith('.') ? relative(ROOT, join(ROOT, dirname(file), module)) : [];
      }),
    ]),
  );

  it('no file imports itself through others', () => {
    expect(findCycle(graph)).toBeUndefined();
  });

  it('no file imports the index of its own package', () => {
    const offenders = [...graph].filter(([, imports]) =>
      imports.some((path) => /\/src\/index\.ts$/.test(path)),
    );
    expect(offenders.map(([file]) => file)).toEqual([]);
  });

  it('no source file is above 400 lines', () => {
    const long = files.filter(
      (file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length > 400,
    );
    expect(long).toEqual([]);
  });
});

/** A chain of imports that ends where it begins. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  function visit(file: string, chain: readonly string[]): readonly string[] | undefined {
    if (chain.includes(file)) return [...chain.slice(chain.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...chain, file]);
      if (cycle !== undefined) return cycle;
    }
    done.add(file);
    return undefined;
  }
  for (const file of graph.keys()) {
    const cycle = visit(file, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

describe('the order of packages', () => {
  it('no package depends on itself through others, development included', () => {
    const graph = new Map(
      manifests.map(({ manifest }) => [
        manifest.name,
        Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter((name) =>
          name.startsWith(SCOPE),
        ),
      ]),
    );
    expect(findCycle(graph)).toBeUndefined();
  });
});
