import { expect, it } from 'vitest';
import { chooseAlgorithm } from '../src/index.ts';

it.each([
  ['nobody says anything', [], 'ES256'],
  ['servers that do not say', [undefined, undefined], 'ES256'],
  [
    'both accept several',
    [
      ['RS256', 'ES256', 'EdDSA'],
      ['EdDSA', 'ES256'],
    ],
    'ES256',
  ],
  ['one accepts one only', [['ES256', 'PS256'], ['PS256']], 'PS256'],
  ['a challenge says it with blanks', [['ES256', 'ES384'], 'PS256 ES384'], 'ES384'],
  ['the name of RFC 9864', [['Ed25519'], ['Ed25519', 'EdDSA']], 'Ed25519'],
  ['names nobody knows are passed over', [['ML-DSA-44', 'none', 'HS256', 'RS512']], 'RS512'],
] as const)('%s → %3$s [DPOP-5.1-02]', (_name, accepted, algorithm) => {
  expect(chooseAlgorithm(...accepted)).toBe(algorithm);
});

it.each([
  ['the lists have nothing in common', [['PS256'], ['ES256']]],
  ['nothing is accepted', [[]]],
  ['only symmetric ones', [['HS256', 'none']]],
  ['an empty challenge', ['']],
])('%s → algorithm_unsupported, before any request [DPOP-5.1-02]', (_name, accepted) => {
  expect(() => chooseAlgorithm(...accepted)).toThrow(
    expect.objectContaining({ code: 'algorithm_unsupported' }),
  );
});
