import { createAwsJwtVerify } from '../contenders/aws-jwt-verify.ts';
import { createExpressOauth2 } from '../contenders/express-oauth2-jwt-bearer.ts';
import { createFastJwt } from '../contenders/fast-jwt.ts';
import { createJoseBearer } from '../contenders/jose.ts';
import { createJsonwebtoken } from '../contenders/jsonwebtoken.ts';
import { createKeyboundBearer } from '../contenders/keybound.ts';
import { createOauth4webapi } from '../contenders/oauth4webapi.ts';
import { createRawVerify } from '../contenders/raw.ts';
import {
  badBearerRequests,
  bearerRequest,
  createToken,
  type PresentedRequest,
} from '../requests.ts';
import type { Suite } from '../suite.ts';
import { type Contender, createTable, type Table } from '../table.ts';
import { proveVerifying } from '../verifying.ts';
import { maxBatchOf } from './batches.ts';

/** The usual case of an API: one token again and again. */
export function createWarmBearer(suite: Suite): Table {
  const warm = bearerRequest(suite, createToken(suite));
  return bearerTable(suite, {
    id: `bearer-warm-${suite.algorithm}`,
    title: `Bearer request, ${suite.algorithm}: token presented before`,
    contenders: [
      createKeyboundBearer(suite),
      createKeyboundBearer(suite, 'keybound, no token cache', { tokenCache: 'off' }),
      createFastJwt(suite, true),
      createFastJwt(suite, false),
      ...otherPeers(suite),
    ],
    createCase: () => warm,
  });
}

/** What no cache can help with. */
export function createNewBearer(suite: Suite): Table {
  return bearerTable(suite, {
    id: `bearer-new-${suite.algorithm}`,
    title: `Bearer request, ${suite.algorithm}: token never seen`,
    contenders: [
      createKeyboundBearer(suite),
      createFastJwt(suite, true),
      createFastJwt(suite, false),
      ...otherPeers(suite),
    ],
    createCase: () => bearerRequest(suite, createToken(suite)),
    ...maxBatchOf(suite),
  });
}

interface BearerTable {
  readonly id: string;
  readonly title: string;
  readonly contenders: readonly Contender<PresentedRequest>[];
  readonly maxBatch?: number;
  createCase(): PresentedRequest;
}

function bearerTable(suite: Suite, table: BearerTable): Table {
  const proof = {
    good: () => bearerRequest(suite, createToken(suite)),
    bad: badBearerRequests(suite),
  };
  return createTable({
    ...table,
    limit: createRawVerify(suite, 'token'),
    prove: (contender) => proveVerifying(contender, proof),
  });
}

function otherPeers(suite: Suite): readonly Contender<PresentedRequest>[] {
  const { algorithm } = suite;
  return [
    // Neither does what is missing here: no PSS in the one, no EdDSA in the other.
    ...(algorithm === 'PS256' ? [] : [createAwsJwtVerify(suite)]),
    ...(algorithm === 'EdDSA' ? [] : [createJsonwebtoken(suite)]),
    createOauth4webapi(suite, 'Bearer'),
    createExpressOauth2(suite, 'Bearer'),
    createJoseBearer(suite),
  ];
}
