import { connect } from 'node:net';
import { freePort, type RunningProgram, startProgram, temporaryFolder } from './programs.ts';

/** A Redis server of a test, on a free port of this machine. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Its process now; another one after {@link start}. */
  readonly program: RunningProgram;
  /** Starts it again on the same port and with the same folder, after it was ended. */
  start(): Promise<void>;
  /** Ends it and removes its files. */
  close(): Promise<void>;
}

/**
 * Starts a Redis server that keeps nothing on disk.
 *
 * @param path - where `redis-server` is, see `programOrSkip`
 * @param settings - further command-line settings, such as `['--cluster-enabled', 'yes']`
 */
export async function startRedis(
  path: string,
  settings: readonly string[] = [],
): Promise<RedisServer> {
  const port = await portWithBus();
  const folder = temporaryFolder();
  const args = [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder.path],
    ...['--save', '', '--appendonly', 'no', ...settings],
  ];
  const run = (): Promise<RunningProgram> =>
    startProgram({ command: path, args, isReady: () => answersPing(port) });
  let program = await run();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get program(): RunningProgram {
      return program;
    },
    async start(): Promise<void> {
      program = await run();
    },
    async close(): Promise<void> {
      await program.stop('SIGKILL');
      folder.remove();
    },
  };
}

/** A free port below those whose number plus 10000, where a cluster talks, is none. */
async function portWithBus(): Promise<number> {
  let port = await freePort();
  while (port + 10_000 > 65_535) port = await freePort();
  return port;
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString().startsWith('+PONG'));
    });
    socket.once('error', () => resolve(false));
  });
}
