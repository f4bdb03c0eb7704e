import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSha256Base64url, sha256Base64url } from '../src/index.ts';
import { withTailBits } from './support.ts';

const GOOD = 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo';

describe('sha256Base64url', () => {
  it('the token of RFC 9449 §7.1 → the ath printed there [DPOP-4.2-07]', async () => {
    expect(await sha256Base64url('Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU')).toBe(GOOD);
  });

  it('any text → what OpenSSL computes over its UTF-8, always of the canonical form', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
        const hash = await sha256Base64url(text);
        expect(hash).toBe(createHash('sha256').update(text).digest('base64url'));
        expect(isSha256Base64url(hash)).toBe(true);
      }),
    );
  });
});

describe('isSha256Base64url', () => {
  it.each([
    ['padded', `${GOOD}=`],
    ['one character short', GOOD.slice(1)],
    ['one character long', `A${GOOD}`],
    ['with unused bits set', withTailBits(GOOD)],
    ['with a plus', `+${GOOD.slice(1)}`],
    ['with a line feed at the end', `${GOOD}\n`],
    ['in hexadecimal', createHash('sha256').digest('hex')],
    ['of SHA-1', createHash('sha1').digest('base64url')],
    ['of SHA-512', createHash('sha512').digest('base64url')],
    ['as a URN', `urn:ietf:params:oauth:jwk-thumbprint:sha-256:${GOOD}`],
    ['empty', ''],
    ['in an array', [GOOD]],
    ['a number', 1],
    ['null', null],
    ['undefined', undefined],
  ])('a hash %s → refused [DPOP-6.1-P1] [THUMB-9278-01]', (_name, value) => {
    expect(isSha256Base64url(value)).toBe(false);
  });
});
