import { fork } from 'node:child_process';
import { cpus } from 'node:os';
import { CONTENDERS } from './contenders.ts';
import type { StoreResult } from './measure.ts';
import { type Options, parseOptions, USAGE } from './options.ts';
import { formatReport, type Report } from './report.ts';

const NODE_OPTIONS = [
  '--conditions=@keybound/source',
  '--expose-gc',
  // Ten million strings do not fit into the heap that Node takes by itself on smaller machines.
  '--max-old-space-size=8192',
  // One size from the beginning: otherwise it grows in some runs only, by more than a small store takes.
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
];

async function run({ sizes }: Options): Promise<Report> {
  const tables: StoreResult[][] = [];
  for (const live of sizes) {
    const results: StoreResult[] = [];
    for (const i of CONTENDERS.keys()) results.push(await measureInChild(i, live));
    tables.push(results);
  }
  return {
    node: process.versions.node,
    cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
    tables,
  };
}

function measureInChild(contender: number, live: number): Promise<StoreResult> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('./child.ts', import.meta.url), [String(contender), String(live)], {
      execArgv: NODE_OPTIONS,
    });
    let result: StoreResult | undefined;
    child.on('message', (message) => {
      result = message as StoreResult;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (result !== undefined && code === 0) resolve(result);
      else reject(new Error(`${CONTENDERS[contender]?.name} ended with ${signal ?? code}`));
    });
  });
}

function optionsOrExit(): Options {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(2);
  }
}

const options = optionsOrExit();
try {
  const report = await run(options);
  console.log(options.json ? JSON.stringify(report, undefined, 2) : formatReport(report));
  // Others may come to an end on the way; ours may not.
  const ours = report.tables.flatMap(([first]) => first ?? []);
  if (ours.some(({ failure }) => failure !== undefined)) process.exitCode = 1;
} catch (error) {
  console.error('bench:', error);
  process.exitCode = 1;
}
