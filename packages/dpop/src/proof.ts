import {
  AuthError,
  type Awaitable,
  decodeBase64url,
  type JsonObject,
  type JwsLimits,
  type JwsParts,
  parseJwsPart,
  type SignatureAlgorithm,
  splitCompactJws,
} from '@keybound/core';
import type { KnownKeys, ProvenHeader } from './known-keys.ts';
import { type ProofHeader, parseProofHeader } from './proof-header.ts';

/** A DPoP proof of the right form with a key fit to prove possession. Nothing in it is verified. */
export interface ParsedProof extends ProvenHeader {
  readonly payload: JsonObject;
  readonly signature: Uint8Array<ArrayBuffer>;
  readonly signingInput: Uint8Array<ArrayBuffer>;
}

/** Bounds before any cryptography; Node itself allows 16 KiB for all fields together. */
const LIMITS: JwsLimits = { chars: 8192, headerChars: 4096, depth: 8, members: 64, values: 256 };

/**
 * The proof in the `DPoP` field lines of a request: the cheap checks of RFC 9449 §4.3 that need
 * neither signature nor clock. In order: exactly one field (check 1) · size and strict JWS form (2) ·
 * the header, see {@link parseProofHeader} · payload and signature of the right form (2).
 *
 * @param known - a header that a good proof had is not parsed again
 * @throws AuthError with a `proof_*`, `jwk_*` or `key_weak` reason.
 */
export function parseProof(
  fields: readonly string[],
  algorithms: readonly SignatureAlgorithm[],
  known: KnownKeys,
): Awaitable<ParsedProof> {
  const [field] = fields;
  if (field === undefined) throw new AuthError('proof_missing');
  if (fields.length > 1) throw new AuthError('proof_repeated');

  const parts = splitCompactJws(field, LIMITS);
  if (parts === 'too_large') {
    throw new AuthError('proof_too_large', { facts: { chars: field.length } });
  }
  if (parts === 'malformed') throw new AuthError('proof_malformed');
  const header = known.header(parts.header);
  if (header !== undefined) return parseRest(parts, header, undefined);
  return parseProofHeader(parts.header, LIMITS, algorithms).then((parsed) =>
    parseRest(parts, parsed, parts.header),
  );
}

function parseRest(
  { payload: payloadPart, signature: signaturePart, signingInput }: JwsParts,
  header: ProofHeader,
  newHeaderPart: string | undefined,
): ParsedProof {
  const payload = parseJwsPart(payloadPart, LIMITS);
  const signature = decodeBase64url(signaturePart);
  if (!payload || !signature) throw new AuthError('proof_malformed');
  return { header, newHeaderPart, payload, signature, signingInput };
}
