import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHttpUri, parseHttpUri, redactUri } from '../src/http-uri.ts';

const normal = (text: string): string | undefined => {
  const uri = parseHttpUri(text);
  return uri && formatHttpUri(uri);
};

describe('the normal form of a URI', () => {
  it.each([
    // scheme and host (RFC 3986 §6.2.2.1)
    ['HTTPS://RS.Example/r', 'https://rs.example/r', 'URI-01'],
    ['hTTp://RS.example/R', 'http://rs.example/R', 'URI-01'],
    ['https://XN--BCHER-KVA.example/', 'https://xn--bcher-kva.example/', 'URI-01'],
    ['https://[2001:DB8::A]/', 'https://[2001:db8::a]/', 'URI-01'],
    // port and empty path (§6.2.3)
    ['https://rs.example', 'https://rs.example/', 'URI-05'],
    ['https://rs.example?q', 'https://rs.example/', 'URI-05'],
    ['https://rs.example#f', 'https://rs.example/', 'URI-05'],
    ['https://rs.example:443/r', 'https://rs.example/r', 'URI-05'],
    ['https://rs.example:/r', 'https://rs.example/r', 'URI-05'],
    ['http://rs.example:80/r', 'http://rs.example/r', 'URI-05'],
    ['https://rs.example:80/r', 'https://rs.example:80/r', 'URI-05'],
    ['http://rs.example:443/r', 'http://rs.example:443/r', 'URI-05'],
    ['https://rs.example:8443/r', 'https://rs.example:8443/r', 'URI-05'],
    ['https://rs.example:0443/r', 'https://rs.example:0443/r', 'URI-05'],
    ['https://[::1]:443/r', 'https://[::1]/r', 'URI-05'],
    // percent-encoding (§6.2.2.1, §6.2.2.2)
    ['https://rs.example/%7Eu', 'https://rs.example/~u', 'URI-02'],
    ['https://rs.example/%7eu', 'https://rs.example/~u', 'URI-02'],
    ['https://rs.example/%c3%bc', 'https://rs.example/%C3%BC', 'URI-02'],
    ['https://rs.example/%41%5a%61%7A%30%39', 'https://rs.example/AZaz09', 'URI-02'],
    ['https://rs.example/%2D%2e%5F', 'https://rs.example/-._', 'URI-02'],
    ['https://rs.example/%2572', 'https://rs.example/%2572', 'URI-02'],
    ['https://rs.example/a%2fb', 'https://rs.example/a%2Fb', 'URI-03'],
    ['https://rs.example/%3a%40%21', 'https://rs.example/%3A%40%21', 'URI-03'],
    ['https://rs.example/%00%20%7f', 'https://rs.example/%00%20%7F', 'URI-03'],
    // dot segments (§5.2.4, with the base of §5.4 written out)
    ['http://a/b/c/./g', 'http://a/b/c/g', 'URI-04'],
    ['http://a/b/c/.', 'http://a/b/c/', 'URI-04'],
    ['http://a/b/c/./', 'http://a/b/c/', 'URI-04'],
    ['http://a/b/c/..', 'http://a/b/', 'URI-04'],
    ['http://a/b/c/../', 'http://a/b/', 'URI-04'],
    ['http://a/b/c/../g', 'http://a/b/g', 'URI-04'],
    ['http://a/b/c/../..', 'http://a/', 'URI-04'],
    ['http://a/b/c/../../', 'http://a/', 'URI-04'],
    ['http://a/b/c/../../g', 'http://a/g', 'URI-04'],
    ['http://a/b/c/../../../g', 'http://a/g', 'URI-04'],
    ['http://a/b/c/../../../../g', 'http://a/g', 'URI-04'],
    ['http://a/./g', 'http://a/g', 'URI-04'],
    ['http://a/../g', 'http://a/g', 'URI-04'],
    ['http://a/b/c/g.', 'http://a/b/c/g.', 'URI-04'],
    ['http://a/b/c/.g', 'http://a/b/c/.g', 'URI-04'],
    ['http://a/b/c/g..', 'http://a/b/c/g..', 'URI-04'],
    ['http://a/b/c/..g', 'http://a/b/c/..g', 'URI-04'],
    ['http://a/b/c/./../g', 'http://a/b/g', 'URI-04'],
    ['http://a/b/c/./g/.', 'http://a/b/c/g/', 'URI-04'],
    ['http://a/b/c/g/./h', 'http://a/b/c/g/h', 'URI-04'],
    ['http://a/b/c/g/../h', 'http://a/b/c/h', 'URI-04'],
    ['http://a/b/c/g;x=1/./y', 'http://a/b/c/g;x=1/y', 'URI-04'],
    ['http://a/b/c/g;x=1/../y', 'http://a/b/c/y', 'URI-04'],
    ['http://a/a/b/c/./../../g', 'http://a/a/g', 'URI-04'],
    ['http://a/..', 'http://a/', 'URI-04'],
    ['http://a/..//r', 'http://a//r', 'URI-04'],
    ['http://a/b//..//r', 'http://a/b//r', 'URI-04'],
    ['http://a/%2e%2E/b/%2e/c', 'http://a/b/c', 'URI-04'],
    ['http://a/b/%2e%2e%2fc', 'http://a/b/..%2Fc', 'URI-04'],
    // the example of RFC 3986 §6.2.2
    ['http://a/b/../b/%63/%7bfoo%7d', 'http://a/b/c/%7Bfoo%7D', 'URI-02'],
    // nothing else is equal
    ['https://rs.example/r/', 'https://rs.example/r/', 'URI-06'],
    ['https://rs.example//r', 'https://rs.example//r', 'URI-06'],
    ['https://rs.example./r', 'https://rs.example./r', 'URI-06'],
    ['https://rs.example/r;v=1', 'https://rs.example/r;v=1', 'URI-06'],
    ['https://[0:0:0:0:0:0:0:1]/r', 'https://[0:0:0:0:0:0:0:1]/r', 'URI-06'],
    ["https://rs.example/-._~!$&'()*+,;=:@", "https://rs.example/-._~!$&'()*+,;=:@", 'URI-06'],
    // query and fragment are left out (RFC 9449 §4.3 check 9)
    ['https://rs.example/r?a=/../b&c', 'https://rs.example/r', 'DPOP-4.3-09'],
    ['https://rs.example/r#a?b/..', 'https://rs.example/r', 'DPOP-4.3-09'],
    ['https://rs.example/r?#', 'https://rs.example/r', 'DPOP-4.3-09'],
  ])('%s → %s [%s]', (text, expected) => {
    expect(normal(text)).toBe(expected);
  });

  it.each([
    ['F42', 'https://u:p@rs.example/r', 'userinfo'],
    ['F42', 'https://@rs.example/r', 'empty userinfo'],
    ['F42', 'https://rs.example@evil.example/r', 'a host as userinfo'],
    ['F47', 'https://bücher.example/r', 'a name that is not ASCII'],
    ['F49', 'https://ｒｓ.example/r', 'full-width letters'],
    ['F50', 'https://rs。example/r', 'an ideographic full stop'],
    ['F50', 'https://rs\u00ad.example/r', 'a soft hyphen'],
    ['F52', 'https://rs%2eexample/r', 'percent-encoding in the host'],
    ['F54', 'https:\\\\rs.example\\r', 'back slashes'],
    ['F54', 'https://rs.example\\r', 'a back slash for the path'],
    ['F54', 'https://rs.example/a\\b', 'a back slash in the path'],
    ['F55', 'https:/rs.example/r', 'one slash'],
    ['F55', 'https:rs.example/r', 'no slash'],
    ['F55', 'https:///rs.example/r', 'three slashes'],
    ['F55', 'https://', 'no host'],
    ['F55', 'https://:443/r', 'a port and no host'],
    ['F56', ' https://rs.example/r', 'a blank before'],
    ['F56', 'https://rs.example/r ', 'a blank after'],
    ['F56', 'https://rs.exa\tmple/r', 'a tab in the host'],
    ['F56', 'https://rs.example/a\tb', 'a tab in the path'],
    ['F56', 'https://rs.example/r\n', 'a line break after'],
    ['F56', '\nhttps://rs.example/r', 'a line break before'],
    ['F56', 'https://rs.example/r?a\nb', 'a line break in the query'],
    ['F56', 'https://rs.example/r#a\nb', 'a line break in the fragment'],
    ['F56', 'https://rs.example/r?a b', 'a blank in the query'],
    ['F56', 'https://rs.example/r#a#b', 'a second fragment'],
    ['F57', 'blob:https://rs.example/r', 'blob'],
    ['F57', 'ftp://rs.example/r', 'another scheme'],
    ['F57', 'httpſ://rs.example/r', 'a long s in the scheme'],
    ['F57', '//rs.example/r', 'no scheme'],
    ['F57', '/r', 'a path'],
    ['F57', '*', 'an asterisk'],
    ['F57', '', 'nothing'],
    ['F58', 'https://rs.example/ü', 'a path that is not ASCII'],
    ['F58', 'https://rs.example/r?ü', 'a query that is not ASCII'],
    ['F58', 'https://rs.example/<r>', 'angle brackets'],
    ['F58', 'https://rs.example/%', 'a percent sign alone'],
    ['F58', 'https://rs.example/%4', 'half a triplet'],
    ['F58', 'https://rs.example/%4g', 'no hexadecimal digit'],
    ['F58', 'https://rs.example/r?%', 'a percent sign alone in the query'],
    ['F21', 'https://rs.example:8443x/r', 'a port that is no number'],
    ['F21', 'https://rs.example:-1/r', 'a negative port'],
    ['F21', 'https://rs.example:1:2/r', 'two ports'],
    ['F53', 'https://[::1/r', 'half a bracket'],
    ['F53', 'https://::1/r', 'an address without brackets'],
    ['F53', 'https://[fe80::1%25eth0]/r', 'a zone'],
    ['F53', 'https://[v1.x]/r', 'an address of the future'],
  ])('%s %j, %s → none [URI-07, URI-11]', (_id, text) => {
    expect(parseHttpUri(text)).toBeUndefined();
  });
});

