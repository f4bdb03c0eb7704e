import {
  AuthError,
  hasUnsupportedHeader,
  isMediaType,
  type JsonObject,
  type JwsLimits,
  jwkThumbprint,
  type PublicJwk,
  parseJwsPart,
  parsePublicJwk,
  type SignatureAlgorithm,
} from '@keybound/core';

/** What the header of a proof says: a key fit to prove possession, and how it signs. */
export interface ProofHeader {
  readonly algorithm: SignatureAlgorithm;
  readonly jwk: PublicJwk;
  /** The RFC 7638 thumbprint of the proof key. */
  readonly jkt: string;
}

/**
 * The checks of RFC 9449 §4.3 on the header part of a proof. In order: canonical base64url and one JSON
 * object (check 2) · `typ` (4) · no `crit`, no `b64` · `alg` in the list (5) · a public key in canonical
 * form, fit for the algorithm and too strong to sign without its private half (7).
 *
 * @throws AuthError with a `proof_*`, `jwk_*` or `key_weak` reason.
 */
export async function parseProofHeader(
  part: string,
  limits: JwsLimits,
  algorithms: readonly SignatureAlgorithm[],
): Promise<ProofHeader> {
  const header = parseJwsPart(part, limits);
  if (header === undefined) throw new AuthError('proof_malformed');
  if (!isMediaType(header.typ, 'dpop+jwt')) throw new AuthError('proof_type_mismatch');
  if (hasUnsupportedHeader(header)) throw new AuthError('proof_header_unsupported');
  const algorithm = parseAlgorithm(header, algorithms);
  const jwk = parsePublicJwk(header.jwk, algorithm);
  if (typeof jwk === 'string') throw new AuthError(jwk, { facts: { algorithm } });
  return { algorithm, jwk, jkt: await jwkThumbprint(jwk) };
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
