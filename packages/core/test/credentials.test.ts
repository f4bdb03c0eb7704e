import { mintToken, testRequest } from '@keybound/test-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCredentials, refuseTokenInForm } from '../src/index.ts';
import { outcome } from './support.ts';

function parse(authorization: string | string[], target = '/r'): Promise<object> {
  return outcome(() => parseCredentials(testRequest({ authorization }, { target })));
}

const MALFORMED = { reason: 'credentials_malformed', code: 'invalid_request', facts: {} };
const REPEATED = { reason: 'credentials_repeated', code: 'invalid_request', facts: {} };
const NONE = { accepted: undefined };

describe('parseCredentials', () => {
  it.each([
    ['Bearer tok', 'Bearer', 'tok'],
    ['bearer tok', 'Bearer', 'tok'],
    ['bEaReR   tok', 'Bearer', 'tok'],
    ['BEARER tok', 'Bearer', 'tok'],
    ['DPoP tok', 'DPoP', 'tok'],
    ['dpop tok', 'DPoP', 'tok'],
    ['DPOP    tok', 'DPoP', 'tok'],
    ['Bearer a', 'Bearer', 'a'],
    ['Bearer aZ09-._~+/', 'Bearer', 'aZ09-._~+/'],
    ['Bearer a==', 'Bearer', 'a=='],
    [
      'DPoP Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU',
      'DPoP',
      'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU',
    ],
  ])('%j → %s with its token [BEARER-2.1-01]', async (field, scheme, token) => {
    expect(await parse(field)).toEqual({ accepted: { scheme, token } });
  });

  it('a token in the JWT form → taken whole', async () => {
    const token = mintToken();
    expect(await parse(`DPoP ${token}`)).toEqual({ accepted: { scheme: 'DPoP', token } });
  });

  it.each([
    ['a scheme without a token', 'Bearer'],
    ['a scheme and a blank', 'Bearer '],
    ['DPoP without a token', 'DPoP'],
    ['two tokens', 'Bearer a b'],
    ['two credentials behind a comma', 'Bearer a, DPoP b'],
    ['two tokens behind a comma', 'Bearer a,b'],
    ['a tab in place of the blank', 'DPoP\ttok'],
    ['a tab behind the blank', 'Bearer \ttok'],
    ['a tab behind the token', 'Bearer tok\t'],
    ['a blank behind the token', 'Bearer tok '],
    ['a blank before the scheme', ' Bearer tok'],
    ['a quoted token', 'Bearer "tok"'],
    ['parameters', 'Bearer token=tok, realm=x'],
    ['a token with a quote', 'DPoP to"k'],
    ['a token with a backslash', 'DPoP to\\k'],
    ['a token that is padding alone', 'Bearer ='],
    ['padding inside the token', 'Bearer a=b'],
    ['a character above ASCII', 'Bearer tökén'],
    ['a line feed', 'Bearer tok\nBearer tok'],
    ['a NUL', 'Bearer tok\0'],
    ['a colon behind the scheme', 'Bearer: tok'],
    ['nothing', ''],
    ['a blank alone', ' '],
    ['a comma alone', ','],
  ])('%s → 400 invalid_request [BEARER-2.1-01]', async (_name, field) => {
    expect(await parse(field)).toEqual(MALFORMED);
  });

  it.each([
    ['Basic', 'Basic YTpi'],
    ['Digest with parameters', 'Digest username="a", realm="b"'],
    ['Negotiate', 'Negotiate YTpi=='],
    ['constructor', 'constructor tok'],
    ['__proto__', '__proto__ tok'],
    ['toString without a token', 'toString'],
    ['a longer name', 'BearerX tok'],
    ['a shorter name', 'Beare tok'],
    ['the scheme without its blank', 'Bearertok'],
    ['every sign a scheme may have', "!#$%&'*+.^_`|~0-z tok"],
  ])('another scheme, %s → no credentials [BEARER-3-01]', async (_name, field) => {
    expect(await parse(field)).toEqual(NONE);
  });

  it('no Authorization field → no credentials', async () => {
    expect(await parse([])).toEqual(NONE);
  });

  it('a token only in Proxy-Authorization → no credentials [DPOP-7.1-04]', async () => {
    const request = testRequest({ 'proxy-authorization': 'Bearer tok' });
    expect(await outcome(() => parseCredentials(request))).toEqual(NONE);
  });

  it.each([
    ['Bearer and DPoP', ['Bearer a', 'DPoP b']],
    ['the same twice', ['Bearer a', 'Bearer a']],
    ['Bearer and Basic', ['Bearer a', 'Basic YTpi']],
    ['Basic first', ['Basic YTpi', 'Bearer a']],
    ['the second one empty', ['Bearer a', '']],
    ['the first one empty', ['', 'Bearer a']],
  ])('two Authorization fields, %s → 400 invalid_request [BEARER-2-02]', async (_name, fields) => {
    expect(await parse(fields)).toEqual(REPEATED);
  });

  it.each([
    ['/r?access_token=tok'],
    ['/r?a=1&access_token=tok'],
    ['/r?access_token'],
    ['/r?access_token='],
    ['/r?access%5Ftoken=tok'],
    ['/r?%61ccess_token=tok'],
    ['https://rs.example/r?access_token=tok'],
    ['/r?a=?&access_token=tok'],
    ['?access_token=tok'],
  ])('a token in field and query %s → 400 invalid_request [BEARER-2-02]', async (target) => {
    expect(await parse('Bearer tok', target)).toEqual(REPEATED);
    expect(await parse('DPoP tok', target)).toEqual(REPEATED);
  });

  it.each([
    ['/access_token=tok'],
    ['/r&access_token=tok'],
    ['/r?ACCESS_TOKEN=tok'],
    ['/r?access_tokens=tok'],
    ['/r?a=?access_token=tok'],
    ['/r?ACCESS_TOKEN=tok'],
    ['/r?access%255ftoken=tok'],
    ['/r?x=access_token'],
    ['/r?x=%26access_token=tok'],
  ])('a query that carries no token, %s → accepted', async (target) => {
    expect(await parse('Bearer tok', target)).toEqual({
      accepted: { scheme: 'Bearer', token: 'tok' },
    });
  });

  it('any query → the same answer as from the parser of the URL standard [BEARER-2-02]', async () => {
    const letters = fc.constantFrom(
      ...'access_token',
      '%61',
      '%5F',
      '%5f',
      '%6B',
      '&',
      '=',
      '?',
      'x',
      '+',
    );
    const queries = fc.oneof(
      fc.string({ unit: letters, maxLength: 40 }),
      fc
        .tuple(fc.string({ unit: letters }), fc.constantFrom('access_token', '%61cces%73_token'))
        .map(([rest, name]) => `${rest}&${name}`),
    );
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        const repeated = new URLSearchParams(query).has('access_token');
        const expected = repeated ? REPEATED : { accepted: { scheme: 'Bearer', token: 'tok' } };
        expect(await parse('Bearer tok', `/r?${query}`)).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('a token only in the query → no credentials [BEARER-2.3-02]', async () => {
    const request = testRequest({}, { target: '/r?access_token=tok' });
    expect(await outcome(() => parseCredentials(request))).toEqual(NONE);
  });

  it('any field → credentials with a token68, none, or one of two refusals', async () => {
    const fields = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.tuple(fc.constantFrom('Bearer', 'DPoP', 'dpop'), fc.string()).map((two) => two.join(' ')),
    );
    await fc.assert(
      fc.asyncProperty(fields, async (field) => {
        const result = (await parse(field)) as { accepted?: { token: string } };
        if ('accepted' in result) {
          if (result.accepted) expect(result.accepted.token).toMatch(/^[\w\-.~+/]+=*$/);
        } else expect(result).toEqual(MALFORMED);
      }),
      { numRuns: 1000 },
    );
  });

  it('a field of 16 KiB made to confuse the grammar → refused [JOSE-LIMIT-P1]', async () => {
    // An expression that backtracks would not come to an end here before the test is given up.
    expect(await parse(`Bearer ${' '.repeat(16_000)}"`)).toEqual(MALFORMED);
    expect(await parse(`Bearer ${'='.repeat(16_000)}"`)).toEqual(MALFORMED);
    expect(await parse(`Bearer ${'a'.repeat(16_000)}"`)).toEqual(MALFORMED);
    expect(await parse(`${'!'.repeat(16_000)}"`)).toEqual(MALFORMED);
  });
});

describe('refuseTokenInForm', () => {
  it.each([
    ['with a token', { access_token: 'tok' }],
    ['with an empty token', { access_token: '' }],
    ['with two tokens', { access_token: ['a', 'b'] }],
    ['without a prototype', Object.assign(Object.create(null), { access_token: 'tok' })],
  ])('a form %s → 400 invalid_request [BEARER-2-02]', async (_name, form) => {
    expect(await outcome(() => refuseTokenInForm(form))).toEqual(REPEATED);
  });

  it.each([
    ['other fields', { token: 'tok', ACCESS_TOKEN: 'tok' }],
    ['an inherited member', Object.create({ access_token: 'tok' })],
    ['no fields', {}],
    ['a text', 'access_token=tok'],
    ['null', null],
    ['nothing', undefined],
  ])('a body that is or has %s → nothing to refuse', async (_name, form) => {
    expect(await outcome(() => refuseTokenInForm(form))).toEqual(NONE);
  });
});
