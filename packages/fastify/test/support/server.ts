import type { AddressInfo } from 'node:net';
import * as bearer from '@keybound/bearer';
import * as core from '@keybound/core';
import * as dpop from '@keybound/dpop';
import { createTestSchemes, type TestSchemes } from '@keybound/test-kit';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { onTestFinished } from 'vitest';

/** The authenticators of the tests, all on one clock. */
export function createSchemes(
  target: Partial<dpop.TargetUriOptions> = {},
): TestSchemes<core.Authenticator> {
  return createTestSchemes<core.Authenticator>({ ...bearer, ...core, ...dpop }, target);
}

/** `GET` for every path: who is asking, and nothing else. */
export async function showAuth(app: FastifyInstance): Promise<void> {
  app.get('*', async ({ auth }) => auth);
}

/** Builds an application, listens on a free port and closes it when the test ends. */
export async function listen(
  build: (app: FastifyInstance) => unknown,
  options: FastifyServerOptions = {},
): Promise<{ port: number; app: FastifyInstance }> {
  const app = Fastify(options);
  await build(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => app.close());
  return { port: (app.server.address() as AddressInfo).port, app };
}
