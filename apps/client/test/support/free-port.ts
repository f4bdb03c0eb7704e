import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';

/** Holds a port until closed. */
export function occupy(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

export function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** The first of three free ports in a row. */
export async function freePortBase(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const first = await occupy(0);
    const { port } = first.address() as AddressInfo;
    const held = [first];
    try {
      for (const next of [port + 1, port + 2]) held.push(await occupy(next));
      return port;
    } catch {
      // A neighbour is taken; try elsewhere.
    } finally {
      await Promise.all(held.map(close));
    }
  }
  throw new Error('no three free ports in a row');
}
