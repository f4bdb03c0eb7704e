import { decodeBase64url } from '../encoding/base64url.ts';
import type { PublicJwk } from './jwk-types.ts';

/** Field prime and b of y² = x³ − 3x + b (SP 800-186 §3.2.1). Written out, so that bundlers can leave the table away. */
const CURVES: Readonly<Record<string, { readonly p: bigint; readonly b: bigint }>> = {
  'P-256': {
    p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  'P-384': {
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  'P-521': {
    p: 0x1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffn,
    b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  },
};

/**
 * Whether the point of an EC key lies on its curve (RFC 7518 §6.2.1); keys of other kinds have none. Deno
 * imports a point that does not, and fails only when a signature is checked with it.
 */
export function isOnCurve(jwk: PublicJwk): boolean {
  if (jwk.kty !== 'EC') return true;
  const curve = CURVES[jwk.crv];
  if (curve === undefined) return false;
  const { p, b } = curve;
  const x = toInteger(jwk.x);
  const y = toInteger(jwk.y);
  return (x * x * x - 3n * x + b - y * y) % p === 0n;
}

function toInteger(base64url: string): bigint {
  let hex = '0x0';
  for (const octet of decodeBase64url(base64url) ?? []) hex += octet.toString(16).padStart(2, '0');
  return BigInt(hex);
}
