import { ALGORITHMS, type SignatureAlgorithm } from './algorithms.ts';
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
 * Whether a signature over some octets was made with the private half of a key. The length is
 * compared first: ECDSA signatures are the fixed-length R‖S of RFC 7518 §3.4, never DER.
 */
export async function verifySignature(
  { algorithm, key }: VerifyKey,
  signature: Uint8Array<ArrayBuffer>,
  signingInput: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const { signatureBytes, verifyParameters } = ALGORITHMS[algorithm];
  if (signatureBytes !== undefined && signature.length !== signatureBytes) return false;
  return crypto.subtle.verify(verifyParameters, key, signature, signingInput);
}
