import { defineConfig } from 'tsup';
import { libraryBuild } from '../../tsup.config.base.ts';

/**
 * Two entries that share what both need, `SignerError` for one: two copies of a class would be two
 * classes. Types of Node are there for the declarations of the second; `npm run typecheck` shows that the
 * first does without.
 */
export default defineConfig({
  ...libraryBuild,
  entry: ['src/index.ts', 'src/node.ts'],
  dts: { compilerOptions: { types: ['node'] } },
});
