import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to a server that can be cut; it ends with the test. */
export interface TcpProxy {
  readonly port: number;
  /** Resets every connection and refuses new ones. */
  cut(): void;
  /** Takes everything and passes nothing on, as a network does that drops packets. */
  swallow(): void;
  restore(): void;
}

/** Puts a way that can be cut before a server. */
export async function startProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'open' | 'cut' | 'silent' = 'open';
  const reset = (): void => {
    for (const sockets of pairs) for (const socket of sockets) socket.resetAndDestroy();
  };
  const server = createServer((near) => {
    near.on('error', () => {});
    if (state === 'cut') return void near.resetAndDestroy();
    const far = connect(target);
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', (chunk) => {
        if (state !== 'silent') to.write(chunk);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    reset();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the port is not known');
  return {
    port: address.port,
    cut(): void {
      state = 'cut';
      reset();
    },
    swallow(): void {
      state = 'silent';
    },
    restore(): void {
      // What was swallowed is lost, so these connections are of no use to anybody.
      if (state === 'silent') reset();
      state = 'open';
    },
  };
}
