import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChallenges } from '../src/index.ts';

type Plain = readonly [scheme: string, parameters: Record<string, string>, token68?: string];

function plain(values: string | readonly string[]): readonly Plain[] {
  return parseChallenges(values).map(({ scheme, parameters, token68 }) =>
    token68 === undefined
      ? [scheme, Object.fromEntries(parameters)]
      : [scheme, Object.fromEntries(parameters), token68],
  );
}

describe('parseChallenges [DPOP-7.1-09]', () => {
  it.each<[name: string, values: string | readonly string[], expected: readonly Plain[]]>([
    ['nothing', '', []],
    ['no field', [], []],
    ['a bare scheme', 'DPoP', [['DPoP', {}]]],
    ['one parameter', 'DPoP algs="ES256 PS256"', [['DPoP', { algs: 'ES256 PS256' }]]],
    ['an unquoted value', 'DPoP error=use_dpop_nonce', [['DPoP', { error: 'use_dpop_nonce' }]]],
    ['an empty value', 'Bearer realm=""', [['Bearer', { realm: '' }]]],
    [
      'a quoted challenge inside a realm',
      'Bearer realm="a, DPoP x=\\"1\\"", DPoP algs="ES256", foo=bar',
      [
        ['Bearer', { realm: 'a, DPoP x="1"' }],
        ['DPoP', { algs: 'ES256', foo: 'bar' }],
      ],
    ],
    [
      'three challenges in two fields (L16)',
      [
        'Basic realm="x, y", Bearer resource_metadata="https://rs.example/.well-known/a?b,c"',
        'DPoP algs="ES256", error="invalid_token"',
      ],
      [
        ['Basic', { realm: 'x, y' }],
        ['Bearer', { resource_metadata: 'https://rs.example/.well-known/a?b,c' }],
        ['DPoP', { algs: 'ES256', error: 'invalid_token' }],
      ],
    ],
    ['an escaped backslash and letter', 'A b="\\\\\\c"', [['A', { b: '\\c' }]]],
    ['blanks around the equals sign', 'A b \t= "c" , d =e', [['A', { b: 'c', d: 'e' }]]],
    ['empty list elements', ', ,A b=c,,, d=e , ,', [['A', { b: 'c', d: 'e' }]]],
    ['names in any case', 'dpop ERROR="x"', [['dpop', { error: 'x' }]]],
    ['a parameter twice → the first', 'A b=1, B=2', [['A', { b: '1' }]]],
    [
      'a parameter named as a scheme',
      'A Bearer=1, DPoP b=2',
      [
        ['A', { bearer: '1' }],
        ['DPoP', { b: '2' }],
      ],
    ],
    [
      'token68 beside parameters',
      'Negotiate a+/b==, Bearer realm="r"',
      [
        ['Negotiate', {}, 'a+/b=='],
        ['Bearer', { realm: 'r' }],
      ],
    ],
    [
      'two bare schemes',
      'Negotiate, NTLM',
      [
        ['Negotiate', {}],
        ['NTLM', {}],
      ],
    ],
    ['a parameter before any scheme → left out', 'a=b, DPoP c=d', [['DPoP', { c: 'd' }]]],
    [
      'garbage between parameters → left out',
      'DPoP a=1, {"x,y"} z, b=2',
      [['DPoP', { a: '1', b: '2' }]],
    ],
    ['an unquoted URL → left out', 'DPoP u=https://x/y, b=2', [['DPoP', { b: '2' }]]],
    ['text after a quoted value → left out', 'DPoP a="1"2, b=2', [['DPoP', { b: '2' }]]],
    ['a quote that never ends → the rest left out', 'DPoP a=1, b="2, c=3', [['DPoP', { a: '1' }]]],
    ['a garbage field before a good one', ['"', 'DPoP a=1'], [['DPoP', { a: '1' }]]],
    ['a member of every object as a name', 'A constructor=1', [['A', { constructor: '1' }]]],
  ])('%s', (_name, values, expected) => {
    expect(plain(values)).toEqual(expected);
  });

  it('a name that is special in objects → an ordinary parameter', () => {
    expect(parseChallenges('A __proto__=x')[0]?.parameters.get('__proto__')).toBe('x');
  });

  it('any text → no exception', () => {
    const nasty = fc.string({ unit: fc.constantFrom(...'aB="\\, \t=/{}') });
    fc.assert(
      fc.property(fc.array(fc.oneof(nasty, fc.string())), (values) => {
        parseChallenges(values);
      }),
    );
  });

  it('what is formatted by the grammar → the same again, in one field or in many', () => {
    const token = fc.string({ unit: fc.constantFrom(...'abXYZ019-_.!~'), minLength: 1 });
    const value = fc.string({ unit: 'grapheme-ascii' });
    const parameters = fc.dictionary(
      token.map((name) => name.toLowerCase()),
      value,
      { minKeys: 1 },
    );
    const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
    const format = (scheme: string, entries: Record<string, string>): string =>
      `${scheme} ${Object.entries(entries)
        .map(([name, text]) => `${name}=${quote(text)}`)
        .join(', ')}`;
    fc.assert(
      fc.property(fc.array(fc.tuple(token, parameters)), (challenges) => {
        const fields = challenges.map(([scheme, entries]) => format(scheme, entries));
        const expected = challenges.map(([scheme, entries]) => [scheme, { ...entries }]);
        expect(plain(fields)).toEqual(expected);
        expect(plain(fields.join(', '))).toEqual(expected);
      }),
    );
  });

  it('100 000 characters made to backtrack → an answer at once', () => {
    for (const piece of ['a="', 'a ', '"\\', 'a=', ',"', '= ']) {
      expect(() => parseChallenges(`DPoP ${piece.repeat(50_000)}`)).not.toThrow();
    }
  }, 5_000);
});
