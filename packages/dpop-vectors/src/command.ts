import { parseArgs } from 'node:util';
import { messageOf } from './words.ts';

export const USAGE: string = `Puts the DPoP test vectors to your software.

  dpop-vectors run --adapter ./my-adapter.js
  dpop-vectors run --command "python3 adapter.py"
  dpop-vectors list [--files <a,b>]

What to run
  --adapter <file>       a JavaScript module whose default export is an adapter
  --command <line>       a program that speaks the protocol of JSON lines
  --timeout <seconds>    how long a program may take for an answer (10)
  --files <a,b>          only these vector files
  --only <text>          only cases whose <file>/<id> contains the text
  --flag-out <flag>      without the cases that have the flag; may be given several times

What to say
  --report <kind>        text, json or junit (text)
  --output <file>        where the report goes, instead of the standard output
  --fail-on-warning      exit with 1 when there are warnings

  --help, --version

Exits with 0 when nothing failed and everything was testable, with 1 otherwise, with 2 when it could not run.
`;

/** What is asked of the command. */
export type Command =
  | { readonly name: 'help' | 'version' }
  | { readonly name: 'list'; readonly files: readonly string[] }
  | RunCommand;

export interface RunCommand {
  readonly name: 'run';
  readonly software: { readonly adapter: string } | { readonly command: string };
  readonly timeoutMs: number;
  readonly files: readonly string[];
  readonly only: string;
  readonly flagsOut: readonly string[];
  readonly report: ReportKind;
  readonly output: string | undefined;
  readonly failOnWarning: boolean;
}

export type ReportKind = 'text' | 'json' | 'junit';

/** A command line that makes no sense. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads the arguments behind the name of the command.
 *
 * @throws UsageError with a sentence on what is wrong.
 */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parsed(args);
  if (values.help === true) return { name: 'help' };
  if (values.version === true) return { name: 'version' };
  const [name, ...more] = positionals;
  if (name === undefined) throw new UsageError('Say run or list.');
  if (name !== 'run' && name !== 'list') throw new UsageError(`There is no command ${name}.`);
  if (more.length > 0) throw new UsageError(`What is ${more.join(' ')} for?`);
  const files = listOf(values.files);
  if (name === 'list') return { name, files };
  return {
    name,
    software: softwareOf(values),
    timeoutMs: timeoutOf(values.timeout),
    files,
    only: values.only ?? '',
    flagsOut: (values['flag-out'] ?? []).flatMap(listOf),
    report: reportOf(values.report),
    output: values.output,
    failOnWarning: values['fail-on-warning'] ?? false,
  };
}

const OPTIONS = {
  adapter: { type: 'string' },
  command: { type: 'string' },
  timeout: { type: 'string' },
  files: { type: 'string' },
  only: { type: 'string' },
  'flag-out': { type: 'string', multiple: true },
  report: { type: 'string' },
  output: { type: 'string' },
  'fail-on-warning': { type: 'boolean' },
  help: { type: 'boolean' },
  version: { type: 'boolean' },
} as const;

type Parsed = ReturnType<
  typeof parseArgs<{ readonly options: typeof OPTIONS; readonly allowPositionals: true }>
>;

function parsed(args: readonly string[]): Parsed {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

function softwareOf({ adapter, command }: Parsed['values']): RunCommand['software'] {
  if (adapter !== undefined && command !== undefined) {
    throw new UsageError('Give either --adapter or --command.');
  }
  if (adapter !== undefined) return { adapter };
  if (command !== undefined) return { command };
  throw new UsageError('Say what to test, with --adapter or --command.');
}

function timeoutOf(seconds = '10'): number {
  const value = Number(seconds);
  if (value > 0 && value < 1_000_000) return value * 1000;
  throw new UsageError(`--timeout takes a number of seconds, not ${seconds}.`);
}

function reportOf(kind = 'text'): ReportKind {
  if (kind === 'text' || kind === 'json' || kind === 'junit') return kind;
  throw new UsageError(`There is no report ${kind}; there are text, json and junit.`);
}

function listOf(names = ''): readonly string[] {
  return names.split(',').filter((name) => name !== '');
}
