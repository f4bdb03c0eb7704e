/**
 * `npm run runtimes`: the tests of the built packages on every runtime they are said to run on. Builds what
 * is not built, installs the engines that are not there, and prints a table; with `--write` into README.md.
 * `--engines node-22,bun` and `--packages core,walk` run a part. Exit code 1 when anything fails, when an
 * engine is absent where `CI` is set, and when nothing ran.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildProgram } from './build-program.ts';
import { ALLOWED_ABSENCES, ENGINES, type Engine } from './engines.ts';
import { installedEngine } from './installed-engine.ts';
import { KNOWN_DIFFERENCES } from './known-differences.ts';
import { type ProgramRunner, programRunner } from './run-program.ts';
import { SUITES, type Suite } from './suites.ts';
import { type Column, tableOf, withTable } from './table.ts';
import { type Verdict, verdictOf } from './verdict.ts';

const WORKERS = 2;

const { values } = parseArgs({
  options: {
    engines: { type: 'string' },
    packages: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const engines = chosen('--engines', ENGINES, values.engines);
const suites = chosen('--packages', SUITES, values.packages);
const isWhole = engines === ENGINES && suites === SUITES;
if (values.write && !isWhole) throw new Error('--write: only the whole matrix goes into README.md');

function chosen<Item extends { readonly name: string }>(
  option: string,
  all: readonly Item[],
  list: string | undefined,
): readonly Item[] {
  if (list === undefined) return all;
  const names = list.split(',');
  const unknown = names.find((name) => all.every((one) => one.name !== name));
  if (unknown === undefined) return all.filter(({ name }) => names.includes(name));
  throw new Error(`${option}: no ${unknown}; there are ${all.map(({ name }) => name).join(', ')}`);
}

const BUILT = ['core', 'bearer', 'dpop', 'signer'].map((name) => `--filter=@keybound/${name}`);
execFileSync('turbo', ['run', 'build', ...BUILT, '--output-logs=errors-only'], {
  stdio: 'inherit',
});

let failures = 0;
let passed = 0;
const work: (() => Promise<void>)[] = [];
const programs = new Map<string, Promise<string>>();
const columns = engines.map(prepare);

/** What runs on an engine goes into the work; the column fills as it is done. */
function prepare(engine: Engine): Column {
  const { name, title, kind } = engine;
  const installed = installedEngine(engine);
  if ('absent' in installed) {
    const allowed = ALLOWED_ABSENCES[name];
    if (process.env.CI && allowed === undefined) failures++;
    console.error(
      `ABSENT: ${title}: ${installed.absent}${allowed ? ` (allowed: ${allowed})` : ''}`,
    );
    return { title, absent: installed.absent };
  }
  const results = new Map<string, Verdict | string>();
  const runner = programRunner(kind, installed.place);
  for (const suite of suites) {
    const reason = suite.not?.[kind];
    if (reason === undefined) work.push(() => run(engine, suite, runner, results));
    else results.set(suite.name, reason);
  }
  return { title, version: installed.version, results };
}

async function run(
  engine: Engine,
  suite: Suite,
  runner: ProgramRunner,
  results: Map<string, Verdict | string>,
): Promise<void> {
  const started = performance.now();
  const verdict = await verdictOn(engine, suite, runner);
  results.set(suite.name, verdict);
  passed += verdict.passed;
  failures += verdict.faults.length;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const left = Object.values(verdict.leftOut).reduce((sum, one) => sum + one, 0);
  console.log(
    `${engine.name} ${suite.name}: ${verdict.passed} passed, ${verdict.faults.length} failed, ${left} left out (${seconds} s)`,
  );
  for (const fault of verdict.faults) console.error(`  ${fault}`);
}

async function verdictOn(
  { name, kind }: Engine,
  suite: Suite,
  runner: ProgramRunner,
): Promise<Verdict> {
  const key = `${suite.name} ${kind}`;
  const program = programs.get(key) ?? buildProgram(suite, kind);
  programs.set(key, program);
  const known = KNOWN_DIFFERENCES.filter(
    (one) => [name, kind].includes(one.engine) && one.suite === suite.name,
  );
  try {
    return verdictOf(await runner.run(await program), known);
  } catch (error) {
    return { passed: 0, leftOut: {}, faults: [String(error)] };
  }
}

await Promise.all(Array.from({ length: WORKERS }, worker));

async function worker(): Promise<void> {
  for (let next = work.shift(); next !== undefined; next = work.shift()) await next();
}

const table = tableOf(columns, suites);
console.log(`\n${table}\n`);
if (values.write && failures === 0) {
  writeFileSync('README.md', withTable(readFileSync('README.md', 'utf8'), table));
}
console.log(`${passed} passed, ${failures} failed`);
process.exitCode = failures === 0 && passed > 0 ? 0 : 1;
