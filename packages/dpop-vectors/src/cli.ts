#!/usr/bin/env node
import { writeFileSync } from 'node:fs';
import { parseCommand, type RunCommand, USAGE, UsageError } from './command.ts';
import { listCases, listFiles } from './list.ts';
import { loadVectors, ownVersion } from './load.ts';
import { summary } from './report/text.ts';
import { runCommand } from './run-command.ts';
import { selectFiles } from './select.ts';
import { messageOf } from './words.ts';

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const hint = error instanceof UsageError ? '\ndpop-vectors --help says more.' : '';
  process.stderr.write(`dpop-vectors: ${messageOf(error)}${hint}\n`);
  process.exitCode = 2;
}

async function main(args: readonly string[]): Promise<number> {
  const command = parseCommand(args);
  switch (command.name) {
    case 'help':
      process.stdout.write(USAGE);
      return 0;
    case 'version':
      process.stdout.write(`${ownVersion()}\n`);
      return 0;
    case 'list': {
      const files = selectFiles(loadVectors(), command.files);
      process.stdout.write(command.files.length === 0 ? listFiles(files) : listCases(files));
      return 0;
    }
    case 'run':
      return await run(command);
  }
}

async function run(command: RunCommand): Promise<number> {
  const { report, text, exitCode } = await runCommand(command);
  if (command.output === undefined) {
    process.stdout.write(text);
  } else {
    writeFileSync(command.output, text);
    process.stdout.write(`${summary(report.counts)}\n`);
  }
  return exitCode;
}
