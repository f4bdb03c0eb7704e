import { fork } from 'node:child_process';
import type { HttpContender } from './contenders.ts';

/** What a server process has used since its start. */
export interface Usage {
  /** Time on all of its threads. */
  readonly cpuSeconds: number;
  /** Time in which its event loop was not waiting. */
  readonly loopSeconds: number;
}

/** What a server process tells its parent: where it listens, then its usage when asked. */
export type ServerMessage = { readonly port: number } | { readonly usage: Usage };

/** A server in a process of its own. */
export interface ServerProcess {
  readonly contender: HttpContender;
  readonly port: number;
  usage(): Promise<Usage>;
  end(): void;
}

/** Starts one server for each contender; when one does not come up, none stays. */
export async function startServers(
  contenders: readonly HttpContender[],
  threads: number | undefined,
): Promise<readonly ServerProcess[]> {
  const outcomes = await Promise.allSettled(
    contenders.map((contender, i) => startServer(contender, i, threads)),
  );
  const servers = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failure = outcomes.find((one) => one.status === 'rejected');
  if (failure === undefined) return servers;
  for (const server of servers) server.end();
  throw failure.reason;
}

function startServer(
  contender: HttpContender,
  index: number,
  threads: number | undefined,
): Promise<ServerProcess> {
  const child = fork(new URL('./child.ts', import.meta.url), [String(index)], {
    execArgv: ['--conditions=@keybound/source'],
    env: { ...process.env, ...(threads !== undefined && { UV_THREADPOOL_SIZE: String(threads) }) },
  });
  const waiting: { resolve: (usage: Usage) => void; reject: (error: Error) => void }[] = [];
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      reject(error);
      for (const one of waiting.splice(0)) one.reject(error);
    };
    child.on('error', fail);
    child.on('exit', (code, signal) =>
      fail(new Error(`the server of ${contender.name} ended with ${signal ?? code}`)),
    );
    child.on('message', (message: ServerMessage) => {
      if ('usage' in message) return waiting.shift()?.resolve(message.usage);
      resolve({
        contender,
        port: message.port,
        usage: () =>
          new Promise((resolveUsage, rejectUsage) => {
            waiting.push({ resolve: resolveUsage, reject: rejectUsage });
            child.send('usage');
          }),
        end: () => child.kill(),
      });
    });
  });
}
