import { ALGORITHMS, type SignatureAlgorithm } from '../jose/algorithms.ts';
import { webCryptoParameters } from '../jose/webcrypto-parameters.ts';
import { RSA_KEY } from './runtime-crypto.ts';

/**
 * A new WebCrypto key pair for signing with one algorithm; its public key can be exported.
 *
 * @param isExtractable - whether the private key can be exported too
 * @throws DOMException `NotSupportedError` when the runtime does not offer the algorithm.
 */
export async function generateKeyPair(
  algorithm: SignatureAlgorithm,
  isExtractable: boolean,
): Promise<CryptoKeyPair> {
  const { key } = webCryptoParameters(algorithm);
  const parameters = ALGORITHMS[algorithm].kty === 'RSA' ? { ...key, ...RSA_KEY } : key;
  const keys = await crypto.subtle.generateKey(parameters, isExtractable, ['sign', 'verify']);
  // One key comes back for symmetric algorithms only, and the table has none.
  return keys as CryptoKeyPair;
}
