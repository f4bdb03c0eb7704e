import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A server of somebody else that some tests run against, and how a machine gets it. */
export interface ProgramNeeded {
  readonly name: string;
  /** The command that installs it. */
  readonly install: string;
  /** What is not tested without it. */
  readonly what: string;
}

/** The programs that tests of this repository run against where they are installed. */
export const PROGRAMS: Readonly<Record<'redis' | 'nginx' | 'haproxy' | 'chromium', ProgramNeeded>> =
  {
    redis: {
      name: 'redis-server',
      install: 'apt-get install redis-server',
      what: 'the replay store on Redis',
    },
    nginx: {
      name: 'nginx',
      install: 'apt-get install nginx-light',
      what: 'requests through nginx',
    },
    haproxy: {
      name: 'haproxy',
      install: 'apt-get install haproxy',
      what: 'requests through HAProxy',
    },
    chromium: {
      name: 'chromium',
      install: 'apt-get install chromium',
      what: 'the lab and the signer in a real browser',
    },
  };

/** Where a program is, or undefined. Daemons stand in folders that users' paths leave out. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * Where a program is. Without it: an error in CI, where it must be there; elsewhere undefined and a line
 * that says what is skipped and how to get it. For `describe.runIf(programOrSkip(PROGRAMS.redis))`.
 */
export function programOrSkip({ name, install, what }: ProgramNeeded): string | undefined {
  const path = findProgram(name);
  if (path !== undefined) return path;
  const line = `${what}: ${name} is not installed; ${install}`;
  if (process.env.CI) throw new Error(line);
  process.stderr.write(`SKIPPED: ${line}\n`);
  return undefined;
}

/** What to start and how to tell that it is ready. */
export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Asked until it is true; the program's output so far is the argument. */
  readonly isReady: (output: string) => boolean | Promise<boolean>;
}

/** A process of a test. */
export interface RunningProgram {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Everything it has printed. */
  output(): string;
  /** Sends a signal and waits for the end. @defaultValue SIGTERM */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const READY_TIMEOUT_MS = 30_000;
const POLL_MS = 20;

/** Starts a program, waits until it is ready, and kills it when this process ends all the same. */
export async function startProgram(options: ProgramOptions): Promise<RunningProgram> {
  const { command, args, env = process.env, isReady } = options;
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stderr.on('data', (chunk) => chunks.push(chunk));
  const output = (): string => Buffer.concat(chunks).toString();
  let failure: Error | undefined;
  child.on('error', (error) => {
    failure = error;
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  ended.then(() => process.off('exit', kill));

  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  }

  try {
    await until(() => {
      if (failure !== undefined) throw failure;
      if (child.exitCode !== null) throw new Error(`${command} ended at once: ${output()}`);
      return isReady(output());
    }, `${command} is ready`);
  } catch (error) {
    await stop('SIGKILL');
    throw error;
  }
  return { process: child, pid: child.pid ?? 0, output, stop };
}

/** Waits until a condition holds, asking again and again; an error after half a minute names it. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs: number = READY_TIMEOUT_MS,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** A port of this machine that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** An empty folder for a program's files, and the call that removes it. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'keybound-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
