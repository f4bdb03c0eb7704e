import { ALGORITHMS, type SignatureAlgorithm } from '@keybound/core';

const USAGES: readonly ('sign' | 'verify')[] = ['sign', 'verify'];

// What every server accepts (RFC 7518 §3.3), with the exponent that every key has.
const RSA_KEY = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };

/**
 * A new key pair for an algorithm, made by WebCrypto.
 *
 * @throws DOMException `NotSupportedError` when the runtime does not offer the algorithm.
 */
export async function generateKeyPair(
  algorithm: SignatureAlgorithm,
  extractable: boolean,
): Promise<CryptoKeyPair> {
  const { kty, importParameters } = ALGORITHMS[algorithm];
  const parameters = kty === 'RSA' ? { ...importParameters, ...RSA_KEY } : importParameters;
  const keys = await crypto.subtle.generateKey(parameters, extractable, USAGES);
  // One key comes back for symmetric algorithms only, and the table has none.
  return keys as CryptoKeyPair;
}
