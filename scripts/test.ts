/**
 * `npm test`: the tests of every workspace through turbo, which remembers what has not changed, and
 * after them, one by one, those that put the machine under load (`test:alone`). Then
 * the starred requirements against the titles of what passed, and one line with the sum. Exit code 1
 * when a test failed, a workspace that has tests left no report, a starred requirement is cited by no
 * passed test, or nothing ran.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, PROGRAMS } from '../packages/test-kit/src/programs.ts';
import { starredRequirements } from './conformance/catalogue.ts';

/** The part of vitest's JSON report that counts here. */
interface Report {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const workspaces = ['.', ...foldersIn('packages'), ...foldersIn('apps')].filter((folder) =>
  existsSync(join(folder, 'vitest.config.ts')),
);

function foldersIn(parent: string): string[] {
  return readdirSync(parent).map((name) => join(parent, name));
}

function reportOf(folder: string): string {
  return join(folder, 'test-report.json');
}

// A report of an earlier run must not be counted for one that never started.
for (const folder of workspaces) rmSync(reportOf(folder), { force: true });

const succeeded = [
  // Several at once even on few cores: many tests wait for processes, servers and a browser.
  turbo(['test', 'test:repository'], 4),
  // Under load, other tests beside them would be starved, and starve them.
  turbo(['test:alone'], 1),
].every((status) => status === 0);

function turbo(tasks: readonly string[], concurrency: number): number | null {
  const options = ['--continue', '--output-logs=new-only', `--concurrency=${concurrency}`];
  return spawnSync('turbo', ['run', ...tasks, ...options], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  }).status;
}

const cited = new Set<string>();
let passed = 0;
let failed = 0;
let skipped = 0;
for (const folder of workspaces) {
  if (!existsSync(reportOf(folder))) {
    fail(`${folder}: no report; its tests did not run to the end`);
    continue;
  }
  const { success, testResults }: Report = JSON.parse(readFileSync(reportOf(folder), 'utf8'));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failures = tests.filter((test) => test.status === 'failed');
  const successes = tests.filter((test) => test.status === 'passed');
  passed += successes.length;
  skipped += tests.length - successes.length - failures.length;
  // Again at the end, where a reader of a long log looks first.
  for (const { fullName, failureMessages } of failures) {
    fail(`${folder}: ${fullName}\n${failureMessages.join('\n')}`);
  }
  if (!success && failures.length === 0) fail(`${folder}: a test file failed outside its tests`);
  for (const { fullName } of successes) {
    for (const id of citationsIn(fullName)) cited.add(id);
  }
}
const starred = starredRequirements();
for (const id of starred) {
  if (!cited.has(id)) fail(`${id}: no passed test cites this starred requirement`);
}
if (!process.env.DATABASE_URL) {
  console.log(
    'SKIPPED: PostgreSQL. DATABASE_URL is not set, so the authorization server ran on embedded PostgreSQL alone',
  );
}
for (const { name, install, what } of Object.values(PROGRAMS)) {
  if (!findProgram(name)) console.log(`SKIPPED: ${what}: ${name} is not installed; ${install}`);
}
console.log(`${starred.length} starred requirements, ${cited.size} requirements cited`);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = succeeded && failed === 0 && passed > 0 ? 0 : 1;

/** The requirement IDs in brackets of the name of a test, such as `[DPOP-4.3-01, URI-05]`. */
function citationsIn(name: string): string[] {
  return [...name.matchAll(/\[([A-Z][^\]]*)\]/g)].flatMap(([, list = '']) => list.split(/,\s*/));
}

function fail(sentence: string): void {
  console.error(sentence);
  failed++;
}
