import type { AddressInfo } from 'node:net';
import { createBearerAuthenticator } from '@keybound/bearer';
import { type Authenticator, createJwtVerifier, createKeySet } from '@keybound/core';
import {
  createDpopAuthenticator,
  createMemoryReplayStore,
  createNonces,
  type TargetUriOptions,
} from '@keybound/dpop';
import { createTestSchemes, type TestSchemes } from '@keybound/test-kit';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { onTestFinished } from 'vitest';

const PARTS = {
  createBearerAuthenticator,
  createDpopAuthenticator,
  createJwtVerifier,
  createKeySet,
  createMemoryReplayStore,
  createNonces,
};

/** The authenticators of the tests, all on one clock. */
export function createSchemes(options: Partial<TargetUriOptions> = {}): TestSchemes<Authenticator> {
  return createTestSchemes<Authenticator>(PARTS, options);
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
