import {
  ALGORITHMS,
  type AuthReason,
  type Clock,
  type Credentials,
  isAuthError,
  isJsonObject,
  isSha256Base64url,
  jwkThumbprint,
  type ProtectedRequest,
  parsePublicJwk,
  type SignatureAlgorithm,
  sha256Base64url,
} from '@keybound/core';
import { createMemoryReplayStore, createProofVerifier } from '@keybound/dpop';
import { CHECKS } from './checks.ts';
import { type DecodedJwt, decodeJwt } from './decode.ts';
import type { Fault } from './inspection.ts';
import { REPLAY_BYTES } from './judge-with-keys.ts';

/**
 * What is wrong with a request whose token cannot be verified here: the fault of the earliest check among
 * those of the proof, of its `ath`, and of the key that the token says it is bound to; undefined when
 * nothing is.
 *
 * @throws UnavailableError when the request could not be judged.
 */
export async function judgeWithoutKeys(
  request: ProtectedRequest,
  { credentials, origin, clock }: { credentials: Credentials; origin: string; clock: Clock },
): Promise<Fault | undefined> {
  const token = decodeJwt(credentials.token);
  if (credentials.scheme === 'Bearer') return token && bearerFault(token);
  const [field = ''] = request.headers('dpop');
  const proof = decodeJwt(field);
  const faults = await Promise.all([
    proofFault(request, origin, clock),
    token && keyFault(token, proof),
    proof && tokenHashFault(credentials.token, proof),
  ]);
  return faults
    .filter((one) => one !== undefined)
    .sort((a, b) => placeOf(a.reason) - placeOf(b.reason))[0];
}

function placeOf(reason: AuthReason): number {
  return CHECKS.findIndex(({ reasons }) => reasons.includes(reason));
}

/** A proof verifier is for token endpoints, where no `ath` is compared and no proof is no fault. */
async function proofFault(
  request: ProtectedRequest,
  origin: string,
  clock: Clock,
): Promise<Fault | undefined> {
  const replay = createMemoryReplayStore({ maxBytes: REPLAY_BYTES, clock });
  try {
    const verifier = createProofVerifier({ publicOrigin: origin, replay, clock });
    const presented = await verifier.verify(request);
    return presented === undefined ? fault('proof_missing') : undefined;
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return { reason: error.reason, facts: error.facts };
  }
}

async function keyFault(
  { payload: { cnf } }: DecodedJwt,
  proof: DecodedJwt | undefined,
): Promise<Fault | undefined> {
  if (cnf === undefined) return fault('token_not_bound');
  const tokenKey = boundKey(cnf);
  if (tokenKey === undefined) return fault('confirmation_unsupported');
  const proofKey = proof && (await thumbprintOf(proof));
  if (proofKey === undefined || proofKey === tokenKey) return undefined;
  return { reason: 'key_mismatch', facts: { tokenKey, proofKey } };
}

function bearerFault({ payload: { cnf } }: DecodedJwt): Fault | undefined {
  if (cnf === undefined) return undefined;
  return fault(boundKey(cnf) === undefined ? 'confirmation_unsupported' : 'token_bound');
}

/** The thumbprint in a `cnf`, unless the token is bound to a certificate as well (RFC 8705 §3.1). */
function boundKey(cnf: unknown): string | undefined {
  if (!isJsonObject(cnf) || Object.hasOwn(cnf, 'x5t#S256')) return undefined;
  return isSha256Base64url(cnf.jkt) ? cnf.jkt : undefined;
}

/** Undefined for a key that the proof verifier refuses. */
async function thumbprintOf({ header: { alg, jwk } }: DecodedJwt): Promise<string | undefined> {
  if (!isAlgorithm(alg)) return undefined;
  const key = parsePublicJwk(jwk, alg);
  return typeof key === 'string' ? undefined : jwkThumbprint(key);
}

function isAlgorithm(alg: unknown): alg is SignatureAlgorithm {
  return typeof alg === 'string' && Object.hasOwn(ALGORITHMS, alg);
}

async function tokenHashFault(
  token: string,
  { payload: { ath } }: DecodedJwt,
): Promise<Fault | undefined> {
  if (ath === undefined) return fault('ath_missing');
  return ath === (await sha256Base64url(token)) ? undefined : fault('ath_mismatch');
}

function fault(reason: AuthReason): Fault {
  return { reason, facts: {} };
}
