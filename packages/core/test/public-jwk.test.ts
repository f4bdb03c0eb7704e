import { KEYS } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { type JwkFault, parsePublicJwk, type SignatureAlgorithm } from '../src/index.ts';
import { integer, toInteger, withTailBits } from './support.ts';

const EC = KEYS.alice.publicJwk;
const RSA = KEYS.aliceRsa.publicJwk;
const OKP = KEYS.aliceEd25519.publicJwk;

const KINDS: readonly [string, Readonly<Record<string, string>>, SignatureAlgorithm][] = [
  ['EC', EC, 'ES256'],
  ['RSA', RSA, 'PS256'],
  ['OKP', OKP, 'Ed25519'],
];

describe('parsePublicJwk', () => {
  it.each<[string, Readonly<Record<string, string>>, SignatureAlgorithm]>([
    ...KINDS,
    ['P-384', KEYS.alice384.publicJwk, 'ES384'],
    ['P-521', KEYS.alice521.publicJwk, 'ES512'],
    ['RSA for PKCS #1', RSA, 'RS512'],
    ['OKP under its older name', OKP, 'EdDSA'],
  ])('a key of kind %s → the same key', (_name, jwk, algorithm) => {
    expect(parsePublicJwk(jwk, algorithm)).toEqual(jwk);
  });

  it.each(KINDS)(
    'a key of kind %s with members that do not matter → only the required ones stay [JOSE-7517-4-01]',
    (_kind, jwk, algorithm) => {
      const extras = { kid: 'k', use: 'sig', key_ops: ['verify'], alg: algorithm, ext: false };
      expect(parsePublicJwk({ foo: 1, x5c: ['x'], ...extras, ...jwk }, algorithm)).toEqual(jwk);
    },
  );

  const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];
  it.each(
    KINDS.flatMap(([kind, jwk, algorithm]) =>
      PRIVATE.map((member) => [kind, member, jwk, algorithm] as const),
    ),
  )('a key of kind %s with %s → jwk_private [DPOP-4.3-07]', (_kind, member, jwk, algorithm) => {
    for (const value of ['AQ', '', null, []]) {
      expect(parsePublicJwk({ ...jwk, [member]: value }, algorithm)).toBe('jwk_private');
    }
  });

  it.each(KINDS)(
    'a public key of kind %s whose private members are undefined, as workerd exports it → the key',
    (_kind, jwk, algorithm) => {
      const exported = { ...jwk, ...Object.fromEntries(PRIVATE.map((name) => [name, undefined])) };
      expect(parsePublicJwk(exported, algorithm)).toEqual(jwk);
    },
  );

  it.each([
    ['EC', KEYS.alice.privateJwk, 'ES256'],
    ['RSA', KEYS.aliceRsa.privateJwk, 'PS256'],
    ['OKP', KEYS.aliceEd25519.privateJwk, 'Ed25519'],
  ] as const)('a whole private key of kind %s → jwk_private [DPOP-4.3-07]', (_kind, jwk, alg) => {
    expect(parsePublicJwk(jwk, alg)).toBe('jwk_private');
  });

  interface Row {
    readonly name: string;
    readonly jwk: unknown;
    readonly alg?: SignatureAlgorithm;
    readonly fault: JwkFault;
  }
  const x = EC.x ?? '';
  const n = RSA.n ?? '';
  const P256 = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;

  it.each<Row>([
    { name: 'undefined', jwk: undefined, fault: 'jwk_malformed' },
    { name: 'null', jwk: null, fault: 'jwk_malformed' },
    { name: 'a text', jwk: JSON.stringify(EC), fault: 'jwk_malformed' },
    { name: 'an array', jwk: [EC], fault: 'jwk_malformed' },
    { name: 'a key set', jwk: { keys: [EC] }, fault: 'jwk_malformed' },
    { name: 'no kty', jwk: { ...EC, kty: undefined }, fault: 'jwk_malformed' },
    { name: 'kty as an array', jwk: { ...EC, kty: ['EC'] }, fault: 'jwk_malformed' },
    { name: 'no x', jwk: { ...EC, x: undefined }, fault: 'jwk_malformed' },
    { name: 'no y', jwk: { ...EC, y: undefined }, fault: 'jwk_malformed' },
    { name: 'x as a number', jwk: { ...EC, x: 123 }, fault: 'jwk_malformed' },
    { name: 'y as in a compressed point', jwk: { ...EC, y: true }, fault: 'jwk_malformed' },
    { name: 'no n', jwk: { ...RSA, n: undefined }, alg: 'PS256', fault: 'jwk_malformed' },
    { name: 'no e', jwk: { ...RSA, e: undefined }, alg: 'PS256', fault: 'jwk_malformed' },
    { name: 'e as a number', jwk: { ...RSA, e: 65537 }, alg: 'PS256', fault: 'jwk_malformed' },
    {
      name: 'an OKP without x',
      jwk: { ...OKP, x: undefined },
      alg: 'EdDSA',
      fault: 'jwk_malformed',
    },
    {
      name: 'an OKP with x as a list',
      jwk: { ...OKP, x: [1] },
      alg: 'EdDSA',
      fault: 'jwk_malformed',
    },
  ])('$name → $fault [DPOP-4.3-03]', ({ jwk, alg = 'ES256', fault }) => {
    expect(parsePublicJwk(jwk, alg)).toBe(fault);
  });

  it.each<Row>([
    { name: 'kty in another case', jwk: { ...EC, kty: 'ec' }, fault: 'jwk_unsuitable' },
    { name: 'a symmetric kty', jwk: { kty: 'oct' }, fault: 'jwk_unsuitable' },
    { name: 'an RSA key for ES256', jwk: RSA, fault: 'jwk_unsuitable' },
    { name: 'an EC key for PS256', jwk: EC, alg: 'PS256', fault: 'jwk_unsuitable' },
    { name: 'an EC key for Ed25519', jwk: EC, alg: 'Ed25519', fault: 'jwk_unsuitable' },
    {
      name: 'an RSA key that calls itself EC',
      jwk: { ...RSA, kty: 'EC' },
      fault: 'jwk_unsuitable',
    },
    { name: 'a P-384 key for ES256', jwk: KEYS.alice384.publicJwk, fault: 'jwk_unsuitable' },
    { name: 'a P-256 key for ES512', jwk: EC, alg: 'ES512', fault: 'jwk_unsuitable' },
    { name: 'secp256k1', jwk: { ...EC, crv: 'secp256k1' }, fault: 'jwk_unsuitable' },
    { name: 'crv in another case', jwk: { ...EC, crv: 'p-256' }, fault: 'jwk_unsuitable' },
    { name: 'no crv', jwk: { ...EC, crv: undefined }, fault: 'jwk_unsuitable' },
    { name: 'crv of the prototype', jwk: { ...EC, crv: 'constructor' }, fault: 'jwk_unsuitable' },
    { name: 'X25519', jwk: { ...OKP, crv: 'X25519' }, alg: 'EdDSA', fault: 'jwk_unsuitable' },
    { name: 'Ed448', jwk: { ...OKP, crv: 'Ed448' }, alg: 'EdDSA', fault: 'jwk_unsuitable' },
    { name: 'use enc', jwk: { ...EC, use: 'enc' }, fault: 'jwk_unsuitable' },
    { name: 'use of the wrong type', jwk: { ...EC, use: ['sig'] }, fault: 'jwk_unsuitable' },
    { name: 'use null', jwk: { ...EC, use: null }, fault: 'jwk_unsuitable' },
    { name: 'key_ops sign', jwk: { ...EC, key_ops: ['sign'] }, fault: 'jwk_unsuitable' },
    { name: 'key_ops empty', jwk: { ...EC, key_ops: [] }, fault: 'jwk_unsuitable' },
    { name: 'key_ops as a text', jwk: { ...EC, key_ops: 'verify' }, fault: 'jwk_unsuitable' },
    { name: 'alg of another curve', jwk: { ...EC, alg: 'ES384' }, fault: 'jwk_unsuitable' },
    {
      name: 'alg of another padding',
      jwk: { ...RSA, alg: 'RS256' },
      alg: 'PS256',
      fault: 'jwk_unsuitable',
    },
    { name: 'alg unknown', jwk: { ...EC, alg: 'ES256X' }, fault: 'jwk_unsuitable' },
    { name: 'alg of the prototype', jwk: { ...EC, alg: 'toString' }, fault: 'jwk_unsuitable' },
    { name: 'alg of the wrong type', jwk: { ...EC, alg: ['ES256'] }, fault: 'jwk_unsuitable' },
  ])('$name → $fault [JOSE-7517-4-01]', ({ jwk, alg = 'ES256', fault }) => {
    expect(parsePublicJwk(jwk, alg)).toBe(fault);
  });

  it.each([
    ['sign beside verify', { key_ops: ['sign', 'verify'] }],
    ['alg EdDSA in a key for Ed25519', { alg: 'EdDSA' }],
  ])('%s → accepted [JOSE-7517-4-01]', (_name, members) => {
    expect(parsePublicJwk({ ...OKP, ...members }, 'Ed25519')).toEqual(OKP);
  });

  it.each<Row>([
    { name: 'x padded', jwk: { ...EC, x: `${x}=` }, fault: 'jwk_malformed' },
    { name: 'x with a blank', jwk: { ...EC, x: `${x} ` }, fault: 'jwk_malformed' },
    { name: 'x with a line feed', jwk: { ...EC, x: `${x}\n` }, fault: 'jwk_malformed' },
    { name: 'x with unused bits', jwk: { ...EC, x: withTailBits(x) }, fault: 'jwk_malformed' },
    {
      name: 'y with unused bits',
      jwk: { ...EC, y: withTailBits(EC.y ?? '') },
      fault: 'jwk_malformed',
    },
    { name: 'x empty', jwk: { ...EC, x: '' }, fault: 'jwk_malformed' },
    {
      name: 'x of 31 octets',
      jwk: { ...EC, x: integer(toInteger(x) >> 8n, 31) },
      fault: 'jwk_malformed',
    },
    {
      name: 'x of 33 octets',
      jwk: { ...EC, x: integer(toInteger(x), 33) },
      fault: 'jwk_malformed',
    },
    { name: 'y of 31 octets', jwk: { ...EC, y: integer(1n, 31) }, fault: 'jwk_malformed' },
    {
      name: 'y of 33 octets',
      jwk: { ...EC, y: integer(toInteger(EC.y ?? ''), 33) },
      fault: 'jwk_malformed',
    },
    { name: 'x equal to p', jwk: { ...EC, x: integer(P256, 32) }, fault: 'jwk_malformed' },
    {
      name: 'x + p for a small x',
      jwk: { ...EC, x: integer(P256 + 5n, 32) },
      fault: 'jwk_malformed',
    },
    {
      name: 'y + p for a small y',
      jwk: { ...EC, y: integer(P256 + 5n, 32) },
      fault: 'jwk_malformed',
    },
    {
      name: 'x of all ones',
      jwk: { ...EC, x: integer(2n ** 256n - 1n, 32) },
      fault: 'jwk_malformed',
    },
    {
      name: 'x of all ones on P-384',
      jwk: { ...KEYS.alice384.publicJwk, x: integer(2n ** 384n - 1n, 48) },
      alg: 'ES384',
      fault: 'jwk_malformed',
    },
    {
      name: 'x equal to p on P-384',
      jwk: {
        ...KEYS.alice384.publicJwk,
        x: integer(2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n, 48),
      },
      alg: 'ES384',
      fault: 'jwk_malformed',
    },
    {
      name: 'x equal to p on P-521',
      jwk: { ...KEYS.alice521.publicJwk, x: integer(2n ** 521n - 1n, 66) },
      alg: 'ES512',
      fault: 'jwk_malformed',
    },
    {
      name: 'x of 65 octets on P-521',
      jwk: { ...KEYS.alice521.publicJwk, x: integer(1n, 65) },
      alg: 'ES512',
      fault: 'jwk_malformed',
    },
    {
      name: 'an Ed25519 x of 31 octets',
      jwk: { ...OKP, x: integer(9n, 31) },
      alg: 'Ed25519',
      fault: 'jwk_malformed',
    },
    {
      name: 'an Ed25519 x of 33 octets',
      jwk: { ...OKP, x: integer(9n, 33) },
      alg: 'Ed25519',
      fault: 'jwk_malformed',
    },
    {
      name: 'an Ed25519 x padded',
      jwk: { ...OKP, x: `${OKP.x}=` },
      alg: 'Ed25519',
      fault: 'jwk_malformed',
    },
    {
      name: 'an Ed25519 x with unused bits',
      jwk: { ...OKP, x: withTailBits(OKP.x ?? '') },
      alg: 'Ed25519',
      fault: 'jwk_malformed',
    },
  ])('$name → $fault, one key has one spelling [JOSE-7518-6.2-01] [THUMB-7-01]', (row) => {
    expect(parsePublicJwk(row.jwk, row.alg ?? 'ES256')).toBe(row.fault);
  });

  it.each<Row>([
    {
      name: 'n with a leading zero',
      jwk: { ...RSA, n: integer(toInteger(n), 257) },
      fault: 'jwk_malformed',
    },
    { name: 'e with a leading zero', jwk: { ...RSA, e: 'AAEAAQ' }, fault: 'jwk_malformed' },
    { name: 'n empty', jwk: { ...RSA, n: '' }, fault: 'jwk_malformed' },
    { name: 'e empty', jwk: { ...RSA, e: '' }, fault: 'jwk_malformed' },
    { name: 'e = 0', jwk: { ...RSA, e: 'AA' }, fault: 'jwk_malformed' },
    { name: 'n padded', jwk: { ...RSA, n: `${n}==` }, fault: 'jwk_malformed' },
    { name: 'n with unused bits', jwk: { ...RSA, n: withTailBits(n) }, fault: 'jwk_malformed' },
    { name: 'e in base64 with a plus', jwk: { ...RSA, e: 'AQ+B' }, fault: 'jwk_malformed' },
  ])('$name → $fault [JOSE-7518-6.3-01]', ({ jwk, fault }) => {
    expect(parsePublicJwk(jwk, 'RS256')).toBe(fault);
  });

  it('an RSA key with a stray crv → accepted without it [JOSE-7517-4-01]', () => {
    expect(parsePublicJwk({ ...RSA, crv: 'P-256' }, 'RS256')).toEqual(RSA);
  });

  it('x with leading zero octets at full length → accepted [JOSE-7518-6.2-01]', () => {
    const jwk = { ...EC, x: integer(1n, 32) };
    expect(parsePublicJwk(jwk, 'ES256')).toEqual(jwk);
  });

  it('x one below p → the largest coordinate there is', () => {
    const jwk = { ...EC, x: integer(P256 - 1n, 32) };
    expect(parsePublicJwk(jwk, 'ES256')).toEqual(jwk);
  });

  it('members that only a prototype would give → not there', () => {
    const hostile = JSON.parse(`{"__proto__":${JSON.stringify(EC)}}`);
    expect(parsePublicJwk(hostile, 'ES256')).toBe('jwk_malformed');
  });
});
