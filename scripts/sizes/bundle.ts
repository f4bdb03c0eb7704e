import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { ROOT } from '../published.ts';

/** A bundle that is measured. */
export interface Row {
  /** What a page imports from, such as `@keybound/signer`. */
  readonly entry: string;
  /** Only these names, such as `createSigner, createDpopFetch`; left out, everything. */
  readonly imports?: string;
  /** A text of code that only other exports need: tree shaking leaves none of it. */
  readonly without?: string;
  /** The limit. */
  readonly gzipBytes: number;
}

/** What came out of a row. */
export interface BundledRow {
  readonly row: Row;
  readonly minifiedBytes: number;
  readonly gzipBytes: number;
  /** What should not be in the bundle, in words. */
  readonly foreign: readonly string[];
}

/** Packages of others that may come along. */
const MAY_BRING = ['jose'];

/** What browsers do not have, as it stands in minified code. */
const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['an import of a module of Node', /["'`]node:/],
  ['a use of Buffer', /(?<![\w$])Buffer(?![\w$])/],
  ['a use of process', /(?<![\w$])process(?:\.|\?\.|\[)/],
  ['a use of require', /(?<![\w$.])require\(/],
];

/**
 * Bundles a row from the built packages, as a page's bundler does.
 *
 * @throws Error of esbuild when something imported does not exist for browsers.
 */
export async function bundleForBrowser(row: Row): Promise<BundledRow> {
  const names = row.imports === undefined ? '*' : `{ ${row.imports} }`;
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export ${names} from ${JSON.stringify(row.entry)};`, resolveDir: ROOT },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  const code = outputFiles.map(({ text }) => text).join('');
  return {
    row,
    minifiedBytes: Buffer.byteLength(code),
    gzipBytes: gzipSync(code, { level: 9 }).length,
    foreign: [
      ...FORBIDDEN.filter(([, pattern]) => pattern.test(code)).map(([what]) => what),
      ...(row.without !== undefined && code.includes(row.without) ? [`"${row.without}"`] : []),
      ...packagesIn(Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs)))
        .filter((name) => !MAY_BRING.includes(name))
        .map((name) => `code of ${name}`),
    ],
  };
}

/** The packages of others that some files are from. */
function packagesIn(files: readonly string[]): readonly string[] {
  const names = files.flatMap((file) => {
    const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file) ?? [];
    return name === undefined ? [] : [name];
  });
  return [...new Set(names)];
}
