import { createRequire } from 'node:module';
import { join } from 'node:path';
import { freePort, type RunningProgram, startProgram } from '@keybound/test-kit';

const FOLDER = join(createRequire(import.meta.url).resolve('@keybound/resource-server'), '../..');

/** One process of the resource server; {@link restart} gives it another on the same port. */
export interface Instance {
  readonly port: number;
  readonly program: RunningProgram;
  /** Ends it as an operator does, and starts it again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the resource server as a process of its own, with these variables. */
export async function startInstance(variables: NodeJS.ProcessEnv): Promise<Instance> {
  const port = await freePort();
  const run = (): Promise<RunningProgram> =>
    startProgram({
      command: process.execPath,
      args: ['--conditions=@keybound/source', join(FOLDER, 'src/main.ts')],
      env: { PATH: process.env.PATH, LOG_LEVEL: 'warn', ...variables, PORT: String(port) },
      isReady: async () => {
        const health = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
        return health?.status === 200;
      },
    });
  let program = await run();
  return {
    port,
    get program(): RunningProgram {
      return program;
    },
    async restart(): Promise<void> {
      await program.stop();
      program = await run();
    },
    stop: () => program.stop(),
  };
}
