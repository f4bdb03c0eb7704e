import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOfNode, parseForwarded } from '../src/forwarded.ts';

const parse = (...lines: string[]) =>
  parseForwarded(lines)?.map((element) => Object.fromEntries(element));

describe('Forwarded (RFC 7239 §4)', () => {
  it.each([
    ['no line', [], []],
    ['one pair', ['for=192.0.2.60'], [{ for: '192.0.2.60' }]],
    [
      'pairs in any order and case of names',
      ['Proto=http;BY=203.0.113.43;For=192.0.2.60'],
      [{ proto: 'http', by: '203.0.113.43', for: '192.0.2.60' }],
    ],
    [
      'elements, blanks around the comma or none',
      ['for=192.0.2.43, for="[2001:db8:cafe::17]",for=a\t,\tfor=b'],
      [{ for: '192.0.2.43' }, { for: '[2001:db8:cafe::17]' }, { for: 'a' }, { for: 'b' }],
    ],
    [
      'several lines, in order',
      ['for=a, for=b', 'for=c'],
      [{ for: 'a' }, { for: 'b' }, { for: 'c' }],
    ],
    ['separators within quotes', ['host="a;b,c=d";for=e'], [{ host: 'a;b,c=d', for: 'e' }]],
    ['quoted pairs', [String.raw`host="a\"b\\c"`], [{ host: String.raw`a"b\c` }]],
    ['an empty quoted text', ['host=""'], [{ host: '' }]],
    ['parameters nobody registered', ['secret=x;for=a'], [{ secret: 'x', for: 'a' }]],
  ])('%s → read', (_name, lines, elements) => {
    expect(parse(...lines)).toEqual(elements);
  });

  it.each([
    ['nothing', ''],
    ['a name alone', 'for'],
    ['no value', 'for='],
    ['no name', '=a'],
    ['blanks around the equals sign', 'for = a'],
    ['blanks after the semicolon', 'for=a; host=b'],
    ['a blank in front', ' for=a'],
    ['an empty element', 'for=a,,for=b'],
    ['an empty element in front', ',for=a'],
    ['an empty element at the end', 'for=a,'],
    ['an empty pair', 'for=a;;host=b'],
    ['an empty pair at the end', 'for=a;'],
    ['a parameter twice', 'host=a;host=b'],
    ['a parameter twice in other case', 'host=a;HOST=b'],
    ['a colon outside of quotes', 'for=192.0.2.43:47011'],
    ['brackets outside of quotes', 'for=[2001:db8::1]'],
    ['an open quotation mark', 'for="a'],
    ['a quotation mark inside', 'for=a"b"'],
    ['text behind the quotes', 'for="a"b'],
    ['a back slash at the end', String.raw`for="a\"`],
    ['a control character in quotes', 'for="a\u0000b"'],
    ['a line break', 'for=a\nhost=b'],
    ['a character that is no octet', 'for="\u4e2d"'],
    ['two addresses', 'for=a for=b'],
  ])('%s → not read', (_name, line) => {
    expect(parse(line)).toBeUndefined();
    expect(parse('for=a', line)).toBeUndefined();
  });

  it.each([
    ['an open quotation mark', 'x="'],
    ['an open quotation mark and a back slash', String.raw`x="\ `],
    ['a comma at the end', 'for=a,'],
    ['an equals sign at the end', 'host='],
  ])('%s by the client, to which a proxy appends → not read [URI-08]', (_name, sent) => {
    expect(parse(`${sent}, for="[2001:db8::1]";host="rs.example:8443"`)).toBeUndefined();
    expect(parse(`${sent}, for=192.0.2.1;host=rs.example`)).toBeUndefined();
  });

  const name = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9a-z-]{1,8}$/);
  const text = fc.string({
    unit: fc.mapToConstant(
      { num: 0x5f, build: (code) => String.fromCharCode(0x20 + code) },
      { num: 0x80, build: (code) => String.fromCharCode(0x80 + code) },
      { num: 1, build: () => '\t' },
    ),
  });
  const element = fc
    .dictionary(name, text, { minKeys: 1, maxKeys: 4 })
    .map((dictionary) => ({ ...dictionary }));

  /** As a proxy writes it: quotes everywhere, or only where a token will not do. */
  function format(elements: Record<string, string>[], alwaysQuote: boolean): string {
    const write = (value: string) =>
      !alwaysQuote && /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(value)
        ? value
        : `"${value.replace(/[\\"]/g, String.raw`\$&`)}"`;
    return elements
      .map((one) =>
        Object.entries(one)
          .map(([key, value]) => `${key}=${write(value)}`)
          .join(';'),
      )
      .join(', ');
  }

  it('what is formatted is parsed, and nothing appended by a proxy is lost', () => {
    fc.assert(
      fc.property(
        fc.array(element, { minLength: 1 }),
        element,
        fc.boolean(),
        (sent, own, quote) => {
          const elements = parse(format([...sent, own], quote));
          expect(elements).toEqual([...sent, own]);
          expect(parse(format(sent, quote), format([own], !quote))).toEqual(elements);
        },
      ),
    );
  });

  it('whatever a client sends before it, the last element is the one of the proxy, or nothing is read [URI-08]', () => {
    const own = 'for=192.0.2.1;host=rs.example;proto=https';
    const hostile = fc.string({ unit: fc.constantFrom(...'"\\,;= \tforhost=a[]:') });
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), (sent) => {
        const last = parse(`${sent}, ${own}`)?.at(-1);
        if (last !== undefined) {
          expect(last).toEqual({ for: '192.0.2.1', host: 'rs.example', proto: 'https' });
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['quotes', '"'.repeat(16_384)],
    ['a quoted text that never ends', `for="${String.raw`\a`.repeat(8192)}`],
    ['names without values', 'a'.repeat(16_384)],
    ['blanks', `for=a${' \t'.repeat(8192)}x`],
    ['commas', ','.repeat(16_384)],
    ['semicolons', `for=a${';'.repeat(16_384)}`],
    ['elements', Array.from({ length: 2000 }, () => 'for=a').join(', ')],
  ])('16 KiB of %s → judged as quickly as anything [JOSE-LIMIT-P1]', (_name, line) => {
    // An expression that backtracks would not come to an end here before the test is given up.
    for (let i = 0; i < 10; i++) {
      const elements = parseForwarded([line]);
      expect(elements === undefined || elements.length === 2000).toBe(true);
    }
  });
});

describe('the address of a node (RFC 7239 §6)', () => {
  it.each([
    ['192.0.2.43', '192.0.2.43'],
    ['192.0.2.43:47011', '192.0.2.43'],
    ['192.0.2.43:_port', '192.0.2.43'],
    ['[2001:db8:cafe::17]', '2001:db8:cafe::17'],
    ['[2001:db8:cafe::17]:47011', '2001:db8:cafe::17'],
    ['unknown', undefined],
    ['_hidden', undefined],
    ['', undefined],
    ['proxy.example', undefined],
    ['2001:db8:cafe::17', undefined],
    ['[192.0.2.43', undefined],
    ['010.0.0.1', undefined],
    ['10.0.0.1.evil.example', undefined],
    ['10.0.0.1:', undefined],
    ['10.0.0.1:123456', undefined],
    ['unix:', undefined],
  ])('%j → %s', (node, address) => {
    expect(addressOfNode(node)).toBe(address);
  });
});
