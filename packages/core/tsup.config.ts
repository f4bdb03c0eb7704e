import { defineConfig } from 'tsup';
import { libraryBuild } from '../../tsup.config.base.ts';

/** The two answers to `#crypto` stay files of their own, because each runtime loads only one of them. */
export default defineConfig({
  ...libraryBuild,
  entry: {
    index: 'src/index.ts',
    'crypto/node': 'src/crypto/node/runtime.ts',
    'crypto/web': 'src/crypto/web.ts',
  },
  dts: { entry: 'src/index.ts' },
  external: ['#crypto', /^node:/],
});
