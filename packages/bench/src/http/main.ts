/** `npm run bench:http`: what protection costs a Fastify route over real HTTP, beside routes without. */
import { availableParallelism, cpus } from 'node:os';
import { CONTENDERS } from './contenders.ts';
import { measureServers } from './measure.ts';
import { type Options, parseOptions, USAGE } from './options.ts';
import { proveServer } from './prove.ts';
import { publishedReport, writeReport } from './publish.ts';
import { formatReport, type Report } from './report.ts';
import { startServers } from './server-process.ts';
import { summarize } from './summary.ts';
import { judgeTargets } from './targets.ts';

/** What libuv takes when nobody says otherwise. */
const DEFAULT_POOL_THREADS = 4;

async function run(options: Options): Promise<Report> {
  const { rounds, threads } = options;
  const servers = await startServers(CONTENDERS, threads);
  try {
    // All of them before the first is measured: figures of something that does not work are worse than none.
    for (const server of servers) await proveServer(server);
    const samples = await measureServers(servers, options);
    return {
      node: process.versions.node,
      cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
      cores: availableParallelism(),
      poolThreads: threads ?? Number(process.env.UV_THREADPOOL_SIZE ?? DEFAULT_POOL_THREADS),
      rounds,
      loads: samples.map(summarize),
      targets: judgeTargets(samples),
    };
  } finally {
    for (const server of servers) server.end();
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
  if (options.write) console.error(await writeReport(report));
} catch (error) {
  console.error('bench:', error);
  process.exitCode = 1;
}
