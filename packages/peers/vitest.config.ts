import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.base.ts';

export default mergeConfig(
  base,
  // The files of a worker share an embedded database (test/support/database.ts).
  defineConfig({ test: { isolate: false } }),
);
