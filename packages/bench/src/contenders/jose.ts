import { createHash } from 'node:crypto';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  EmbeddedJWK,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose';
import { DEPLOYMENT, METHOD, type PresentedRequest, URI } from '../requests.ts';
import type { Suite } from '../suite.ts';
import type { Contender, Entrant } from '../table.ts';
import { versionOf } from '../versions.ts';

const JOSE: Entrant = { name: 'jose', version: versionOf('jose') };
const TOKEN: JWTVerifyOptions = {
  ...DEPLOYMENT,
  typ: 'at+jwt',
  requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'jti'],
};
// maxTokenAge makes `iat` required; 30 s is how far ahead it may be.
const PROOF: JWTVerifyOptions = {
  typ: 'dpop+jwt',
  maxTokenAge: 60,
  clockTolerance: 30,
  requiredClaims: ['jti', 'htm', 'htu', 'ath'],
};

/** What a careful team writes with `jose` for a DPoP request; a replay store is left out. */
export function createJoseDpop({ algorithm, jwks }: Suite): Contender<PresentedRequest> {
  const keys = createLocalJWKSet(jwks);
  const algorithms = [algorithm];
  return {
    ...JOSE,
    prepare:
      ({ token, proof = '' }) =>
      async () => {
        const { payload: claims } = await jwtVerify(token, keys, { ...TOKEN, algorithms });
        const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
          ...PROOF,
          algorithms,
        });
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
export function createJoseBearer({ algorithm, jwks }: Suite): Contender<PresentedRequest> {
  const keys = createLocalJWKSet(jwks);
  const options = { ...TOKEN, algorithms: [algorithm] };
  return {
    ...JOSE,
    prepare:
      ({ token }) =>
      async () => {
        const { payload } = await jwtVerify(token, keys, options);
        if (payload.cnf !== undefined) throw new Error('bound token');
      },
  };
}

function confirmedKey({ cnf }: JWTPayload): unknown {
  return typeof cnf === 'object' && cnf !== null && 'jkt' in cnf ? cnf.jkt : undefined;
}
