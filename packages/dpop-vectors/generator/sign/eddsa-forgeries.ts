import { ed25519 } from '@noble/curves/ed25519.js';
import { concat, hash, utf8 } from '../encode/bytes.ts';
import {
  challenge,
  ED25519_ORDER,
  ed25519Public,
  expanded,
  littleEndian,
  littleOctets,
} from './eddsa.ts';

/** The prime of the field of Ed25519. */
const P = 2n ** 255n - 19n;

/** Encodings of points whose order divides 8: nobody needs a private key to sign for them. */
export const SMALL_ORDER_POINTS = {
  /** The neutral element: every signature with R equal to it and S = 0 is good. */
  'order-1': littleOctets(1n, 32),
  'order-2': littleOctets(P - 1n, 32),
  'order-4': littleOctets(0n, 32),
  'order-4-odd': withSign(littleOctets(0n, 32)),
  'order-8': torsion().toBytes(),
  'order-8-other': torsion().multiply(3n).toBytes(),
  /** y = p + 1, which is 1 modulo p. */
  'non-canonical-1': littleOctets(P + 1n, 32),
  /** y = p, which is 0 modulo p. */
  'non-canonical-0': littleOctets(P, 32),
} as const;

/** The neutral element. */
const NEUTRAL = littleOctets(1n, 32);

/** A signature without a private key: R is the neutral element, S is 0. Good for one message of a few. */
export function keylessSignature(): Uint8Array {
  return concat(NEUTRAL, new Uint8Array(32));
}

/** A signature by the key a·B + T, where T has order 8: good without a cofactor when k is a multiple of 8. */
export function mixedOrderSign(seed: Uint8Array, message: string): Uint8Array {
  const { scalar, prefix } = expanded(seed);
  const r = littleEndian(hash('sha512', concat(prefix, utf8(message)))) % ED25519_ORDER;
  const R = ed25519.Point.BASE.multiply(r).toBytes();
  const k = challenge(R, mixedOrderPublic(seed), utf8(message));
  return concat(R, littleOctets((r + k * scalar) % ED25519_ORDER, 32));
}

/** The point a·B + T. */
export function mixedOrderPublic(seed: Uint8Array): Uint8Array {
  return ed25519.Point.fromBytes(ed25519Public(seed)).add(torsion()).toBytes();
}

/** An honest key's signature with r = 0, so that R is the neutral element. */
export function signWithNeutralR(seed: Uint8Array, message: string): Uint8Array {
  const { scalar } = expanded(seed);
  const k = challenge(NEUTRAL, ed25519Public(seed), utf8(message));
  return concat(NEUTRAL, littleOctets((k * scalar) % ED25519_ORDER, 32));
}

/** A good signature with the order added to S, which RFC 8032 §5.1.7 has verifiers refuse. */
export function withLargeS(signature: Uint8Array): Uint8Array {
  const s = littleEndian(signature.slice(32)) + ED25519_ORDER;
  return concat(signature.slice(0, 32), littleOctets(s, 32));
}

/** Ed25519ph (`flag` 1) or Ed25519ctx (0) of RFC 8032 §5.1, which are other algorithms. */
export function signWithDomain(
  seed: Uint8Array,
  message: string,
  flag: 0 | 1,
  context: string,
): Uint8Array {
  const { scalar, prefix } = expanded(seed);
  const domain = concat(
    utf8('SigEd25519 no Ed25519 collisions'),
    Uint8Array.of(flag, context.length),
    utf8(context),
  );
  const input = flag === 1 ? hash('sha512', message) : utf8(message);
  const r = littleEndian(hash('sha512', concat(domain, prefix, input))) % ED25519_ORDER;
  const R = ed25519.Point.BASE.multiply(r).toBytes();
  const k =
    littleEndian(hash('sha512', concat(domain, R, ed25519Public(seed), input))) % ED25519_ORDER;
  return concat(R, littleOctets((r + k * scalar) % ED25519_ORDER, 32));
}

/**
 * Whether R = S·B − k·A, which is all that a verifier without a cofactor computes when it looks at no
 * property of the key (RFC 8032 §5.1.7).
 */
export function satisfiesEquation(
  publicKey: Uint8Array,
  message: string,
  signature: Uint8Array,
): boolean {
  const R = signature.slice(0, 32);
  const S = littleEndian(signature.slice(32));
  // The second argument has y beyond the prime read modulo it, as most implementations do.
  const A = ed25519.Point.fromBytes(publicKey, true);
  const k = challenge(R, publicKey, utf8(message));
  const expected = ed25519.Point.BASE.multiplyUnsafe(S).subtract(A.multiplyUnsafe(k));
  return expected.equals(ed25519.Point.fromBytes(R, true));
}

/** The least y that belongs to no point. */
export function offCurve(): Uint8Array {
  for (let y = 2n; ; y++) if (pointAt(y) === undefined) return littleOctets(y, 32);
}

/** A point of order 8. */
function torsion(): InstanceType<typeof ed25519.Point> {
  for (let y = 2n; ; y++) {
    const point = pointAt(y);
    // The order itself is no scalar of the library.
    const candidate = point?.multiplyUnsafe(ED25519_ORDER - 1n).add(point);
    if (candidate !== undefined && !candidate.multiplyUnsafe(4n).is0()) return candidate;
  }
}

function pointAt(y: bigint): InstanceType<typeof ed25519.Point> | undefined {
  try {
    return ed25519.Point.fromBytes(littleOctets(y, 32));
  } catch {
    return undefined;
  }
}

/** The encoding with the bit of an odd x set. */
function withSign(bytes: Uint8Array): Uint8Array {
  return bytes.map((octet, index) => (index === 31 ? octet | 0x80 : octet));
}
