import { createBearerAuthenticator } from '@keybound/bearer';
import {
  type Authenticator,
  createJwtVerifier,
  createKeySet,
  type SignatureThread,
} from '@keybound/core';
import { createDpopAuthenticator } from '@keybound/dpop';
import keybound from '@keybound/fastify';
import type { FastifyInstance } from 'fastify';
import { DEPLOYMENT } from '../requests.ts';
import { createUsedReplayStore } from '../used-replay-store.ts';
import { SUITE } from './suite.ts';

/** Room for every proof of a run, so that none is refused because the store is full. */
const REPLAY_BYTES = 128 * 2 ** 20;

/** The plugin with the DPoP scheme and a replay store; all else as by default. */
export async function protectWithDpop(
  app: FastifyInstance,
  signatureThread: SignatureThread,
): Promise<void> {
  const expected = { ...DEPLOYMENT, keys: createKeySet(SUITE.jwks), signatureThread };
  const proofs = {
    tokens: createJwtVerifier(expected),
    publicOrigin: DEPLOYMENT.audience,
    replay: createUsedReplayStore({ maxBytes: REPLAY_BYTES }),
    signatureThread,
  };
  await protect(app, createDpopAuthenticator(proofs));
}

/** The plugin with the bearer scheme, all as by default. */
export async function protectWithBearer(app: FastifyInstance): Promise<void> {
  const tokens = createJwtVerifier({ ...DEPLOYMENT, keys: createKeySet(SUITE.jwks) });
  await protect(app, createBearerAuthenticator({ tokens }));
}

async function protect(app: FastifyInstance, authenticator: Authenticator): Promise<void> {
  await app.register(keybound, { authenticators: [authenticator] });
}
