/**
 * The signature algorithms this toolkit knows: asymmetric ones that every runtime offers.
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

/** What a key and a signature of one algorithm look like. */
export type AlgorithmEntry = EcAlgorithmEntry | OkpAlgorithmEntry | RsaAlgorithmEntry;

/** A row for ECDSA (RFC 7518 §3.4). */
interface EcAlgorithmEntry {
  /** Keys of the algorithm are on an elliptic curve. */
  readonly kty: 'EC';
  /** The curve the algorithm fixes (RFC 7518 §3.4). */
  readonly crv: string;
  /** The hash that is signed. */
  readonly hash: HashName;
  /** Octets of a signature. */
  readonly signatureBytes: number;
}

/** The row for EdDSA, which hashes by itself (RFC 8037 §3.1). */
interface OkpAlgorithmEntry {
  /** Keys of the algorithm are octet key pairs. */
  readonly kty: 'OKP';
  /** The one curve that is known here (RFC 8037 §3.1). */
  readonly crv: 'Ed25519';
  /** Octets of a signature. */
  readonly signatureBytes: number;
}

/** A row for RSA, whose signatures are as long as the key's modulus (RFC 7518 §3.3, §3.5). */
interface RsaAlgorithmEntry {
  /** Keys of the algorithm are RSA keys. */
  readonly kty: 'RSA';
  /** RSA keys have no curve. */
  readonly crv?: undefined;
  /** The hash that is signed. */
  readonly hash: HashName;
  /** Octets of the PSS salt, exactly as long as the hash (RFC 7518 §3.5); left out for PKCS #1 v1.5. */
  readonly saltBytes?: number;
}

/** A hash function, by its name in WebCrypto. */
type HashName = 'SHA-256' | 'SHA-384' | 'SHA-512';

const ED25519: AlgorithmEntry = { kty: 'OKP', crv: 'Ed25519', signatureBytes: 64 };

/** One row per algorithm; code receives the row and does not switch on the name again. */
export const ALGORITHMS: Readonly<Record<SignatureAlgorithm, AlgorithmEntry>> = {
  ES256: { kty: 'EC', crv: 'P-256', hash: 'SHA-256', signatureBytes: 64 },
  ES384: { kty: 'EC', crv: 'P-384', hash: 'SHA-384', signatureBytes: 96 },
  ES512: { kty: 'EC', crv: 'P-521', hash: 'SHA-512', signatureBytes: 132 },
  PS256: { kty: 'RSA', hash: 'SHA-256', saltBytes: 32 },
  PS384: { kty: 'RSA', hash: 'SHA-384', saltBytes: 48 },
  PS512: { kty: 'RSA', hash: 'SHA-512', saltBytes: 64 },
  RS256: { kty: 'RSA', hash: 'SHA-256' },
  RS384: { kty: 'RSA', hash: 'SHA-384' },
  RS512: { kty: 'RSA', hash: 'SHA-512' },
  EdDSA: ED25519,
  Ed25519: ED25519,
};

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
