import { createHash } from 'node:crypto';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  EmbeddedJWK,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import { DEPLOYMENT, JWKS, METHOD, type PresentedRequest, URI } from '../requests.ts';
import type { Contender } from '../table.ts';
import { nameAndVersion } from '../versions.ts';

const ALGORITHMS = ['ES256'];
const TOKEN: JWTVerifyOptions = {
  ...DEPLOYMENT,
  typ: 'at+jwt',
  algorithms: ALGORITHMS,
  requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'jti'],
};
// maxTokenAge makes `iat` required; 30 s is how far ahead it may be.
const PROOF: JWTVerifyOptions = {
  typ: 'dpop+jwt',
  algorithms: ALGORITHMS,
  maxTokenAge: 60,
  clockTolerance: 30,
  requiredClaims: ['jti', 'htm', 'htu', 'ath'],
};

/** What a careful team writes with `jose` for a DPoP request; a replay store is left out. */
export function createJoseDpop(): Contender<PresentedRequest> {
  const keys = createLocalJWKSet(JWKS);
  return {
    name: nameAndVersion('jose'),
    prepare:
      ({ token, proof = '' }) =>
      async () => {
        const { payload: claims } = await jwtVerify(token, keys, TOKEN);
        const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, PROOF);
        if (protectedHeader.jwk === undefined) throw new Error('jwk missing');
        if (payload.htm !== METHOD) throw new Error('htm mismatch');
        if (payload.htu !== URI) throw new Error('htu mismatch');
        const ath = createHash('sha256').update(token).digest('base64url');
        if (payload.ath !== ath) throw new Error('ath mismatch');
        const jkt = await calculateJwkThumbprint(protectedHeader.jwk);
        if (confirmedKey(claims) !== jkt) throw new Error('key mismatch');
      },
  };
}

/** The same for a bearer request, bound tokens refused. */
export function createJoseBearer(): Contender<PresentedRequest> {
  const keys = createLocalJWKSet(JWKS);
  return {
    name: nameAndVersion('jose'),
    prepare:
      ({ token }) =>
      async () => {
        const { payload } = await jwtVerify(token, keys, TOKEN);
        if (payload.cnf !== undefined) throw new Error('bound token');
      },
  };
}

function confirmedKey({ cnf }: JWTPayload): unknown {
  return typeof cnf === 'object' && cnf !== null && 'jkt' in cnf ? cnf.jkt : undefined;
}
