import { runtime } from '#crypto';
import type { Awaitable, SignatureThread, VerifyKey } from '../crypto/runtime-crypto.ts';
import { ALGORITHMS, type SignatureAlgorithm } from './algorithms.ts';
import { isOnCurve } from './curve-point.ts';
import type { PublicJwk } from './jwk-types.ts';
import { isWeakEd25519Point } from './key-quality.ts';

/**
 * A key for {@link verifySignature}, or `undefined` when it is none: an EC point that is not on its curve
 * (RFC 7518 §6.2.1), or what else the runtime refuses. Takes as long as a signature, so
 * keep it for a key that comes again. There at once on Node, promised elsewhere.
 */
export function importVerifyKey(
  jwk: PublicJwk,
  algorithm: SignatureAlgorithm,
): Awaitable<VerifyKey | undefined> {
  return isOnCurve(jwk) ? runtime.importVerifyKey(jwk, algorithm) : undefined;
}

/**
 * Whether a signature over some octets was made with the private half of a key. The form is looked at first,
 * since runtimes differ in what they let pass: the exact length (RFC 7518 §3.3–3.5; for ECDSA the
 * fixed-length R‖S, never DER) and, for Ed25519, an R that is a canonical point of full order.
 *
 * @param thread - where Node does the work; a check on `'main'` is there at once
 */
export function verifySignature(
  key: VerifyKey,
  signature: Uint8Array<ArrayBuffer>,
  signingInput: Uint8Array<ArrayBuffer>,
  thread: SignatureThread = 'adaptive',
): Awaitable<boolean> {
  if (signature.length !== key.signatureBytes) return false;
  const isEd25519 = ALGORITHMS[key.algorithm].kty === 'OKP';
  if (isEd25519 && isWeakEd25519Point(signature.subarray(0, 32))) return false;
  return key.verify(signature, signingInput, thread);
}

const THREADS: readonly SignatureThread[] = ['adaptive', 'main', 'pool'];

/**
 * The value of a `signatureThread` option, checked.
 *
 * @throws TypeError when it is none of the known ones.
 */
export function validateSignatureThread(thread: SignatureThread): SignatureThread {
  if (THREADS.includes(thread)) return thread;
  throw new TypeError(`signatureThread: must be one of ${THREADS.join(', ')}`);
}
