import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64url, encodeBase64url } from '../src/index.ts';

const bytes = fc.uint8Array({ maxLength: 200 });

describe('base64url', () => {
  it('any bytes → the text Buffer writes, and back to the same bytes [JOSE-7515-2-01]', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const text = encodeBase64url(value);
        expect(text).toBe(Buffer.from(value).toString('base64url'));
        expect(decodeBase64url(text)).toEqual(value);
      }),
    );
  });

  it('any text that is decoded → the only spelling of its bytes [JOSE-7515-2-P1]', () => {
    const nearlyBase64url = fc.string({
      unit: fc.constantFrom(...'AQEIg4w80Zz9-_+/= \n\t.é'),
      maxLength: 24,
    });
    fc.assert(
      fc.property(fc.oneof(nearlyBase64url, fc.string()), (text) => {
        const decoded = decodeBase64url(text);
        if (decoded !== undefined) expect(encodeBase64url(decoded)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['', []],
    ['AA', [0]],
    ['_w', [255]],
    ['AAA', [0, 0]],
    ['__8', [255, 255]],
    ['-_-_', [0xfb, 0xff, 0xbf]],
    ['AAAAAQ', [0, 0, 0, 1]],
  ])('%j → its bytes', (text, expected) => {
    expect(decodeBase64url(text)).toEqual(Uint8Array.from(expected));
  });

  it.each([
    ['one character', 'A'],
    ['a length of 1 beyond a multiple of 4', 'AAAAA'],
    ['padding after two', 'AA=='],
    ['padding after three', 'AAA='],
    ['only padding', '===='],
    ['the plus of base64', 'AA+A'],
    ['the slash of base64', 'AA/A'],
    ['a blank at the start', ' AAA'],
    ['a blank inside', 'AA A'],
    ['a blank at the end', 'AAA '],
    ['a line feed', 'AAA\n'],
    ['a line feed between groups', 'AAAA\nAAA'],
    ['a dot', 'AA.A'],
    ['a NUL', 'AAA\0'],
    ['a tilde, beyond the last letter', 'AAA~'],
    ['a character above ASCII', 'AAAé'],
    ['a character whose low octet is a letter', 'AAAŁ'],
    ['half a surrogate pair', 'AAA\ud800'],
    ['a foreign first character of the tail of two', 'AAAA*A'],
    ['a foreign second character of the tail of two', 'AAAAA*'],
    ['a foreign first character of the tail of three', 'AAAA*AA'],
    ['a foreign second character of the tail of three', 'AAAAA*A'],
    ['a foreign third character of the tail of three', 'AAAAAA*'],
  ])('%s → refused [JOSE-7515-2-01]', (_name, text) => {
    expect(decodeBase64url(text)).toBeUndefined();
  });

  it.each([
    ['lowest unused bit after one octet', 'AB'],
    ['highest unused bit after one octet', 'AI'],
    ['all unused bits after one octet', 'AP'],
    ['lowest unused bit after two octets', 'AAB'],
    ['highest unused bit after two octets', 'AAC'],
    ['unused bits after a whole group', 'AAAAAB'],
  ])('%s → refused [JOSE-7515-2-P1]', (_name, text) => {
    expect(decodeBase64url(text)).toBeUndefined();
  });
});
