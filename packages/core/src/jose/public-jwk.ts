import { decodeBase64url } from '../encoding/base64url.ts';
import { isJsonObject, type JsonObject } from '../encoding/json.ts';
import { ALGORITHMS, type AlgorithmEntry, type SignatureAlgorithm } from './algorithms.ts';
import type { PublicJwk } from './jwk-types.ts';
import { isEcCoordinate, isWeakEd25519Point, isWeakRsaKey } from './key-quality.ts';

/**
 * Why a JWK is refused: not a canonical key of a known kind, a private member in it, not meant for
 * this algorithm, or a key for which signatures can be made without a private key.
 */
export type JwkFault = 'jwk_malformed' | 'jwk_private' | 'jwk_unsuitable' | 'key_weak';

// RFC 7518 §6.2.2, §6.3.2, §6.4; `priv` is the private member of AKP keys.
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/**
 * The public key in a received JWK, ready for one algorithm, or the name of its fault. In order:
 * an object · no private member, whatever `kty` says (RFC 9449 §4.3 check 7) · `kty` and `crv` fit
 * the algorithm, and so do `use`, `key_ops` and `alg` where present (RFC 7517 §4.2–4.4) · members in
 * canonical form (RFC 7518 §6.2.1, §6.3.1) · a key that needs its private half to sign.
 *
 * Not checked: that an EC point lies on its curve (importing the key does that), and RSA moduli that
 * can be factored.
 */
export function parsePublicJwk(
  value: unknown,
  algorithm: SignatureAlgorithm,
): PublicJwk | JwkFault {
  if (!isJsonObject(value)) return 'jwk_malformed';
  if (PRIVATE_MEMBERS.some((member) => hasMember(value, member))) return 'jwk_private';
  const entry = ALGORITHMS[algorithm];
  if (typeof value.kty !== 'string') return 'jwk_malformed';
  if (value.kty !== entry.kty) return 'jwk_unsuitable';
  if (entry.crv !== undefined && value.crv !== entry.crv) return 'jwk_unsuitable';
  if (!isMeantForVerifying(value, entry)) return 'jwk_unsuitable';
  switch (entry.kty) {
    case 'EC':
      return parseEcKey(value, entry.crv);
    case 'RSA':
      return parseRsaKey(value);
    case 'OKP':
      return parseEd25519Key(value);
  }
}

/** What workerd exports has all members there are, those without a value too; JSON has no such members. */
function hasMember(jwk: JsonObject, member: string): boolean {
  return Object.hasOwn(jwk, member) && jwk[member] !== undefined;
}

function isMeantForVerifying(jwk: JsonObject, entry: AlgorithmEntry): boolean {
  if (jwk.use !== undefined && jwk.use !== 'sig') return false;
  if (jwk.key_ops !== undefined) {
    if (!Array.isArray(jwk.key_ops) || !jwk.key_ops.includes('verify')) return false;
  }
  if (jwk.alg === undefined) return true;
  // Compared by table row: EdDSA and Ed25519 share one.
  return typeof jwk.alg === 'string' && ALGORITHMS[jwk.alg as SignatureAlgorithm] === entry;
}

function parseEcKey(jwk: JsonObject, crv: string): PublicJwk | JwkFault {
  const { x, y } = jwk;
  if (typeof x !== 'string' || typeof y !== 'string') return 'jwk_malformed';
  const xBytes = decodeBase64url(x);
  const yBytes = decodeBase64url(y);
  if (!xBytes || !yBytes || !isEcCoordinate(crv, xBytes) || !isEcCoordinate(crv, yBytes)) {
    return 'jwk_malformed';
  }
  return { kty: 'EC', crv, x, y };
}

function parseRsaKey(jwk: JsonObject): PublicJwk | JwkFault {
  const { n, e } = jwk;
  if (typeof n !== 'string' || typeof e !== 'string') return 'jwk_malformed';
  const nBytes = decodeBase64url(n);
  const eBytes = decodeBase64url(e);
  // Base64urlUInt has no leading zero octet (RFC 7518 §2).
  if (!nBytes?.[0] || !eBytes?.[0]) return 'jwk_malformed';
  return isWeakRsaKey(nBytes, eBytes) ? 'key_weak' : { kty: 'RSA', n, e };
}

function parseEd25519Key(jwk: JsonObject): PublicJwk | JwkFault {
  const { x } = jwk;
  const xBytes = typeof x === 'string' ? decodeBase64url(x) : undefined;
  if (typeof x !== 'string' || xBytes?.length !== 32) return 'jwk_malformed';
  return isWeakEd25519Point(xBytes) ? 'key_weak' : { kty: 'OKP', crv: 'Ed25519', x };
}
