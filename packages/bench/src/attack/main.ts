/** `npm run bench:attack`: what one request that means harm can cost, as a multiple of an honest one. */
import { cpus } from 'node:os';
import { measureTable } from '../measure.ts';
import { ATTACKS } from './attacks.ts';
import { type Options, parseOptions, USAGE } from './options.ts';
import { publishedReport, writeReport } from './publish.ts';
import { formatReport, type Report } from './report.ts';
import { createAttackTable, octetsOf } from './table.ts';

async function run(options: Options): Promise<Report> {
  const table = createAttackTable(ATTACKS);
  await table.prove();
  const { results, limitSpread, isNoisy } = await measureTable(table, options);
  return {
    node: process.versions.node,
    cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
    rounds: options.rounds,
    rows: ATTACKS.flatMap(({ write, ...attack }, i) => {
      const result = results[i];
      return result ? [{ ...attack, octets: octetsOf(write()), result }] : [];
    }),
    limitSpread,
    isNoisy,
  };
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
