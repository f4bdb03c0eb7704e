import type { AddressInfo } from 'node:net';
import { createBearerAuthenticator } from '@keybound/bearer';
import { type Authenticator, createJwtVerifier, createKeySet } from '@keybound/core';
import {
  createDpopAuthenticator,
  createMemoryReplayStore,
  createNonces,
  type Nonces,
  type TargetUriOptions,
} from '@keybound/dpop';
import {
  createTestClock,
  ISSUER,
  KEYS,
  keySet,
  RESOURCE,
  type TestClock,
} from '@keybound/test-kit';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { onTestFinished } from 'vitest';

/** The authenticators of the tests, all on one clock. */
export interface Schemes {
  readonly clock: TestClock;
  readonly nonces: Nonces;
  readonly bearer: Authenticator;
  readonly dpop: Authenticator;
  readonly dpopWithNonce: Authenticator;
}

export function createSchemes(options: Partial<TargetUriOptions> = {}): Schemes {
  const clock = createTestClock();
  const tokens = createJwtVerifier({
    issuer: ISSUER,
    audience: RESOURCE,
    keys: createKeySet(keySet(KEYS.issuer)),
    clock,
  });
  const nonces = createNonces({
    secrets: () => ['a secret of the tests, 32 or more chars'],
    server: RESOURCE,
    clock,
  });
  const proofs = {
    tokens,
    publicOrigin: RESOURCE,
    replay: createMemoryReplayStore({ clock }),
    clock,
    ...options,
  };
  return {
    clock,
    nonces,
    bearer: createBearerAuthenticator({ tokens }),
    dpop: createDpopAuthenticator(proofs),
    dpopWithNonce: createDpopAuthenticator({ ...proofs, nonces }),
  };
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
