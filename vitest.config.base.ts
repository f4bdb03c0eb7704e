import { defineConfig } from 'vitest/config';

/** Tests run against the sources: the `@keybound/source` condition skips the build. */
export default defineConfig({
  resolve: { conditions: ['@keybound/source', 'node', 'default'] },
  ssr: { resolve: { conditions: ['@keybound/source', 'node', 'default'] } },
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', ['json', { outputFile: 'test-report.json' }]],
    // A test that hangs ends; on a busy machine a process that a test starts may take half a minute.
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
});
