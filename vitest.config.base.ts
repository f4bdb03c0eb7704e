import { defineConfig } from 'vitest/config';

/** Tests run against the sources: the `@keybound/source` condition skips the build. */
export default defineConfig({
  resolve: { conditions: ['@keybound/source', 'node', 'default'] },
  ssr: { resolve: { conditions: ['@keybound/source', 'node', 'default'] } },
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', ['json', { outputFile: 'test-report.json' }]],
    testTimeout: 20_000,
  },
});
