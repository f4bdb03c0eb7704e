import { defineConfig } from 'vitest/config';

/** Tests run against the sources: the `@keybound/source` condition skips the build. */
export default defineConfig({
  resolve: { conditions: ['@keybound/source', 'node', 'default'] },
  ssr: { resolve: { conditions: ['@keybound/source', 'node', 'default'] } },
  test: {
    include: ['test/**/*.test.ts'],
    // Files of a worker share what they import: loading it anew for each takes longer than the tests.
    isolate: false,
    // A spy of one file must not reach the next one.
    restoreMocks: true,
    reporters: ['default', ['json', { outputFile: 'test-report.json' }]],
    // A test that hangs ends; on a busy machine a process that a test starts may take half a minute.
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
});
