import { availableParallelism, cpus } from 'node:os';
import { startServer } from '@keybound/test-kit';
import { measureMemory } from './memory/measure.ts';
import { type Options, parseOptions, USAGE } from './options.ts';
import { createPlans, createSuites, GROUPS, type Plan } from './plan.ts';
import { publishedReport, writeReport } from './publish.ts';
import { formatReport, type Report } from './report.ts';
import { type TableResult, untilQuiet } from './result.ts';
import { jwksPath } from './suite.ts';
import { judgeTargets } from './targets.ts';

/** What libuv takes when nobody says otherwise. */
const DEFAULT_POOL_THREADS = 4;

async function run(options: Options): Promise<Report> {
  const { groups: wanted, effort, attempts, memory: size } = options;
  const server = await startServer();
  try {
    const suites = createSuites(server.origin);
    for (const { algorithm, jwks } of suites) {
      server.routes.set(jwksPath(algorithm), { body: jwks });
    }
    const plans = await createPlans(wanted, effort, suites);
    // All of them before the first is measured: figures of something that does not work are worse than none.
    for (const table of new Set(plans.map((plan) => plan.table))) await table.prove();
    const measured: { plan: Plan; result: TableResult }[] = [];
    for (const plan of plans) {
      measured.push({ plan, result: await untilQuiet(attempts, plan.measure) });
    }
    const memory = wanted.includes('memory') ? await measureMemory(size) : undefined;
    return {
      node: process.versions.node,
      cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
      cores: availableParallelism(),
      poolThreads: Number(process.env.UV_THREADPOOL_SIZE ?? DEFAULT_POOL_THREADS),
      rounds: effort.rounds,
      groups: GROUPS.map((name) => ({
        name,
        tables: measured.filter(({ plan }) => plan.group === name).map(({ result }) => result),
      })),
      ...(memory !== undefined && { memory }),
      targets: judgeTargets(
        measured.map(({ result }) => result),
        memory,
        options.evenNoisy,
      ),
    };
  } finally {
    await server.close();
  }
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
  console.log(
    options.json
      ? JSON.stringify(publishedReport(report, options.evenNoisy), undefined, 2)
      : formatReport(report, options.evenNoisy),
  );
  if (options.write) for (const line of await writeReport(report)) console.error(line);
} catch (error) {
  console.error('bench:', error);
  process.exitCode = 1;
}