describe('any URI', () => {
  const triplet = fc.integer({ min: 0, max: 255 }).chain((byte) => {
    const hex = byte.toString(16).padStart(2, '0');
    return fc.constantFrom(`%${hex}`, `%${hex.toUpperCase()}`);
  });
  const segment = fc.oneof(
    fc.constantFrom('', '.', '..', '...', '%2e', '%2E%2e', '.%2e', 'r', 'R', ';v=1'),
    fc.string({ unit: fc.constantFrom(..."azAZ09-._~!$&'()*+,;=:@"), maxLength: 4 }),
    fc.array(triplet, { maxLength: 3 }).map((parts) => parts.join('')),
  );
  const path = fc
    .array(segment, { maxLength: 6 })
    .map((all) => all.map((one) => `/${one}`).join(''));
  const origin = fc.constantFrom(
    'https://rs.example',
    'HTTP://RS.example:80',
    'https://[::1]:',
    'http://a:443',
  );
  const suffix = fc.constantFrom('', '?', '?a=b', '#f', '?a#f');
  const uri = fc.tuple(origin, path, suffix).map((parts) => parts.join(''));

  it('the normal form of a normal form → the same', () => {
    fc.assert(
      fc.property(uri, (text) => {
        const once = normal(text) ?? '';
        expect(once).not.toBe('');
        expect(normal(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  it('any normal form → lower-case origin, a path without dot segments, query or fragment', () => {
    fc.assert(
      fc.property(uri, (text) => {
        const parsed = parseHttpUri(text);
        expect(parsed?.origin).toBe(parsed?.origin.toLowerCase());
        expect(parsed?.path).toMatch(/^\//);
        expect(parsed?.path.split('/')).not.toContain('..');
        expect(parsed?.path.split('/')).not.toContain('.');
        expect(parsed?.path).not.toMatch(/[?#]|%[0-9A-F]?[a-f]/);
      }),
      { numRuns: 2000 },
    );
  });

  it('any text that has a normal form → the host that URL reads from it as well', () => {
    const anything = fc.oneof(
      uri,
      fc
        .string({ unit: fc.constantFrom(...'https:/\\@.?#%[]rsexample \t') })
        .map((end) => `https://${end}`),
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const parsed = parseHttpUri(text);
        if (parsed === undefined || !URL.canParse(text)) return;
        expect(new URL(parsed.origin).origin).toBe(new URL(text).origin);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a URI as it may stand in a log', () => {
  it.each([
    ['https://rs.example/r?access_token=x', 'https://rs.example/r'],
    ['https://rs.example/r#access_token=x', 'https://rs.example/r'],
    ['https://rs.example/r#\naccess_token=x', 'https://rs.example/r'],
    ['https://user:secret@rs.example/r', 'https://rs.example/r'],
    ['/r?a#b', '/r'],
    ['no URI at all', 'no URI at all'],
  ])('%j → %s', (text, redacted) => {
    expect(redactUri(text)).toBe(redacted);
  });
});
