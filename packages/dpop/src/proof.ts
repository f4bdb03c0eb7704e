import {
  AuthError,
  type CompactJws,
  hasUnsupportedHeader,
  isMediaType,
  type JsonObject,
  type JwsLimits,
  jwkThumbprint,
  type PublicJwk,
  parseCompactJws,
  parsePublicJwk,
  type SignatureAlgorithm,
} from '@keybound/core';

/** A DPoP proof of the right form with a key fit to prove possession. Nothing in it is verified. */
export interface ParsedProof {
  readonly jws: CompactJws;
  readonly algorithm: SignatureAlgorithm;
  readonly jwk: PublicJwk;
  /** The RFC 7638 thumbprint of the proof key. */
  readonly jkt: string;
}

/** Bounds before any cryptography; Node itself allows 16 KiB for all fields together. */
const LIMITS: JwsLimits = { chars: 8192, headerChars: 4096, depth: 8, members: 64 };

/**
 * The proof in the `DPoP` field lines of a request: the cheap checks of RFC 9449 §4.3 that need
 * neither signature nor clock. In order: exactly one field (check 1) · size and strict JWS form (2) ·
 * `typ` (4) · no `crit`, no `b64` · `alg` in the list (5) · a public key in canonical form, fit for
 * the algorithm and too strong to sign without its private half (7).
 *
 * @throws AuthError with a `proof_*`, `jwk_*` or `key_weak` reason.
 */
export async function parseProof(
  fields: readonly string[],
  algorithms: readonly SignatureAlgorithm[],
): Promise<ParsedProof> {
  const [field] = fields;
  if (field === undefined) throw new AuthError('proof_missing');
  if (fields.length > 1) throw new AuthError('proof_repeated');

  const jws = parseCompactJws(field, LIMITS);
  if (jws === 'too_large') {
    throw new AuthError('proof_too_large', { facts: { chars: field.length } });
  }
  if (jws === 'malformed') throw new AuthError('proof_malformed');

  const { header } = jws;
  if (!isMediaType(header.typ, 'dpop+jwt')) throw new AuthError('proof_type_mismatch');
  if (hasUnsupportedHeader(header)) throw new AuthError('proof_header_unsupported');
  const algorithm = parseAlgorithm(header, algorithms);
  const jwk = parsePublicJwk(header.jwk, algorithm);
  if (typeof jwk === 'string') throw new AuthError(jwk, { facts: { algorithm } });
  return { jws, algorithm, jwk, jkt: await jwkThumbprint(jwk) };
}

function parseAlgorithm(
  { alg }: JsonObject,
  algorithms: readonly SignatureAlgorithm[],
): SignatureAlgorithm {
  const algorithm = algorithms.find((one) => one === alg);
  if (algorithm === undefined) {
    throw new AuthError('proof_algorithm_refused', {
      facts: { received: typeof alg === 'string' ? alg : undefined, accepted: algorithms },
    });
  }
  return algorithm;
}
