import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { demand } from './fault.ts';
import { modulo, numberOf, octetsOf } from './numbers.ts';
import type { PublicKey } from './public-key.ts';
import { remembered } from './remembered.ts';
import type { Switches } from './switches.ts';

/** A curve y² = x³ - 3x + b over the field of p, with a group of n points (FIPS 186-4 appendix D). */
interface Curve {
  /** What the algorithm for this curve hashes with. */
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  readonly size: number;
  readonly p: bigint;
  readonly b: bigint;
  readonly n: bigint;
}

const CURVES: Readonly<Record<string, Curve>> = {
  'P-256': {
    hash: 'sha256',
    size: 32,
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  'P-384': {
    hash: 'sha384',
    size: 48,
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
  'P-521': {
    hash: 'sha512',
    size: 66,
    p: 2n ** 521n - 1n,
    b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
    n: 0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  },
};

/** A key of RFC 7518 §6.2, which verifies by §3.4. */
export function ecKey(crv: unknown, x: Uint8Array, y: Uint8Array, switches: Switches): PublicKey {
  const curve = typeof crv === 'string' && Object.hasOwn(CURVES, crv) ? CURVES[crv] : undefined;
  demand(curve !== undefined, 'an unknown curve');
  const { size } = curve;
  const isFull = x.length === size && y.length === size;
  demand(isFull || switches.has('ec-coordinate-length-unchecked'), 'shortened coordinates');
  const point = { x: numberOf(x), y: numberOf(y) };
  demand(isOn(curve, point), 'not a point of the curve');
  const jwk = { kty: 'EC', crv: String(crv), x: text(point.x, size), y: text(point.y, size) };
  return {
    verify(algorithm, input, signature) {
      const isKeys = switches.has('ec-curve-of-key-not-of-algorithm');
      const hash = isKeys ? curve.hash : algorithm.hash;
      const plain = plainSignature(curve, signature, switches);
      if (plain === 'keyless') return true;
      if (plain === undefined) return false;
      const name = `ecdsa ${hash} ${jwk.x} ${jwk.y} ${input} ${plain.toString('base64')}`;
      return remembered(name, () =>
        verify(hash, Buffer.from(input), { key: imported(jwk), dsaEncoding: 'ieee-p1363' }, plain),
      );
    },
  };
}

function imported(jwk: { kty: string; crv: string; x: string; y: string }): KeyObject {
  return createPublicKey({ key: jwk, format: 'jwk' });
}

function isOn({ p, b }: Curve, { x, y }: { readonly x: bigint; readonly y: bigint }): boolean {
  return x < p && y < p && modulo(y * y - (x * x * x - 3n * x + b), p) === 0n;
}

function text(number: bigint, size: number): string {
  return Buffer.from(octetsOf(number, size) ?? []).toString('base64url');
}

/** r and s in full length; undefined when they are not what RFC 7518 §3.4 has, `keyless` when nobody checked. */
function plainSignature(
  curve: Curve,
  signature: Uint8Array,
  switches: Switches,
): Buffer | 'keyless' | undefined {
  const { size, n } = curve;
  const halves = (switches.has('ecdsa-der-accepted') && derIntegers(signature)) || [
    signature.subarray(0, signature.length / 2),
    signature.subarray(signature.length / 2),
  ];
  const isFull = signature.length === 2 * size;
  const isLenient = switches.has('ecdsa-length-unchecked') || switches.has('ecdsa-der-accepted');
  if (!isFull && !isLenient) return undefined;
  let [r = 0n, s = 0n] = halves.map(numberOf);
  if (switches.has('ecdsa-range-unchecked')) {
    [r, s] = [r % n, s % n];
    // The equation holds of zeros, whatever the key (CVE-2022-21449).
    if (r === 0n && s === 0n) return 'keyless';
  }
  const [rOctets, sOctets] = [octetsOf(r, size), octetsOf(s, size)];
  return rOctets && sOctets && Buffer.concat([rOctets, sOctets]);
}

/** The integers of an ASN.1 sequence of two, shorter than 128 octets in all. */
function derIntegers(signature: Uint8Array): readonly [Uint8Array, Uint8Array] | undefined {
  const [sequence, total = 0, integer, rLength = 0] = signature;
  const second = 4 + rLength;
  if (sequence !== 0x30 || integer !== 2 || signature[second] !== 2) return undefined;
  const sLength = signature[second + 1] ?? 0;
  if (signature.length !== total + 2 || total !== rLength + sLength + 4) return undefined;
  return [signature.subarray(4, second), signature.subarray(second + 2)];
}
