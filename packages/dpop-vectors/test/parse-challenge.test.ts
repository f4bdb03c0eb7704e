import { describe, expect, test } from 'vitest';
import { type Challenge, parseChallenges } from '../src/parse-challenge.ts';

describe('a WWW-Authenticate that keeps to the grammar', () => {
  test.each<[string, readonly Challenge[]]>([
    ['DPoP', [{ scheme: 'DPoP', parameters: [] }]],
    ['DPoP algs="ES256 PS256"', [{ scheme: 'DPoP', parameters: [['algs', 'ES256 PS256']] }]],
    [
      'Bearer realm="a, b", error=invalid_token , DPoP algs="ES256"',
      [
        {
          scheme: 'Bearer',
          parameters: [
            ['realm', 'a, b'],
            ['error', 'invalid_token'],
          ],
        },
        { scheme: 'DPoP', parameters: [['algs', 'ES256']] },
      ],
    ],
    [
      'Bearer, DPoP  Error="x"',
      [
        { scheme: 'Bearer', parameters: [] },
        { scheme: 'DPoP', parameters: [['error', 'x']] },
      ],
    ],
    ['X realm="a\\"b\\\\c\\d"', [{ scheme: 'X', parameters: [['realm', 'a"b\\cd']] }]],
    ['X abc=', [{ scheme: 'X', token68: 'abc=', parameters: [] }]],
    ['X realm=""', [{ scheme: 'X', parameters: [['realm', '']] }]],
    [
      'Negotiate YII/+-._~a==, Basic realm="x"',
      [
        { scheme: 'Negotiate', token68: 'YII/+-._~a==', parameters: [] },
        { scheme: 'Basic', parameters: [['realm', 'x']] },
      ],
    ],
    [
      'X a=b, a=c',
      [
        {
          scheme: 'X',
          parameters: [
            ['a', 'b'],
            ['a', 'c'],
          ],
        },
      ],
    ],
    ['X a="\u00fc"', [{ scheme: 'X', parameters: [['a', '\u00fc']] }]],
  ])('%s', (value, challenges) => {
    expect(parseChallenges(value)).toEqual(challenges);
  });
});

describe('one that does not', () => {
  test.each([
    [''],
    ['DPoP '],
    ['realm="x"'],
    ['DPoP realm=x, algs='],
    ['DPoP algs="ES256'],
    ['DPoP algs="a" error="b"'],
    ['DPoP algs="a",, error="b"'],
    ['DPoP algs="a",'],
    [', DPoP'],
    ['DPoP algs = "a"'],
    ['DPoP algs="a"x'],
    ['DPoP, algs="a"'],
    ['Negotiate abc=, x=y'],
    ['DPoP error="a\u0001b"'],
    ['DPoP error="a\r\nSet-Cookie: x"'],
    ['DPoP error=a b'],
    ['D\u00f6PoP'],
    ['DPoP a="\u20ac"'],
  ])('%j', (value) => {
    expect(() => parseChallenges(value)).toThrow(SyntaxError);
  });
});
