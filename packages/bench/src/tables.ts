import { createSigner } from '@keybound/signer';
import { generateKeyPair } from 'dpop';
import { createDpopSign } from './contenders/dpop.ts';
import { createExpressOauth2 } from './contenders/express-oauth2-jwt-bearer.ts';
import { createJoseBearer, createJoseDpop } from './contenders/jose.ts';
import {
  createKeyboundBearer,
  createKeyboundDpop,
  createKeyboundSign,
} from './contenders/keybound.ts';
import { createOauth4webapi } from './contenders/oauth4webapi.ts';
import { createRawSign, createRawVerify } from './contenders/raw.ts';
import {
  badBearerRequests,
  badDpopRequests,
  bearerRequest,
  createToken,
  dpopRequest,
} from './requests.ts';
import { createSigningCases, proveSigning } from './signing.ts';
import { createTable, type Table } from './table.ts';
import { proveVerifying } from './verifying.ts';

/**
 * Everything that is measured.
 *
 * @param jwksUri - where the issuer's key set is served, for the one peer that fetches it by itself
 */
export async function createTables(jwksUri: string): Promise<readonly Table[]> {
  return [
    verifyDpop(jwksUri),
    verifyBearer(jwksUri, 'one'),
    verifyBearer(jwksUri, 'new'),
    await signProof(),
  ];
}

function verifyDpop(jwksUri: string): Table {
  const token = createToken(true);
  const proof = { good: () => dpopRequest(token), bad: badDpopRequests(token) };
  return createTable({
    title: 'Verify a DPoP request: ES256 token presented before, ES256 proof never seen',
    limit: createRawVerify('proof'),
    contenders: [
      createKeyboundDpop(),
      createOauth4webapi('DPoP'),
      createExpressOauth2('DPoP', jwksUri),
      createJoseDpop(),
    ],
    createCases: (count) => Array.from({ length: count }, () => dpopRequest(token)),
    prove: (contender, isLimit) => proveVerifying(contender, proof, isLimit),
  });
}

function verifyBearer(jwksUri: string, which: 'one' | 'new'): Table {
  const warm = bearerRequest(createToken(false));
  const next = () => (which === 'one' ? warm : bearerRequest(createToken(false)));
  const proof = { good: next, bad: badBearerRequests() };
  return createTable({
    title: `Verify a bearer request: ES256 token ${which === 'one' ? 'presented before' : 'never seen'}`,
    limit: createRawVerify('token'),
    contenders: [
      createKeyboundBearer(),
      createOauth4webapi('Bearer'),
      createExpressOauth2('Bearer', jwksUri),
      createJoseBearer(),
    ],
    createCases: (count) => Array.from({ length: count }, next),
    prove: (contender, isLimit) => proveVerifying(contender, proof, isLimit),
  });
}

async function signProof(): Promise<Table> {
  const token = createToken(true);
  const [one] = createSigningCases(token, 1);
  if (one === undefined) throw new Error('no case to prove with');
  return createTable({
    title: 'Sign a proof: ES256, with ath of one token',
    limit: createRawSign(),
    contenders: [
      createKeyboundSign(await createSigner()),
      createDpopSign(await generateKeyPair('ES256')),
    ],
    createCases: (count) => createSigningCases(token, count),
    prove: (contender) => proveSigning(contender, one),
  });
}
