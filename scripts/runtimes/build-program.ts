import { join } from 'node:path';
import { build } from 'esbuild';
import { ENGINES, type Engine } from './engines.ts';
import { resolveBuilt } from './resolve-built.ts';
import type { Suite } from './suites.ts';

/** Export conditions, as bundlers for these places set them; `@keybound/source` is none of them. */
const CONDITIONS: Partial<Record<Engine['kind'], readonly string[]>> = {
  workerd: ['workerd', 'worker', 'browser'],
  chromium: ['browser'],
};

/** How the program gives its report away. Timers that keep no process alive are awaited all the same. */
const IN_A_PROCESS = 'setInterval(() => {}, 1000); print(await main(console.error));';
const ENDINGS: Record<Engine['kind'], string> = {
  node: `${IN_A_PROCESS} process.exit();`,
  bun: `${IN_A_PROCESS} process.exit();`,
  deno: `${IN_A_PROCESS} Deno.exit();`,
  workerd: 'export default { fetch: async () => Response.json(await main()) };',
  // Tests let turns of the loop go by with what browsers lack.
  chromium: 'globalThis.setImmediate ??= setTimeout.bind(globalThis); globalThis.main = main;',
};

/**
 * Makes one file of the tests of a suite and of vitest's runner. Test files are evaluated when their turn
 * comes: an error in one is told of it alone, and workerd does nothing outside a request.
 */
export async function buildProgram(suite: Suite, kind: Engine['kind']): Promise<string> {
  const outfile = join(suite.folder, '.runtimes', `${suite.name}-${kind}.mjs`);
  const own = join(import.meta.dirname, 'engine');
  const files = suite.files(kind).map((file) => {
    const path = JSON.stringify(file);
    return `${path}: () => import(${path})`;
  });
  if (files.length === 0) throw new Error(`${suite.name} has no test files`);
  await build({
    stdin: {
      sourcefile: 'program.js',
      resolveDir: suite.folder,
      contents: `
        import ${JSON.stringify(join(own, 'vitest-state.ts'))};
        import { REPORT_MARK } from ${JSON.stringify(join(own, 'report.ts'))};
        import { runSuite } from ${JSON.stringify(join(own, 'run-suite.ts'))};
        const main = (onTest) => runSuite({ ${files.join(',\n')} }, onTest);
        const print = (report) => console.log(REPORT_MARK + JSON.stringify(report));
        ${ENDINGS[kind]}`,
    },
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: kind === 'node' || kind === 'bun' || kind === 'deno' ? 'node' : 'browser',
    conditions: [...(CONDITIONS[kind] ?? ['node'])],
    define: { EXPECTED_CRYPTO: JSON.stringify(cryptoOf(kind)) },
    plugins: [resolveBuilt(kind)],
    // A name that a stand-in lacks would else be undefined when it is called.
    logOverride: { 'import-is-undefined': 'error' },
    logLevel: 'error',
  });
  return outfile;
}

function cryptoOf(kind: Engine['kind']): Engine['crypto'] | undefined {
  return ENGINES.find((engine) => engine.kind === kind)?.crypto;
}
