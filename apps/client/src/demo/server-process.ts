import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A server of the demo and where it is to be. */
export interface ServerPlan {
  readonly name: string;
  readonly port: number;
}

/** A server that runs. */
export interface ServerProcess {
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
// Embedded PostgreSQL takes seconds to start, and longer on a machine that is busy.
const HEALTH_TIMEOUT_MS = 120_000;
const HEALTH_INTERVAL_MS = 50;
// The servers of the demo have nothing to lose.
const STOP_TIMEOUT_MS = 1_000;
const KEPT_LOG_CHARS = 4_000;

/** The servers whose ports are taken. */
export async function busyServers(plans: readonly ServerPlan[]): Promise<readonly ServerPlan[]> {
  const free = await Promise.all(plans.map(({ port }) => isFree(port)));
  return plans.filter((_, index) => !free[index]);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, HOST, () => probe.close(() => resolve(true)));
  });
}

/**
 * Starts an app of this repository from its sources and waits until it says that it is well.
 *
 * @throws Error with the end of its output when it ends early or does not get well in time.
 */
export async function startServer(
  { name, port }: ServerPlan,
  environment: NodeJS.ProcessEnv,
): Promise<ServerProcess> {
  const main = fileURLToPath(new URL(`../../../${name}/src/main.ts`, import.meta.url));
  // The IPC channel ends with this process, however it ends, and the server ends with the channel.
  const child = spawn(process.execPath, ['--conditions=@keybound/source', main], {
    env: { ...inherited(), ...environment, HOST, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let log = '';
  const keep = (chunk: Buffer): void => {
    log = `${log}${chunk.toString()}`.slice(-KEPT_LOG_CHARS);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  try {
    await healthy(child, port);
  } catch (cause) {
    await stopProcess(child);
    throw new Error(`${name} did not start on port ${port}:\n${log.trim()}`, { cause });
  }
  return { stop: () => stopProcess(child) };
}

/** What a process needs to run; a variable such as API_KEY of the shell is not meant for the demo. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SYSTEMROOT'];

function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(INHERITED.map((name) => [name, process.env[name]]));
}

async function healthy(child: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + HEALTH_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('it has ended');
    try {
      const { ok } = await fetch(`http://${HOST}:${port}/healthz`);
      if (ok) return;
    } catch {
      // Not listening yet.
    }
    await delay(HEALTH_INTERVAL_MS);
  }
  throw new Error('it was not well in time');
}

/** A server of this process as one to stop; a comparison that it plays is not waited for. */
export function stoppable(server: { close(): PromiseLike<unknown> }): ServerProcess {
  return {
    async stop(): Promise<void> {
      await Promise.race([server.close(), delay(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    },
  };
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
