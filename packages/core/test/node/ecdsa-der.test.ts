import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derOfSignature, signatureOfDer } from '../../src/crypto/node/ecdsa-der.ts';

const CURVES = [
  ['P-256', 64],
  ['P-384', 96],
  ['P-521', 132],
] as const;

describe.each(CURVES)('a signature on %s', (namedCurve, octets) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  const rawKey = { dsaEncoding: 'ieee-p1363' } as const;

  it('in R‖S → the DER that OpenSSL verifies', () => {
    for (let i = 0; i < 300; i++) {
      const data = Buffer.from(`data ${i}`);
      const raw = sign('sha256', data, { key: privateKey, ...rawKey });
      expect(verify('sha256', data, publicKey, derOfSignature(raw))).toBe(true);
    }
  });

  it('in DER, as OpenSSL makes it → the R‖S that OpenSSL verifies', () => {
    for (let i = 0; i < 300; i++) {
      const data = Buffer.from(`data ${i}`);
      const raw = signatureOfDer(sign('sha256', data, privateKey), octets);
      expect(raw).toHaveLength(octets);
      expect(verify('sha256', data, { key: publicKey, ...rawKey }, raw)).toBe(true);
    }
  });

  it('any two numbers → the same two numbers back', () => {
    const half = fc.oneof(
      fc.uint8Array({ minLength: octets / 2, maxLength: octets / 2 }),
      fc.constant(new Uint8Array(octets / 2)),
      fc.constant(new Uint8Array(octets / 2).fill(255)),
      fc.nat(octets / 2 - 1).map((zeros) => new Uint8Array(octets / 2).fill(128, zeros)),
    );
    fc.assert(
      fc.property(half, half, (r, s) => {
        const raw = new Uint8Array([...r, ...s]);
        expect(signatureOfDer(derOfSignature(raw), octets)).toEqual(raw);
      }),
    );
  });
});

it('two short numbers → the shortest DER, with a zero before a first bit that is set', () => {
  const raw = new Uint8Array(64);
  raw[31] = 0x7f;
  raw[63] = 0x80;
  expect(derOfSignature(raw).toString('hex')).toBe('300702017f02020080');
});
