import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

/** One file of the lab as a browser gets it. */
export interface LabFile {
  readonly type: string;
  readonly body: Buffer;
  readonly gzipped: Buffer;
  /** Whether its name changes with its content, so that it may be kept for ever. */
  readonly isImmutable: boolean;
}

/** The files of the lab by their path, such as `/index.html`. */
export type LabFiles = ReadonlyMap<string, LabFile>;

const ROOT = fileURLToPath(new URL('../lab/', import.meta.url));
const PAGES = ['index.html', 'callback.html', 'desk.html'];

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/**
 * Builds the lab from its sources, in memory: there is no folder that could be older than they are. Takes
 * about a second.
 *
 * @throws Error with the compiler's words when a source is at fault.
 */
export async function buildLabFiles(): Promise<LabFiles> {
  const result = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'silent',
    // The packages of this repository are taken from their sources, as everywhere in the apps.
    resolve: { conditions: ['@keybound/source', '@keybound/web', 'browser', 'module', 'import'] },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      write: false,
      target: 'es2022',
      // Scripts in the page would need an exception in its policy.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rolldownOptions: { input: PAGES.map((page) => `${ROOT}${page}`) },
    },
  });
  if (Array.isArray(result) || !('output' in result)) throw new Error('the lab was not built');
  return new Map(
    result.output.map((file) => {
      const body = Buffer.from(file.type === 'chunk' ? file.code : file.source);
      const extension = file.fileName.split('.').at(-1) ?? '';
      return [
        `/${file.fileName}`,
        {
          type: TYPES[extension] ?? 'application/octet-stream',
          body,
          gzipped: gzipSync(body),
          isImmutable: file.fileName.startsWith('assets/'),
        },
      ];
    }),
  );
}
