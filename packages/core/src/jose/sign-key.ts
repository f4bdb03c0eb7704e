import { runtime } from '#crypto';
import type { SignKey } from '../crypto/runtime-crypto.ts';
import type { SignatureAlgorithm } from './algorithms.ts';

/**
 * A new key pair of the runtime's; the private half cannot be exported from it.
 *
 * Rejects with the runtime's error when it does not offer the algorithm.
 */
export function generateSignKey(algorithm: SignatureAlgorithm): Promise<SignKey> {
  return runtime.generateSignKey(algorithm);
}

/**
 * A WebCrypto key pair, ready to sign with one algorithm. The public key must be extractable.
 *
 * Not checked: that the two belong together and fit the algorithm.
 *
 * Rejects with the runtime's error when it cannot use them.
 */
export function importSignKey(
  keyPair: CryptoKeyPair,
  algorithm: SignatureAlgorithm,
): Promise<SignKey> {
  return runtime.importSignKey(keyPair, algorithm);
}
