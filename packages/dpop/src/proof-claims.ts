import { AuthError, type JsonObject } from '@keybound/core';

/** The claims of a proof, with their types checked and nothing else. */
export interface ProofClaims {
  readonly jti: string;
  readonly htm: string;
  readonly htu: string;
  /** Seconds since 1970-01-01T00:00:00Z; fractions are legal (RFC 7519 §2). */
  readonly iat: number;
  readonly ath: string | undefined;
  readonly nonce: string | undefined;
  readonly exp: number | undefined;
  readonly nbf: number | undefined;
}

const MAX_CHARS = { jti: 256, htm: 64, htu: 2048, ath: 128, nonce: 512 } as const;

/**
 * The claims RFC 9449 §4.2 names. Required: `jti`, `htm`, `htu`, `iat` (§4.3 check 3); other members
 * are ignored.
 *
 * @throws AuthError `proof_claims_invalid` with the claim's name as a fact.
 */
export function parseProofClaims(payload: JsonObject): ProofClaims {
  return {
    jti: required('jti', text(payload, 'jti')),
    htm: required('htm', text(payload, 'htm')),
    htu: required('htu', text(payload, 'htu')),
    iat: required('iat', numericDate(payload, 'iat')),
    ath: text(payload, 'ath'),
    nonce: text(payload, 'nonce'),
    exp: numericDate(payload, 'exp'),
    nbf: numericDate(payload, 'nbf'),
  };
}

function required<Value>(name: string, value: Value | undefined): Value {
  if (value === undefined) throw invalid(name);
  return value;
}

function text(payload: JsonObject, name: keyof typeof MAX_CHARS): string | undefined {
  const value = payload[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '' || value.length > MAX_CHARS[name]) {
    throw invalid(name);
  }
  // A lone surrogate has no UTF-8 form: two such values could end as one replay record.
  if (!value.isWellFormed()) throw invalid(name);
  return value;
}

function numericDate(payload: JsonObject, name: string): number | undefined {
  const value = payload[name];
  if (value === undefined) return undefined;
  // Number.isFinite also refuses 1e999, which JSON.parse makes Infinity.
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalid(name);
  return value;
}

function invalid(claim: string): AuthError {
  return new AuthError('proof_claims_invalid', { facts: { claim } });
}
