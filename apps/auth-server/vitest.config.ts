import { configDefaults, defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vitest.config.base.ts';

const storages = process.env.DATABASE_URL ? ['pglite', 'postgresql'] : ['pglite'];

if (storages.length === 1) {
  process.stderr.write(
    'SKIPPED: PostgreSQL; DATABASE_URL is not set, so only embedded PostgreSQL is tested\n',
  );
}

/** What is about one storage alone. */
const ONLY: Readonly<Record<string, string>> = {
  pglite: 'test/processes/embedded/**',
  postgresql: 'test/processes/postgresql/**',
};

/** The same tests on each storage; on PostgreSQL only where `DATABASE_URL` names a server. */
export default mergeConfig(
  base,
  defineConfig({
    test: {
      projects: storages.map((storage) => ({
        extends: true,
        test: {
          name: storage,
          env: { TEST_STORAGE: storage },
          exclude: [
            ...configDefaults.exclude,
            ...Object.entries(ONLY).flatMap(([only, files]) => (only === storage ? [] : [files])),
          ],
        },
      })),
    },
  }),
);
