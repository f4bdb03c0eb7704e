import type { Options } from 'tsup';

/**
 * One ESM entry with declarations and source maps; dependencies stay imports. Maps point to the sources,
 * which are published, and do not repeat them.
 */
export const libraryBuild: Options = {
  entry: ['src/index.ts'],
  format: ['esm'],
  target: 'es2023',
  platform: 'neutral',
  dts: true,
  sourcemap: true,
  esbuildOptions(options): void {
    options.sourcesContent = false;
  },
  clean: true,
  // Deno and workerd know the modules of Node under these names only, and bundlers look for a package `net`.
  removeNodeProtocol: false,
  external: [/^node:/],
};
