import type { Options } from 'tsup';

/** One ESM entry with declarations and source maps; dependencies stay imports. */
export const libraryBuild: Options = {
  entry: ['src/index.ts'],
  format: ['esm'],
  target: 'es2023',
  platform: 'neutral',
  dts: true,
  sourcemap: true,
  clean: true,
};
