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
  /** New connections work again; those that were silent stay so. */
  restore(): void;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  isSilent: boolean;
}

/** Puts a way that can be cut before a server. */
export async function startProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let state: 'open' | 'cut' | 'silent' = 'open';
  const reset = (): void => {
    for (const { near, far } of pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  };
  const server = createServer((near) => {
    near.on('error', () => {});
    if (state === 'cut') return void near.resetAndDestroy();
    const pair: Pair = { near, far: connect(target), isSilent: state === 'silent' };
    pairs.add(pair);
    join(pair, () => pairs.delete(pair));
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
      for (const pair of pairs) pair.isSilent = true;
    },
    restore(): void {
      state = 'open';
    },
  };
}

function join(pair: Pair, onClose: () => void): void {
  const { near, far } = pair;
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    from.on('data', (chunk) => {
      if (!pair.isSilent) to.write(chunk);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      to.destroy();
      onClose();
    });
  }
}
