/** How the rehearsal runs other programs: quietly, and with everything they said when they fail. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** What a program is started with. */
export interface CommandOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The promise that is broken when the program fails; the first line of the error. */
  readonly promise: string;
}

const SHOWN_CHARS = 4000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** What a program printed. Throws an error with the broken promise and the end of its output. */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, env = process.env, promise }: CommandOptions,
): Promise<string> {
  try {
    const options = { cwd, env, maxBuffer: MAX_OUTPUT_BYTES };
    const { stdout } = await execute(command, [...args], options);
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & Record<string, string>;
    const said = `${stdout}\n${stderr}`.trim() || message;
    throw new Error(`${promise}\n${said.slice(-SHOWN_CHARS).replace(/^/gm, '    ')}`);
  }
}

/**
 * Waits until all work has come to an end, and then throws one error with every failure: a folder is never
 * removed below a program that still runs.
 */
export async function allOf<Results extends readonly unknown[]>(
  work: {
    readonly [Index in keyof Results]: Promise<Results[Index]>;
  },
): Promise<Results> {
  const ends = await Promise.allSettled(work);
  const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  if (failures.length > 0) throw new Error(failures.map(({ message }) => message).join('\n'));
  return (await Promise.all(work)) as unknown as Results;
}

/** Does something with each item, some at a time, and throws as `allOf` does. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Promise<Result>[] = [];
  const waiting = [...items];
  async function lane(): Promise<void> {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      const result = work(item);
      results.push(result);
      await result.catch(() => 'told by allOf');
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane));
  return allOf<readonly Result[]>(results);
}
