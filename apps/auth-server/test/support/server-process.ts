import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { mintProof, type ProofOverrides } from '@keybound/test-kit';
import { onTestFinished } from 'vitest';
import { formText, type Parameters } from './server.ts';

/** The issuer of all server processes; nothing listens there, each process has a port of its own. */
export const PROCESS_ISSUER = 'http://localhost';
export const PROCESS_RESOURCE = 'http://localhost:4001';

/** A server in a process of its own. */
export interface ServerProcess {
  /** Where it listens. */
  readonly origin: string;
  readonly pid: number;
  /** Everything it has written to the standard error. */
  errors(): string;
  /** Everything it has written to the standard output: its log. */
  log(): string;
  isRunning(): boolean;
  /** Ends it in the middle of whatever it does. */
  kill(): Promise<void>;
  /** Asks it to end. @returns its exit code */
  stop(): Promise<number | null>;
}

/** How a process ended that was not to start. */
export interface FailedStart {
  readonly code: number | null;
  readonly errors: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const SCRIPT = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** A port that was free may be taken before the process has it. */
const ATTEMPTS = 5;

/** Starts the server and waits until it listens; the process ends with the test at the latest. */
export async function startProcess(env: Environment): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const started = spawnServer({ ...env, PORT: String(port) });
    if (await started.listening) return running(started, port);
    if (attempt === ATTEMPTS || !/is in use; set PORT/.test(started.errors())) {
      throw new Error(`the server did not start: ${started.errors() || started.log()}`);
    }
  }
}

/** Starts a server that cannot start. */
export async function failToStart(env: Environment): Promise<FailedStart> {
  const started = spawnServer({ ...env, PORT: String(await freePort()) });
  if (await started.listening) throw new Error('the server has started');
  return { code: await started.ended, errors: started.errors() };
}

/** Posts a form to a process. */
export function postTo(
  { origin }: Pick<ServerProcess, 'origin'>,
  path: string,
  form: Parameters,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: formText(form),
  });
}

/** A proof of now for the token endpoint of the processes. */
export function proofNow(overrides: ProofOverrides = {}): string {
  return mintProof({
    ...overrides,
    claims: {
      htm: 'POST',
      htu: `${PROCESS_ISSUER}/token`,
      iat: Math.floor(Date.now() / 1000),
      ...overrides.claims,
    },
  });
}

interface Started {
  readonly child: ChildProcess;
  readonly listening: Promise<boolean>;
  readonly ended: Promise<number | null>;
  errors(): string;
  log(): string;
}

function spawnServer(env: Environment): Started {
  const child = spawn(process.execPath, ['--conditions=@keybound/source', SCRIPT], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Nothing of the settings that a shell may have.
    env: {
      PATH: process.env.PATH,
      PUBLIC_ORIGIN: PROCESS_ISSUER,
      RESOURCES: PROCESS_RESOURCE,
      REQUESTS_PER_MINUTE: '1000000',
      LOGINS_PER_MINUTE: '1000',
      ...env,
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let errors = '';
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const listening = new Promise<boolean>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.includes('Server listening at')) resolve(true);
    });
    ended.then(() => resolve(false));
  });
  return { child, listening, ended, errors: () => errors, log: () => log };
}

function running({ child, ended, errors, log }: Started, port: number): ServerProcess {
  const end = (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return ended;
  };
  return {
    origin: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    errors,
    log,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    async kill(): Promise<void> {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the port is not known');
  return address.port;
}
