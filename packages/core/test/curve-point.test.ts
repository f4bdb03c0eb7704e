import { KEYS } from '@keybound/test-kit';
import { expect, it } from 'vitest';
import { isOnCurve } from '../src/jose/curve-point.ts';
import type { PublicJwk } from '../src/jose/jwk-types.ts';
import { integer, toInteger } from './support.ts';

const POINTS = [
  ['P-256', KEYS.alice.publicJwk, 32],
  ['P-384', KEYS.alice384.publicJwk, 48],
  ['P-521', KEYS.alice521.publicJwk, 66],
] as const;

it.each(POINTS)('a point of %s → on its curve [JOSE-7518-6.2-01]', (_curve, jwk) => {
  expect(isOnCurve(jwk as unknown as PublicJwk)).toBe(true);
});

it.each(POINTS)(
  'a point beside %s → not on its curve [JOSE-7518-6.2-01]',
  (_curve, jwk, octets) => {
    const zero = integer(0n, octets);
    const beside = (value = '', by = 1n): string => integer(toInteger(value) ^ by, octets);
    for (const moved of [
      { ...jwk, x: beside(jwk.x) },
      { ...jwk, y: beside(jwk.y) },
      { ...jwk, x: jwk.y, y: jwk.x },
      { ...jwk, x: zero, y: zero },
    ]) {
      expect(isOnCurve(moved as unknown as PublicJwk)).toBe(false);
    }
  },
);

it('a curve it does not know → not on it; keys of other kinds → nothing to say', () => {
  const { publicJwk } = KEYS.alice;
  expect(isOnCurve({ ...publicJwk, crv: 'secp256k1' } as unknown as PublicJwk)).toBe(false);
  expect(isOnCurve(KEYS.aliceRsa.publicJwk as unknown as PublicJwk)).toBe(true);
});
