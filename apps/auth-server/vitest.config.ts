import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.base.ts';

const storages = process.env.DATABASE_URL ? ['pglite', 'postgresql'] : ['pglite'];

/** The same tests on each storage; on PostgreSQL only where `DATABASE_URL` names a server. */
export default mergeConfig(
  base,
  defineConfig({
    test: {
      projects: storages.map((storage) => ({
        extends: true,
        test: { name: storage, env: { TEST_STORAGE: storage } },
      })),
    },
  }),
);
