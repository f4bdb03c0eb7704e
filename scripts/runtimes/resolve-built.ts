import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import type { Engine } from './engines.ts';

const ENGINE = resolve('scripts/runtimes/engine');
const ENTRY_OF_A_PACKAGE = /packages\/(core|bearer|dpop|signer)\/src\/(index|node)\.ts$/;
const IMPORT_OF_AN_INNER_PART = /from '(?:\.\.\/)+src\/(?!(?:index|node)\.ts')/;

/** What stands in for modules of Node in tests, by engine; modules that are not named are the engine's own. */
const STAND_INS: Partial<Record<Engine['kind'], Readonly<Record<string, string>>>> = {
  workerd: {
    ...absent('node:fs', 'node:net', 'node:http', 'node:child_process'),
    'node:crypto': 'node-crypto-in-workerd.ts',
  },
  chromium: {
    ...absent('node:fs', 'node:net', 'node:http', 'node:child_process'),
    ...absent('node:os', 'node:path', 'node:url'),
    'node:crypto': 'node-crypto-in-browsers.ts',
    'node:util': 'node-util-in-browsers.ts',
  },
};

function absent(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, 'absent-in-engine.ts']));
}

/** Whether an engine reads modules itself; for the others all is put into one file, as their users do. */
function resolvesModules(kind: Engine['kind']): boolean {
  return kind === 'node' || kind === 'bun' || kind === 'deno';
}

/**
 * Has tests use what was built. The index of a package, and every package by name, is left for the engine to
 * resolve where it can. A test of inner parts takes all of its package from the sources, because two
 * copies of a class are two classes; `#crypto` is the built one even then.
 */
export function resolveBuilt(kind: Engine['kind']): Plugin {
  const resolves = resolvesModules(kind);
  const standIns = STAND_INS[kind] ?? {};
  return {
    name: 'built packages',
    setup(build) {
      build.onResolve(
        { filter: /\/src\/(?:index|node)\.ts$/ },
        ({ path, importer, resolveDir }) => {
          const [, name, entry] = ENTRY_OF_A_PACKAGE.exec(resolve(resolveDir, path)) ?? [];
          if (name === undefined || isAboutInnerParts(importer)) return undefined;
          const own = `@keybound/${name}${entry === 'node' ? '/node' : ''}`;
          if (resolves) return { path: own, external: true };
          return build.resolve(own, { kind: 'import-statement', resolveDir });
        },
      );
      if (resolves) {
        const filter = /^(?:#crypto$|@keybound\/(?:core|bearer|dpop|signer)(?:$|\/))/;
        build.onResolve({ filter }, ({ path }) => ({ path, external: true }));
      }
      build.onResolve({ filter: /^@keybound\/fastify$/ }, () => ({
        path: join(ENGINE, 'trusted-proxies.ts'),
      }));
      build.onResolve({ filter: /^@keybound\/dpop-vectors$/ }, () => ({
        path: resolve('packages/dpop-vectors/src/index.ts'),
      }));
      build.onResolve({ filter: /^node:/ }, ({ path, importer }) => {
        const standIn = standIns[path];
        const isOwn = dirname(importer) === ENGINE;
        if (standIn === undefined || isOwn) return { path, external: true };
        return { path: join(ENGINE, standIn) };
      });
      provideVectors(build);
      locateSources(build, kind);
    },
  };
}

function isAboutInnerParts(file: string): boolean {
  return IMPORT_OF_AN_INNER_PART.test(readFileSync(file, 'utf8'));
}

/** The vectors as one module, since not every engine reads files. */
function provideVectors(build: Parameters<Plugin['setup']>[0]): void {
  build.onResolve({ filter: /^keybound:vectors$/ }, ({ path }) => ({ path, namespace: 'vectors' }));
  build.onLoad({ filter: /.*/, namespace: 'vectors' }, () => {
    const files = globSync(resolve('packages/dpop-vectors/vectors/*.json')).sort();
    const imports = files.map((file, i) => `import v${i} from ${JSON.stringify(file)};`);
    return {
      contents: `${imports.join('\n')}\nexport default [${files.map((_, i) => `v${i}`)}];`,
      resolveDir: ENGINE,
    };
  });
}

/** Tests find files beside them by `import.meta.url`, which in one file would be that of the program. */
function locateSources(build: Parameters<Plugin['setup']>[0], kind: Engine['kind']): void {
  build.onLoad({ filter: /\/packages\/[^/]+\/(?:src|test|examples)\/.*\.ts$/ }, ({ path }) => {
    const text = readFileSync(path, 'utf8');
    const needsBuffer = kind === 'chromium' && /\bBuffer\b/.test(text);
    const buffer = JSON.stringify(join(ENGINE, 'buffer-in-browsers.ts'));
    return {
      contents: `${text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))}\n${
        needsBuffer ? `import { Buffer } from ${buffer};` : ''
      }`,
      loader: 'ts',
    };
  });
}
