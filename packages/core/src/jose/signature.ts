import { ALGORITHMS, type SignatureAlgorithm } from './algorithms.ts';
import { isWeakEd25519Point } from './key-quality.ts';
import type { PublicJwk } from './public-jwk.ts';

/** A public key that is ready to verify signatures of one algorithm. */
export interface VerifyKey {
  readonly algorithm: SignatureAlgorithm;
  readonly key: CryptoKey;
}

/**
 * A key for {@link verifySignature}, or `undefined` when the runtime refuses it, which is what
 * happens to an EC point that is not on its curve (RFC 7518 §6.2.1).
 */
export async function importVerifyKey(
  jwk: PublicJwk,
  algorithm: SignatureAlgorithm,
): Promise<VerifyKey | undefined> {
  try {
    const { importParameters } = ALGORITHMS[algorithm];
    const key = await crypto.subtle.importKey('jwk', { ...jwk }, importParameters, true, [
      'verify',
    ]);
    return { algorithm, key };
  } catch {
    return undefined;
  }
}

/**
 * Whether a signature over some octets was made with the private half of a key. The form is looked at
 * first, since runtimes differ in what they let pass: the exact length (RFC 7518 §3.3–3.5; for ECDSA
 * the fixed-length R‖S, never DER) and, for Ed25519, an R that is a canonical point of full order.
 */
export async function verifySignature(
  { algorithm, key }: VerifyKey,
  signature: Uint8Array<ArrayBuffer>,
  signingInput: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const { kty, signatureBytes, signatureParameters } = ALGORITHMS[algorithm];
  if (signature.length !== (signatureBytes ?? modulusBytes(key))) return false;
  if (kty === 'OKP' && isWeakEd25519Point(signature.subarray(0, 32))) return false;
  return crypto.subtle.verify(signatureParameters, key, signature, signingInput);
}

/** The octets of an RSA signature: as many as the modulus has (RFC 8017 §8.1.2, §8.2.2). */
function modulusBytes(key: CryptoKey): number {
  const { modulusLength } = key.algorithm as RsaHashedKeyAlgorithm;
  return Math.ceil(modulusLength / 8);
}
