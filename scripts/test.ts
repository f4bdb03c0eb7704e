/**
 * `npm test`: the tests of every workspace through turbo, which remembers what has not changed, and
 * then one line with the sum. Exit code 1 when a test failed, a workspace that has tests left no
 * report, or nothing ran.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

interface Workspace {
  readonly folder: string;
  readonly report: string;
}

interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly success: boolean;
}

const workspaces = ['.', ...foldersIn('packages'), ...foldersIn('apps')]
  .filter((folder) => existsSync(join(folder, 'vitest.config.ts')))
  .map((folder): Workspace => ({ folder, report: join(folder, 'test-report.json') }));

function foldersIn(parent: string): string[] {
  return readdirSync(parent).map((name) => join(parent, name));
}

// A report of an earlier run must not be counted for one that never started.
for (const { report } of workspaces) rmSync(report, { force: true });

const { status } = spawnSync(
  'turbo',
  ['run', 'test', 'test:repository', '--continue', '--output-logs=new-only', '--concurrency=2'],
  { stdio: 'inherit', shell: process.platform === 'win32' },
);

let passed = 0;
let failed = 0;
let skipped = 0;
for (const { folder, report } of workspaces) {
  if (!existsSync(report)) {
    console.error(`${folder}: no report; its tests did not run to the end`);
    failed++;
    continue;
  }
  const counts: Counts = JSON.parse(readFileSync(report, 'utf8'));
  passed += counts.numPassedTests;
  failed += counts.numFailedTests;
  skipped += counts.numPendingTests;
  if (!counts.success && counts.numFailedTests === 0) failed++;
}
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = status === 0 && failed === 0 && passed > 0 ? 0 : 1;
