import { createAtproto } from '../contenders/atproto.ts';
import { createExpressOauth2 } from '../contenders/express-oauth2-jwt-bearer.ts';
import { createJoseDpop } from '../contenders/jose.ts';
import { createKeyboundColdKey, createKeyboundDpop } from '../contenders/keybound.ts';
import { createOauth4webapi } from '../contenders/oauth4webapi.ts';
import { createPoolVerify, createRawVerify } from '../contenders/raw.ts';
import { badDpopRequests, createToken, dpopRequest, type PresentedRequest } from '../requests.ts';
import type { Suite } from '../suite.ts';
import { type Contender, createTable, type Table } from '../table.ts';
import { proveVerifying } from '../verifying.ts';
import { maxBatchOf } from './batches.ts';
import { requestOfNewClient } from './clients.ts';

/** The usual case: a client that comes again, with the token it came with before. */
export async function createWarmDpop(suite: Suite): Promise<Table> {
  const { algorithm } = suite;
  const token = createToken(suite, suite.client);
  return dpopTable(suite, {
    id: `dpop-warm-${algorithm}`,
    title: `DPoP request, ${algorithm}: token and key presented before, proof never seen`,
    contenders: [createKeyboundDpop(suite), ...(await peers(suite))],
    createCase: () => dpopRequest(suite, token),
  });
}

/** The first proof of a key whose token is known: how far a cache of keys is worth it. */
export function createColdKeyDpop(suite: Suite): Table {
  return dpopTable(suite, {
    id: `dpop-cold-key-${suite.algorithm}`,
    title: `DPoP request, ${suite.algorithm}: token presented before, key and proof never seen`,
    contenders: [createKeyboundColdKey(suite)],
    createCase: () => requestOfNewClient(suite),
  });
}

/** The first request of a client: nothing is known beforehand. */
export async function createFirstDpop(suite: Suite): Promise<Table> {
  return dpopTable(suite, {
    id: `dpop-first-${suite.algorithm}`,
    title: `DPoP request, ${suite.algorithm}: token, key and proof never seen`,
    contenders: [createKeyboundDpop(suite), ...(await peers(suite))],
    createCase: () => requestOfNewClient(suite),
  });
}

/** Warm requests for servers that have several of them at once. */
export function createInFlightDpop(suite: Suite): Table {
  const token = createToken(suite, suite.client);
  return dpopTable(suite, {
    id: `dpop-in-flight-${suite.algorithm}`,
    title: `DPoP request, ${suite.algorithm}: token and key presented before`,
    contenders: [
      createPoolVerify(suite),
      createKeyboundDpop(suite, 'keybound, adaptive', { signatureThread: 'adaptive' }),
      createKeyboundDpop(suite, 'keybound, main', { signatureThread: 'main' }),
      createKeyboundDpop(suite, 'keybound, pool', { signatureThread: 'pool' }),
      createOauth4webapi(suite, 'DPoP'),
      createJoseDpop(suite),
    ],
    createCase: () => dpopRequest(suite, token),
  });
}

interface DpopTable {
  readonly id: string;
  readonly title: string;
  readonly contenders: readonly Contender<PresentedRequest>[];
  createCase(): PresentedRequest;
}

function dpopTable(suite: Suite, table: DpopTable): Table {
  const token = createToken(suite, suite.client);
  const proof = { good: () => dpopRequest(suite, token), bad: badDpopRequests(suite, token) };
  return createTable({
    ...table,
    ...maxBatchOf(suite),
    limit: createRawVerify(suite, 'proof'),
    prove: (contender) => proveVerifying(contender, proof),
  });
}

async function peers(suite: Suite): Promise<readonly Contender<PresentedRequest>[]> {
  return [
    createOauth4webapi(suite, 'DPoP'),
    createExpressOauth2(suite, 'DPoP'),
    await createAtproto(suite),
    createJoseDpop(suite),
  ];
}
