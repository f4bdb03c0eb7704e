import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatChallenge } from '../src/index.ts';
import { parseChallenge } from './parse-challenge.ts';
import { outcome } from './support.ts';

describe('formatChallenge', () => {
  it.each([
    ['Bearer', [['realm', 'api']], 'Bearer realm="api"'],
    [
      'DPoP',
      [
        ['realm', 'api'],
        ['algs', 'ES256 PS256'],
      ],
      'DPoP realm="api", algs="ES256 PS256"',
    ],
    ['DPoP', [['realm', '']], 'DPoP realm=""'],
    [
      'DPoP',
      [['realm', "!#$%&'()*+,-./:;<=>?@[]^_`{|}~ aZ"]],
      'DPoP realm="!#$%&\'()*+,-./:;<=>?@[]^_`{|}~ aZ"',
    ],
    ['DPoP', [], 'DPoP'],
  ] as const)('%s with %j → %s [BEARER-3-04]', (scheme, parameters, expected) => {
    expect(formatChallenge(scheme, parameters)).toBe(expected);
  });

  const CHARACTERS = 'realm: only printable ASCII without quote and backslash is allowed';
  it.each(['"', '\\', '\r', '\n', '\t', '\0', '\x7f', '\x80', 'é', '\u2028', '\ud800'])(
    'a value with %j → TypeError [BEARER-3-04]',
    async (character) => {
      const parameters = [['realm', `a${character}b`]] as const;
      expect(await outcome(() => formatChallenge('Bearer', parameters))).toEqual({
        typeError: CHARACTERS,
      });
    },
  );

  it('a value with a line feed only at its end → TypeError [BEARER-3-04]', async () => {
    expect(await outcome(() => formatChallenge('Bearer', [['realm', 'a\n']]))).toEqual({
      typeError: CHARACTERS,
    });
  });

  it.each([
    ['the same name', 'realm', 'realm'],
    ['the same name in another case', 'realm', 'Realm'],
  ])('%s twice → TypeError [BEARER-3-03]', async (_name, first, second) => {
    const parameters = [
      [first, 'a'],
      ['x', 'b'],
      [second, 'c'],
    ] as const;
    expect(await outcome(() => formatChallenge('DPoP', parameters))).toEqual({
      typeError: `challenge: the parameter ${second} occurs twice`,
    });
  });

  it.each(['', 'a b', 'a"', 'a=', 'a,', 'a\r\nb', 'é'])(
    'the parameter name %j → TypeError',
    async (name) => {
      expect(await outcome(() => formatChallenge('DPoP', [[name, 'x']]))).toEqual({
        typeError: 'challenge: a parameter name is not a token',
      });
    },
  );

  it('any names and values → TypeError, or a challenge that reads back as what was put in, in the allowed characters [BEARER-3-03] [BEARER-3-04]', () => {
    const name = fc.oneof(fc.constantFrom('realm', 'scope', 'Realm', 'algs'), fc.string());
    const safe = fc.string({ unit: fc.constantFrom(..." !#$%&'()*,-/09:;<=>?@AZ[]az{|}~") });
    const value = fc.oneof({ arbitrary: safe, weight: 4 }, fc.string({ unit: 'binary' }));
    const parameters = fc.array(fc.tuple(name, value), { maxLength: 5 });
    fc.assert(
      fc.property(fc.constantFrom('Bearer', 'DPoP'), parameters, (scheme, given) => {
        let text: string;
        try {
          text = formatChallenge(scheme, given);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          return;
        }
        expect(text).toMatch(/^[\x20-\x7e]*$/);
        expect(parseChallenge(text)).toEqual({ scheme, parameters: given });
      }),
      { numRuns: 2000 },
    );
  });
});
