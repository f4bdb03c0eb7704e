import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { onTestFinished } from 'vitest';

/** Builds an application, listens on a free port and closes it when the test ends. */
export async function listen(build: (app: Express) => void): Promise<number> {
  const { server } = await serve(build, { host: '127.0.0.1', port: 0 });
  return (server.address() as AddressInfo).port;
}

/** The same, anywhere. */
export async function serve(
  build: (app: Express) => void,
  where: { readonly host?: string; readonly port?: number; readonly path?: string },
): Promise<{ server: Server }> {
  const app = express();
  build(app);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(where, resolve));
  onTestFinished(async () => {
    await new Promise((resolve) => server.close(resolve));
  });
  return { server };
}
