import { defineConfig } from 'tsup';
import { libraryBuild } from '../../tsup.config.base.ts';

/** The library, and the command beside it: both run on Node alone. */
export default defineConfig({
  ...libraryBuild,
  entry: ['src/index.ts', 'src/cli.ts'],
  platform: 'node',
});
