import type { RunCommand } from './command.ts';
import { loadVectors } from './load.ts';
import { loadAdapter } from './load-adapter.ts';
import { startProcessAdapter } from './process-adapter.ts';
import type { Adapter } from './questions.ts';
import { jsonReport } from './report/json.ts';
import { junitReport } from './report/junit.ts';
import { textReport } from './report/text.ts';
import type { Report } from './report.ts';
import { runVectors } from './run.ts';
import { selectCases, selectFiles } from './select.ts';
import { splitCommand } from './split-command.ts';

const REPORTS = { text: textReport, json: jsonReport, junit: junitReport };

export interface Outcome {
  readonly report: Report;
  /** The report in the form that was asked for. */
  readonly text: string;
  readonly exitCode: 0 | 1;
}

/**
 * Does what `dpop-vectors run` is asked to.
 *
 * @throws Error when there is nothing to run, or nothing to run it against.
 */
export async function runCommand(command: RunCommand): Promise<Outcome> {
  const files = selectFiles(loadVectors(), command.files);
  const only = selectCases(command);
  const some = files.some((file) =>
    file.testGroups.some((group) => group.tests.some((test) => only({ file, group, test }))),
  );
  if (!some) throw new Error('No case is selected.');
  const report = await runVectors(await adapterOf(command), { files, only });
  const text = REPORTS[command.report](report);
  return { report, text, exitCode: exitCodeOf(report, command) };
}

async function adapterOf({ software, timeoutMs }: RunCommand): Promise<Adapter> {
  if ('adapter' in software) return await loadAdapter(software.adapter);
  const [command, ...args] = splitCommand(software.command);
  try {
    return await startProcessAdapter({ command, args, timeoutMs });
  } catch (error) {
    throw new Error(`The adapter ${software.command} does not work: ${(error as Error).message}.`);
  }
}

function exitCodeOf({ counts }: Report, { failOnWarning }: RunCommand): 0 | 1 {
  const { failures, notTestable, warnings } = counts;
  return failures + notTestable > 0 || (failOnWarning && warnings > 0) ? 1 : 0;
}
