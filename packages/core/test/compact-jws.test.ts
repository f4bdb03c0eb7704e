import { KEYS, mintProof, toBase64url } from '@keybound/test-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUtf8, hasUnsupportedHeader, isMediaType, parseCompactJws } from '../src/index.ts';
import { withTailBits } from './support.ts';

const LIMITS = { chars: 2000, headerChars: 1000, depth: 8, members: 64, values: 256 };
const HEADER = toBase64url({ alg: 'ES256', n: 1 });
const PAYLOAD = toBase64url({ jti: 'x' });
const SIGNATURE = toBase64url(new Uint8Array(64));
const GOOD = `${HEADER}.${PAYLOAD}.${SIGNATURE}`;

describe('parseCompactJws', () => {
  it('a compact JWS → its parts, and the octets the signature covers', () => {
    expect(parseCompactJws(GOOD, LIMITS)).toEqual({
      header: { alg: 'ES256', n: 1 },
      payload: { jti: 'x' },
      signature: new Uint8Array(64),
      signingInput: encodeUtf8(`${HEADER}.${PAYLOAD}`),
    });
  });

  it('an empty signature → parsed, since only a key can refuse it', () => {
    expect(parseCompactJws(`${HEADER}.${PAYLOAD}.`, LIMITS)).toMatchObject({
      signature: new Uint8Array(0),
    });
  });

  it.each([
    ['empty', ''],
    ['one part', HEADER],
    ['one part that would do for three', `${toBase64url('{"a":12}')}A`],
    ['two parts that would do for three', `${toBase64url('{"a":12}')}.${PAYLOAD}A`],
    ['an empty header and an empty payload', `..${SIGNATURE}`],
    ['two parts', `${HEADER}.${PAYLOAD}`],
    ['four parts', `${GOOD}.`],
    ['five parts, as in a JWE', `${HEADER}.${PAYLOAD}.AA.AA.AA`],
    ['only dots', '..'],
    ['an empty header', `.${PAYLOAD}.${SIGNATURE}`],
    ['an empty payload, as when detached', `${HEADER}..${SIGNATURE}`],
    [
      'the flattened JSON serialisation',
      JSON.stringify({ protected: HEADER, payload: PAYLOAD, signature: SIGNATURE }),
    ],
    ['a nested JWT as payload', `${HEADER}.${toBase64url(mintProof())}.${SIGNATURE}`],
    ['a header that is an array', `${toBase64url('[]')}.${PAYLOAD}.${SIGNATURE}`],
    ['a payload that is an array', `${HEADER}.${toBase64url('[]')}.${SIGNATURE}`],
    ['a payload that is a text', `${HEADER}.${toBase64url('"x"')}.${SIGNATURE}`],
    ['a header that is no JSON', `${toBase64url('{')}.${PAYLOAD}.${SIGNATURE}`],
    ['a name twice in the header', `${toBase64url('{"a":1,"a":2}')}.${PAYLOAD}.${SIGNATURE}`],
    ['a name twice in the payload', `${HEADER}.${toBase64url('{"a":1,"a":2}')}.${SIGNATURE}`],
    ['a padded header', `${toBase64url('{"a":12}')}=.${PAYLOAD}.${SIGNATURE}`],
    ['unused bits in the header', `${withTailBits(toBase64url('{"a":12}'))}.${PAYLOAD}.`],
    ['unused bits in the payload', `${HEADER}.${withTailBits(toBase64url('{"a":12}'))}.`],
    ['unused bits in the signature', `${HEADER}.${PAYLOAD}.${withTailBits(SIGNATURE)}`],
    ['a padded signature', `${GOOD}==`],
    ['a blank before', ` ${GOOD}`],
    ['a blank behind', `${GOOD} `],
    ['a line feed behind', `${GOOD}\n`],
    ['a second JWS behind a comma', `${GOOD},${GOOD}`],
    ['a word', 'undefined'],
  ])('%s → malformed [DPOP-4.3-02]', (_name, text) => {
    expect(parseCompactJws(text, LIMITS)).toBe('malformed');
  });

  it.each([
    ['the whole at its limit', { chars: GOOD.length }, 'object'],
    ['the whole one over', { chars: GOOD.length - 1 }, 'too_large'],
    ['the header at its limit', { headerChars: HEADER.length }, 'object'],
    ['the header one over', { headerChars: HEADER.length - 1 }, 'too_large'],
    ['the members of the header at their limit', { members: 2 }, 'object'],
    ['the members of the header one over', { members: 1 }, 'malformed'],
    ['a depth of none', { depth: 0 }, 'malformed'],
  ])('%s → %o gives %s [JOSE-LIMIT-P1]', (_name, limits, expected) => {
    const result = parseCompactJws(GOOD, { ...LIMITS, ...limits });
    expect(typeof result === 'string' ? result : 'object').toBe(expected);
  });

  it('a text far too large → refused before anything in it is looked at', () => {
    expect(parseCompactJws('.'.repeat(2001), LIMITS)).toBe('too_large');
  });

  it('any text → parts or a fault, never an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (text) => {
        expect(['malformed', 'too_large']).toContain(parseCompactJws(text, LIMITS));
      }),
    );
  });

  it('a good JWS with one character changed → never the same parts', () => {
    const jws = mintProof({ key: KEYS.alice });
    const letters = fc.constantFrom(...'ABCDEFabcdef0189-_.= ');
    fc.assert(
      fc.property(fc.nat(jws.length - 1), letters, (at, letter) => {
        fc.pre(jws[at] !== letter);
        const changed = parseCompactJws(jws.slice(0, at) + letter + jws.slice(at + 1), LIMITS);
        expect(changed).not.toEqual(parseCompactJws(jws, LIMITS));
      }),
    );
  });
});

describe('hasUnsupportedHeader', () => {
  it.each([
    ['crit empty', { crit: [] }],
    ['crit with exp', { crit: ['exp'] }],
    ['crit with a URI', { crit: ['http://x'] }],
    ['crit with b64', { crit: ['b64'], b64: true }],
    ['crit as a text', { crit: 'b64' }],
    ['crit null', { crit: null }],
    ['b64 false without crit', { b64: false }],
    ['b64 true without crit', { b64: true }],
  ])('%s → unsupported [JOSE-7515-4.1.11-01] [JOSE-7797-7-01]', (_name, header) => {
    expect(hasUnsupportedHeader(header)).toBe(true);
  });

  it('neither crit nor b64 → nothing unsupported', () => {
    expect(hasUnsupportedHeader({ alg: 'ES256', cty: 'x', foo: 1 })).toBe(false);
  });
});

describe('isMediaType', () => {
  it.each([
    ['at+jwt', true],
    ['AT+JWT', true],
    ['application/at+jwt', true],
    ['Application/At+Jwt', true],
    ['x/at+jwt', false],
    ['application/application/at+jwt', false],
    ['at+jwt;v=1', false],
    [' at+jwt', false],
    ['at+jwtx', false],
    ['jwt', false],
    ['', false],
    [['at+jwt'], false],
    [undefined, false],
    [null, false],
  ])('typ %j where at+jwt is expected → %s [JOSE-7515-4.1.9-01]', (typ, expected) => {
    expect(isMediaType(typ, 'at+jwt')).toBe(expected);
  });
});
