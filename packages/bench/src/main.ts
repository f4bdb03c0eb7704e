import { cpus } from 'node:os';
import { startServer } from '@keybound/test-kit';
import { measureTable, type TableResult } from './measure.ts';
import { type Options, parseOptions, USAGE } from './options.ts';
import { formatReport, type Report } from './report.ts';
import { JWKS } from './requests.ts';
import { createTables } from './tables.ts';

async function run({ rounds, warmUpMs }: Options): Promise<Report> {
  const server = await startServer();
  try {
    server.routes.set('/jwks', { body: JWKS });
    const tables = await createTables(`${server.origin}/jwks`);
    // All of them before the first is measured: figures of something that does not work are worse than none.
    for (const table of tables) await table.prove();
    const results: TableResult[] = [];
    for (const table of tables) results.push(await measureTable(table, { rounds, warmUpMs }));
    return {
      node: process.versions.node,
      cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
      rounds,
      tables: results,
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
  console.log(options.json ? JSON.stringify(report, undefined, 2) : formatReport(report));
} catch (error) {
  console.error('bench:', error);
  process.exitCode = 1;
}
