import { ALGORITHMS, type SignatureAlgorithm } from './algorithms.ts';

/** How WebCrypto is asked for one algorithm. */
export interface WebCryptoParameters {
  /** For `importKey`; for `generateKey` too, where RSA needs the size and exponent beside them. */
  readonly key: EcKeyImportParams | RsaHashedImportParams | Algorithm;
  /** For `sign` and `verify`. */
  readonly signature: EcdsaParams | RsaPssParams | Algorithm;
}

/** The WebCrypto parameters of an algorithm, for keys that WebCrypto makes or holds. */
export function webCryptoParameters(algorithm: SignatureAlgorithm): WebCryptoParameters {
  const entry = ALGORITHMS[algorithm];
  switch (entry.kty) {
    case 'EC':
      return {
        key: { name: 'ECDSA', namedCurve: entry.crv },
        signature: { name: 'ECDSA', hash: entry.hash },
      };
    case 'OKP':
      return { key: { name: entry.crv }, signature: { name: entry.crv } };
    case 'RSA': {
      const { hash, saltBytes } = entry;
      return saltBytes === undefined
        ? {
            key: { name: 'RSASSA-PKCS1-v1_5', hash },
            signature: { name: 'RSASSA-PKCS1-v1_5' },
          }
        : { key: { name: 'RSA-PSS', hash }, signature: { name: 'RSA-PSS', saltLength: saltBytes } };
    }
  }
}
