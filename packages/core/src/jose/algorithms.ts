/**
 * The signature algorithms this toolkit knows: asymmetric ones that WebCrypto offers everywhere.
 * `none` and the HMAC family are not in the list and cannot be configured (RFC 9449 §11.6).
 * `EdDSA` and `Ed25519` (RFC 9864) name the same algorithm.
 */
export type SignatureAlgorithm =
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'EdDSA'
  | 'Ed25519';

/** What a key and a signature of one algorithm look like, and how WebCrypto is asked for them. */
export type AlgorithmEntry = CurveAlgorithmEntry | RsaAlgorithmEntry;

interface CurveAlgorithmEntry extends CommonEntry {
  readonly kty: 'EC' | 'OKP';
  /** The curve the algorithm fixes (RFC 7518 §3.4, RFC 8037 §3). */
  readonly crv: string;
}

interface RsaAlgorithmEntry extends CommonEntry {
  readonly kty: 'RSA';
  readonly crv?: undefined;
}

interface CommonEntry {
  /** Octets of a signature; left out for RSA, whose signatures are as long as the modulus. */
  readonly signatureBytes?: number;
  readonly importParameters: EcKeyImportParams | RsaHashedImportParams | Algorithm;
  readonly signatureParameters: EcdsaParams | RsaPssParams | Algorithm;
}

const ED25519: AlgorithmEntry = {
  kty: 'OKP',
  crv: 'Ed25519',
  signatureBytes: 64,
  importParameters: { name: 'Ed25519' },
  signatureParameters: { name: 'Ed25519' },
};

/** One row per algorithm; code receives the row and does not switch on the name again. */
export const ALGORITHMS: Readonly<Record<SignatureAlgorithm, AlgorithmEntry>> = {
  ES256: ecdsa('P-256', 'SHA-256', 64),
  ES384: ecdsa('P-384', 'SHA-384', 96),
  ES512: ecdsa('P-521', 'SHA-512', 132),
  PS256: rsa('RSA-PSS', 'SHA-256', 32),
  PS384: rsa('RSA-PSS', 'SHA-384', 48),
  PS512: rsa('RSA-PSS', 'SHA-512', 64),
  RS256: rsa('RSASSA-PKCS1-v1_5', 'SHA-256'),
  RS384: rsa('RSASSA-PKCS1-v1_5', 'SHA-384'),
  RS512: rsa('RSASSA-PKCS1-v1_5', 'SHA-512'),
  EdDSA: ED25519,
  Ed25519: ED25519,
};

function ecdsa(crv: string, hash: string, signatureBytes: number): AlgorithmEntry {
  return {
    kty: 'EC',
    crv,
    signatureBytes,
    importParameters: { name: 'ECDSA', namedCurve: crv },
    signatureParameters: { name: 'ECDSA', hash },
  };
}

// The PSS salt is exactly as long as the hash (RFC 7518 §3.5).
function rsa(name: string, hash: string, saltLength?: number): AlgorithmEntry {
  return {
    kty: 'RSA',
    importParameters: { name, hash },
    signatureParameters: saltLength === undefined ? { name } : { name, saltLength },
  };
}

/** Whether a received `alg` value names an algorithm of the list; names are case-sensitive. */
export function isSignatureAlgorithm(value: unknown): value is SignatureAlgorithm {
  return typeof value === 'string' && Object.hasOwn(ALGORITHMS, value);
}

/**
 * The algorithms of an `algorithms` option, copied and checked.
 *
 * @throws TypeError when the list is empty, repeats a name or holds anything but a
 * {@link SignatureAlgorithm}, so that `none` or `HS256` fails at start-up.
 */
export function validateAlgorithms(
  algorithms: readonly SignatureAlgorithm[],
): readonly SignatureAlgorithm[] {
  if (!Array.isArray(algorithms) || algorithms.length === 0) {
    throw new TypeError('algorithms: give at least one signature algorithm');
  }
  for (const algorithm of algorithms) {
    if (!isSignatureAlgorithm(algorithm)) {
      throw new TypeError(
        `algorithms: ${JSON.stringify(algorithm)} is not one of ${Object.keys(ALGORITHMS).join(', ')}`,
      );
    }
  }
  if (new Set(algorithms).size !== algorithms.length) {
    throw new TypeError('algorithms: a name occurs twice');
  }
  return Object.freeze([...algorithms]);
}
