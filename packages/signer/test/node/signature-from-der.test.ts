import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signatureFromDer } from '../../src/keys/signature-from-der.ts';

const ALGORITHMS = [
  ['ES256', 'P-256', 64],
  ['ES384', 'P-384', 96],
  ['ES512', 'P-521', 132],
] as const;

/** An element with a length in the shortest form. */
function element(tag: number, contents: Uint8Array): Buffer {
  const { length } = contents;
  return Buffer.from([tag, ...(length < 128 ? [length] : [0x81, length]), ...contents]);
}

/** A number in its shortest form, as an encoder of nobody here writes it. */
function integer(octets: Uint8Array): Buffer {
  const hex = BigInt(`0x${Buffer.from(octets).toString('hex') || '0'}`).toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return element(0x02, Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex'));
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => element(0x30, Buffer.concat(parts));
const ONE = Buffer.of(2, 1, 1);

describe.each(ALGORITHMS)('%s', (algorithm, namedCurve, octets) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });

  it('a signature in DER → the R‖S that OpenSSL verifies', () => {
    for (let i = 0; i < 100; i++) {
      const data = Buffer.from(`data ${i}`);
      const der = sign('sha256', data, { key: privateKey, dsaEncoding: 'der' });
      const raw = signatureFromDer(der, algorithm);
      expect(raw).toHaveLength(octets);
      expect(verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true);
    }
  });

  it('a signature in R‖S, written in DER → the same R‖S', () => {
    for (let i = 0; i < 100; i++) {
      const data = Buffer.from(`data ${i}`);
      const raw = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      const der = sequence(integer(raw.subarray(0, octets / 2)), integer(raw.subarray(octets / 2)));
      expect(Buffer.from(signatureFromDer(der, algorithm))).toEqual(raw);
    }
  });

  it('any two positive numbers → these, each padded to its half', () => {
    const half = fc
      .oneof(
        fc.uint8Array({ minLength: octets / 2, maxLength: octets / 2 }),
        fc.nat(octets / 2 - 1).map((zeros) => new Uint8Array(octets / 2).fill(0x80, zeros)),
        fc.nat(octets / 2 - 1).map((zeros) => new Uint8Array(octets / 2).fill(0x01, zeros)),
      )
      .filter((number) => number.some((octet) => octet !== 0));
    fc.assert(
      fc.property(half, half, (r, s) => {
        const raw = signatureFromDer(sequence(integer(r), integer(s)), algorithm);
        expect(raw).toEqual(new Uint8Array([...r, ...s]));
      }),
    );
  });

  it('garbage, or a signature with octets changed → TypeError, or the right length', () => {
    const good = sign('sha256', Buffer.from('data'), privateKey);
    const changed = fc
      .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 3 })
      .map((changes) => {
        const der = new Uint8Array(good);
        for (const [at, octet] of changes) der[at] = octet;
        return der;
      });
    const cut = fc.nat(good.length).map((length) => new Uint8Array(good).subarray(0, length));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 160 }), changed, cut), (der) => {
        try {
          expect(signatureFromDer(der, algorithm)).toHaveLength(octets);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

it('the smallest numbers → zeros and them', () => {
  const raw = new Uint8Array(64);
  raw[31] = 1;
  raw[63] = 0x80;
  expect(signatureFromDer(Buffer.from('3007020101020200' + '80', 'hex'), 'ES256')).toEqual(raw);
});

describe('what is not strictly DER of two positive numbers', () => {
  const large = Buffer.from([2, 33, 1, ...Array(32).fill(0)]);
  it.each([
    ['nothing', Buffer.alloc(0), /not a sequence/],
    ['a set', element(0x31, Buffer.concat([ONE, ONE])), /not a sequence/],
    ['an empty sequence', sequence(), /not a sequence/],
    ['one number', sequence(ONE), /not a sequence/],
    ['three numbers', sequence(ONE, ONE, ONE), /behind the end/],
    ['octets behind', Buffer.concat([sequence(ONE, ONE), ONE]), /behind the end/],
    ['a second number beyond the sequence', Buffer.of(0x30, 3, ...ONE, ...ONE), /behind the end/],
    ['a sequence too long', Buffer.of(0x30, 7, ...ONE, ...ONE), /cut off/],
    ['a number cut off', sequence(ONE, Buffer.of(2, 2, 1)), /cut off/],
    ['no length', Buffer.of(0x30), /shortest form/],
    ['a long length where a short one does', Buffer.of(0x30, 0x81, 6, ...ONE, ...ONE), /shortest/],
    ['a length in two octets', Buffer.of(0x30, 0x82, 0, 6, ...ONE, ...ONE), /shortest form/],
    ['an indefinite length', Buffer.of(0x30, 0x80, ...ONE, ...ONE, 0, 0), /shortest form/],
    ['a number without octets', sequence(Buffer.of(2, 0), ONE), /not positive/],
    ['a negative number', sequence(ONE, Buffer.of(2, 1, 0x80)), /not positive/],
    ['zero', sequence(Buffer.of(2, 1, 0), ONE), /zero/],
    ['a zero in front', sequence(ONE, Buffer.of(2, 2, 0, 0x7f)), /zeros in front/],
    ['two zeros in front', sequence(ONE, Buffer.of(2, 3, 0, 0, 0x80)), /zeros in front/],
    ['a number of 33 octets', sequence(large, ONE), /too large/],
    ['R‖S as it is', Buffer.alloc(64, 0x30), /./],
  ])('%s → TypeError', (_, der, message) => {
    const convert = () => signatureFromDer(der, 'ES256');
    expect(convert).toThrow(TypeError);
    expect(convert).toThrow(message);
  });

  it('another algorithm, or no octets → TypeError', () => {
    for (const algorithm of ['ES256K', 'toString', undefined]) {
      expect(() => signatureFromDer(sequence(ONE, ONE), algorithm as 'ES256')).toThrow(
        /algorithm:/,
      );
    }
    expect(() => signatureFromDer('30' as unknown as Uint8Array, 'ES256')).toThrow(/der: must be/);
  });
});
