import { mintToken, toBase64url } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { decodeJwt } from '../../src/inspector/decode.ts';

const PART = toBase64url({ a: 1 });

describe('decoding for display', () => {
  it('an access token → header and payload', () => {
    const decoded = decodeJwt(mintToken({ claims: { sub: 'zoë' } }));
    expect(decoded?.header).toMatchObject({ typ: 'at+jwt' });
    expect(decoded?.payload).toMatchObject({ sub: 'zoë' });
  });

  it.each([
    ['no signature', `${PART}.${PART}.`],
    ['padding, which no verifier takes', `${PART}==.${PART}==.AA`],
    ['a signature that is none', `${PART}.${PART}.!`],
  ])('%s → decoded nevertheless', (_circumstance, text) => {
    expect(decodeJwt(text)).toEqual({ header: { a: 1 }, payload: { a: 1 } });
  });

  it.each([
    ['nothing', ''],
    ['an opaque token', 'mF_9.B5f-4.1JqM'],
    ['a token without dots', 'abc'],
    ['two parts', `${PART}.${PART}`],
    ['four parts', `${PART}.${PART}.AA.AA`],
    ['five parts, as encrypted tokens have', `${PART}.${PART}.AA.AA.AA`],
    ['a payload that is an array', `${PART}.${toBase64url('[1]')}.AA`],
    ['a payload that is null', `${PART}.${toBase64url('null')}.AA`],
    ['octets that are not UTF-8', `${PART}.${toBase64url(Uint8Array.of(0x22, 0xff, 0x22))}.AA`],
    ['nesting without end', `${PART}.${toBase64url('['.repeat(20_000))}.AA`],
    ['too long a text', `${PART}.${PART}.${'A'.repeat(70_000)}`],
  ])('%s → nothing to show', (_circumstance, text) => {
    expect(decodeJwt(text)).toBeUndefined();
  });
});
