import { type Credentials, isAuthError, parseCredentials } from '@keybound/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldLines } from '../src/field-lines.ts';

/** What `Headers` makes of these lines. */
function joined(name: string, lines: readonly string[]): string | null {
  const headers = new Headers();
  for (const line of lines) headers.append(name, line);
  return headers.get(name);
}

/** What the core reads of these lines of `Authorization`: an access token, none, or a refusal. */
function read(lines: readonly string[]): Credentials | undefined | 'refused' {
  try {
    return parseCredentials({ method: 'GET', target: '/r', headers: () => lines });
  } catch (error) {
    if (isAuthError(error)) return 'refused';
    throw error;
  }
}

describe('Authorization', () => {
  it.each<[string, readonly string[], ReturnType<typeof read>]>([
    ['no line', [], undefined],
    ['one token', ['DPoP abc'], { scheme: 'DPoP', token: 'abc' }],
    ['two tokens', ['Bearer abc', 'DPoP abc'], 'refused'],
    ['Basic and a token', ['Basic YTpi', 'Bearer abc'], 'refused'],
    ['Basic alone', ['Basic YTpi'], undefined],
    ['Digest', ['Digest username="Mufasa", realm="a, b", nc=00000001,opaque="x\\"y"'], undefined],
    ['Digest with blanks around', ['Digest username = "Mufasa" ,  realm\t=\t"a"'], undefined],
    ['an empty parameter', ['Digest username=, realm="a"'], undefined],
    [
      'AWS4-HMAC-SHA256, whose values are no tokens',
      ['AWS4-HMAC-SHA256 Credential=AKID/20260101/eu/s3/aws4_request, SignedHeaders=host;range'],
      undefined,
    ],
    ['Digest and a token', ['Digest username="Mufasa", realm="a"', 'Bearer abc'], 'refused'],
    ['a token and Digest', ['Bearer abc', 'Digest username="Mufasa", realm="a"'], 'refused'],
    ['two of Digest', ['Digest a="1"', 'Digest b="2"'], 'refused'],
    ['a token inside quotes', ['Digest a="1, Bearer abc", b="2"'], undefined],
    ['a quote that is never closed', ['Digest a="1', 'Bearer abc'], 'refused'],
    ['a comma in the token', ['Bearer a,b'], 'refused'],
    ['Bearer with parameters', ['Bearer a="1", b="2"'], 'refused'],
    ['an empty line and a token', ['', 'Bearer abc'], 'refused'],
    ['a token and an empty line', ['Bearer abc', ''], 'refused'],
    ['an empty line', [''], 'refused'],
  ])('%s → $2 [BEARER-2-02]', (_name, lines, expected) => {
    expect(read(fieldLines('authorization', joined('authorization', lines)))).toEqual(expected);
  });

  const line = fc
    .array(
      fc.constantFrom(
        ...[
          'Bearer',
          'DPoP',
          'Digest',
          ' ',
          '  ',
          'abc',
          '=',
          '"',
          '\\',
          ',',
          ', ',
          'a="b"',
          'x=y',
          '\t',
        ],
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('').trim());

  it('any two lines or more → never a token; any one line → the token that is in it, and no other [BEARER-2-02]', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 3 }), (lines) => {
        const expected = read(lines);
        const actual = read(fieldLines('authorization', joined('authorization', lines)));
        if (lines.length > 1) expect(typeof actual).not.toBe('object');
        else if (typeof expected === 'object') expect(actual).toEqual(expected);
        else expect(typeof actual).not.toBe('object');
      }),
      { numRuns: 2000 },
    );
  });

  // A pattern that tried every way to divide the blanks would take minutes.
  it.each([
    ['blanks behind an equals sign', `Digest a=${' '.repeat(200_000)}x y, b`],
    ['parameters without end', `Digest ${'a=b, '.repeat(40_000)}x y`],
    ['quotes', `Digest a=${'"\\"'.repeat(60_000)}`],
    ['a long name', `Digest ${'a'.repeat(200_000)}, b`],
  ])(
    'hostile text, %s → decided at once',
    (_name, text) => {
      expect(read(fieldLines('authorization', text))).not.toBeTypeOf('object');
    },
    5000,
  );
});

describe('DPoP', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['no line', [], []],
    ['one', ['a.b.c'], ['a.b.c']],
    ['an empty one', [''], ['']],
    ['two', ['a', 'b'], ['a', 'b']],
    ['an empty one first', ['', 'b'], ['', 'b']],
    ['an empty one last', ['a', ''], ['a', '']],
    ['two empty ones', ['', ''], ['', '']],
    ['one with a comma, which no proof has', ['a,b'], ['a', 'b']],
  ])('%s → $2 [DPOP-4.3-01]', (_name, lines, expected) => {
    expect(fieldLines('dpop', joined('dpop', lines))).toEqual(expected);
  });

  it.each([
    ['a blank at the end trimmed', 'a,', ['a', '']],
    ['nothing but the comma', ',', ['', '']],
  ])('%s by the server → still two lines [DPOP-4.3-01]', (_name, text, expected) => {
    expect(fieldLines('dpop', text)).toEqual(expected);
  });
});

it('a list field → one line, whose commas belong to it', () => {
  expect(fieldLines('forwarded', 'for=1.1.1.1, for=2.2.2.2')).toEqual(['for=1.1.1.1, for=2.2.2.2']);
});
