import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { proofFaults } from '../src/good-proof.ts';
import type { EmittedRequest } from '../src/questions.ts';
import { emitted, PUBLIC_JWK, proofWith, TOKEN } from './support/proofs.ts';
import { CLOCK } from './support/vectors.ts';

describe('a good proof', () => {
  test('has no faults', () => {
    expect(proofFaults(emitted(), CLOCK)).toEqual([]);
  });

  test.each([
    ['ES384', 'P-384'],
    ['ES512', 'P-521'],
  ])('may be by %s', (alg, namedCurve) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    const header = { alg, jwk: publicKey.export({ format: 'jwk' }) };
    expect(proofFaults(emitted(proofWith({ header, key: privateKey })), CLOCK)).toEqual([]);
  });

  test.each(['PS256', 'PS512', 'RS256'])('may be by %s', (alg) => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const header = { alg, jwk: publicKey.export({ format: 'jwk' }) };
    expect(proofFaults(emitted(proofWith({ header, key: privateKey })), CLOCK)).toEqual([]);
  });

  test.each(['EdDSA', 'Ed25519'])('may be by %s', (alg) => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const header = { alg, jwk: publicKey.export({ format: 'jwk' }) };
    expect(proofFaults(emitted(proofWith({ header, key: privateKey })), CLOCK)).toEqual([]);
  });

  test('may have another spelling of the target URI, and no token beside it', () => {
    const proof = proofWith({ payload: { htu: 'https://RS.example:443/r', ath: undefined } });
    const request = emitted(proof, { fields: [['DPoP', proof]] });
    expect(proofFaults(request, CLOCK)).toEqual([]);
  });
});

describe('a proof that a server refuses', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const twice = emitted(proofWith(), {
    fields: [
      ['DPoP', proofWith()],
      ['dpop', proofWith()],
    ],
  });

  test.each<[string, EmittedRequest, string]>([
    ['none', emitted('', { fields: [] }), '0 DPoP fields'],
    ['two', twice, '2 DPoP fields'],
    ['no JWS', emitted('a.b'), 'no compact JWS'],
    ['padded parts', emitted(`${proofWith()}=`), 'no compact JWS'],
    ['a payload that is a list', emitted('e30.W10.AA'), 'no compact JWS'],
    ['another typ', emitted(proofWith({ header: { typ: 'jwt' } })), 'typ is "jwt"'],
    [
      'a key with its private part',
      emitted(proofWith({ header: { jwk: { ...PUBLIC_JWK, d: 'AA' } } })),
      'private member d',
    ],
    ['another key', emitted(proofWith({ key: privateKey })), 'signature does not verify'],
    [
      'an alg that is not of its key',
      emitted(proofWith({ header: { jwk: { ...PUBLIC_JWK, crv: 'P-384' } } })),
      'signature does not verify',
    ],
    ['no key', emitted(proofWith({ header: { jwk: undefined } })), 'signature does not verify'],
    ['a jti that is empty', emitted(proofWith({ payload: { jti: '' } })), 'jti is ""'],
    ['another method', emitted(proofWith({ payload: { htm: 'get' } })), 'htm is "get"'],
    [
      'another target URI',
      emitted(proofWith({ payload: { htu: 'https://rs.example/s' } })),
      'htu is',
    ],
    [
      'a target URI with its query',
      emitted(proofWith({ payload: { htu: 'https://rs.example/r?x=1' } })),
      'htu is',
    ],
    ['a time that is long ago', emitted(proofWith({ payload: { iat: CLOCK - 31 } })), 'iat is'],
    ['a time that is text', emitted(proofWith({ payload: { iat: String(CLOCK) } })), 'iat is'],
    ['another token', emitted(proofWith({ payload: { ath: TOKEN } })), 'ath is not'],
    ['no hash of the token', emitted(proofWith({ payload: { ath: undefined } })), 'ath is not'],
  ])('%s', (_, request, fault) => {
    expect(proofFaults(request, CLOCK).join('; ')).toContain(fault);
  });
});
