import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { fitsAnyPoint, L, littleEndian, P, yOf } from './edwards.ts';
import { demand } from './fault.ts';
import { octetsOf } from './numbers.ts';
import type { PublicKey } from './public-key.ts';
import { remembered } from './remembered.ts';
import type { Switches } from './switches.ts';

/** The y of the points whose eightfold is the neutral element; for them signatures can be made without a key. */
const SMALL_ORDER_Y: readonly bigint[] = [
  0n,
  1n,
  P - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7n,
];

/** A key of RFC 8037 §2, which verifies by RFC 8032 §5.1.7. */
export function ed25519Key(crv: unknown, x: Uint8Array, switches: Switches): PublicKey {
  demand(crv === 'Ed25519', 'an unknown curve');
  demand(x.length === 32, 'a key of another length');
  const y = yOf(x);
  const isWeak = SMALL_ORDER_Y.includes(y % P) || y >= P;
  demand(!isWeak || switches.has('ed25519-small-order-accepted'), 'a point of small order');
  const text = Buffer.from(x).toString('base64url');
  return {
    verify(_, input, signature) {
      if (signature.length !== 64) return false;
      const plain = switches.has('ed25519-s-unreduced-accepted') ? reduced(signature) : signature;
      const name = `ed25519 ${text} ${input} ${Buffer.from(plain).toString('base64')}`;
      return remembered(name, () =>
        isWeak
          ? fitsAnyPoint(x, Buffer.from(input), plain)
          : verify(null, Buffer.from(input), imported(text), plain),
      );
    },
  };
}

function imported(x: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** The signature with S modulo the order of the group. */
function reduced(signature: Uint8Array): Uint8Array {
  const s = littleEndian(signature.subarray(32)) % L;
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(octetsOf(s, 32) ?? []).reverse()]);
}
