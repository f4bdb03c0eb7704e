import { describe, expect, it } from 'vitest';
import { type SignatureAlgorithm, validateAlgorithms } from '../src/index.ts';
import { ALGORITHMS, isSignatureAlgorithm } from '../src/jose/algorithms.ts';
import { outcome } from './support.ts';

const ALL = 'ES256, ES384, ES512, PS256, PS384, PS512, RS256, RS384, RS512, EdDSA, Ed25519';

describe('validateAlgorithms', () => {
  it('a list → a frozen copy in the same order', () => {
    const given: SignatureAlgorithm[] = ['PS256', 'ES256'];
    const algorithms = validateAlgorithms(given);
    given.push('RS256');
    expect(algorithms).toEqual(['PS256', 'ES256']);
    expect(Object.isFrozen(algorithms)).toBe(true);
  });

  it.each([
    ['none', ['none'], `algorithms: "none" is not one of ${ALL}`],
    ['an HMAC', ['ES256', 'HS256'], `algorithms: "HS256" is not one of ${ALL}`],
    ['other case', ['es256'], `algorithms: "es256" is not one of ${ALL}`],
    ['ES256K', ['ES256K'], `algorithms: "ES256K" is not one of ${ALL}`],
    ['a name of the prototype', ['constructor'], `algorithms: "constructor" is not one of ${ALL}`],
    ['a number', [256], `algorithms: 256 is not one of ${ALL}`],
    ['an empty list', [], 'algorithms: give at least one signature algorithm'],
    ['a text', 'ES256', 'algorithms: give at least one signature algorithm'],
    ['null', null, 'algorithms: give at least one signature algorithm'],
    ['a name twice', ['ES256', 'ES256'], 'algorithms: a name occurs twice'],
  ])('%s → TypeError at start-up [DPOP-11.6-01] [JWTBCP-3.1-01]', async (_name, list, message) => {
    expect(await outcome(() => validateAlgorithms(list as SignatureAlgorithm[]))).toEqual({
      typeError: message,
    });
  });
});

describe('isSignatureAlgorithm', () => {
  it.each(Object.keys(ALGORITHMS))('%s → known', (name) => {
    expect(isSignatureAlgorithm(name)).toBe(true);
  });

  it.each([
    'none',
    'noNE',
    'HS256',
    'es256',
    'ES256K',
    'RSA-OAEP',
    'toString',
    '',
    256,
    null,
    ['ES256'],
  ])('%j → unknown [DPOP-4.3-05]', (name) => {
    expect(isSignatureAlgorithm(name)).toBe(false);
  });
});
