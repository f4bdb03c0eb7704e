import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that listens before it can answer. */
export interface Listener {
  /** `http://<host>:<port>` */
  readonly origin: string;
  /** Answers requests from now on. */
  serve(handler: RequestListener): void;
  close(): Promise<void>;
}

/**
 * Takes a free port of this machine and keeps it. The servers under test must know their origin to be
 * built, so the port comes first and the handler later; a port that is let go in between could be lost.
 */
export async function takeFreePort(host = '127.0.0.1'): Promise<Listener> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://${host}:${port}`,
    serve: (handler) => server.on('request', handler),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
