import { ALGORITHMS, type SignatureAlgorithm } from '../jose/algorithms.ts';
import type { PublicJwk } from '../jose/public-jwk.ts';

/** Octets of every signature by a key: fixed for curves, as many as the modulus has for RSA (RFC 8017 §8). */
export function signatureBytesOf(jwk: PublicJwk, algorithm: SignatureAlgorithm): number {
  const entry = ALGORITHMS[algorithm];
  if (entry.kty !== 'RSA') return entry.signatureBytes;
  // A canonical base64url text has a length of its own for every number of octets.
  return jwk.kty === 'RSA' ? Math.floor((jwk.n.length * 3) / 4) : 0;
}
