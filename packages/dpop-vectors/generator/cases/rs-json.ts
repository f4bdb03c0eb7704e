import { rsConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import { concat, utf8 } from '../encode/bytes.ts';
import { jsonText, objectText, rawJson } from '../encode/json.ts';
import { KEYS } from '../keys/keys.ts';
import { type ProofVariation, proof } from '../messages.ts';
import { acceptedProof, doubtfulProof, refusedProof, tolerableProof } from '../proof-cases.ts';
import { CLAIMS, HEADER_MEMBERS } from '../proof-text.ts';

const { ec1 } = KEYS;
const HEADER = objectText(HEADER_MEMBERS);

/** The claims with a further member x, whose value is this text. */
function withX(text: string): string {
  return `${CLAIMS.slice(0, -1)},"x":${text}}`;
}

/** The same with octets in a text. */
function withOctets(start: string, ...octets: readonly number[]): Uint8Array {
  return concat(utf8(`${start.slice(0, -1)},"x":"`), Uint8Array.from(octets), utf8('"}'));
}

const MARK = 'RFC 8259 §8.1 lets parsers ignore a mark and forbids writers to add one.';

const payloads = group(
  'RsVerify',
  'payload',
  'The payload is a JSON object in UTF-8.',
  rsConfig(),
  [
    acceptedProof(['object', 'Two objects.', 'JOSE-7515-5.2-01', { payloadPart: CLAIMS }]),
    acceptedProof([
      'blanks-and-order',
      'Members in another order, with blanks and line feeds between them.',
      'JOSE-7515-5.2-01',
      { payloadPart: ` ${CLAIMS.replaceAll(',"', ' ,\n "')}\r\n\t` },
    ]),
    acceptedProof([
      'escaped-values',
      'Values are written with escapes.',
      'JOSE-7515-5.2-01',
      {
        payloadPart: CLAIMS.replace('"GET"', '"\\u0047E\\u0054"').replaceAll(
          'https://',
          'https:\\/\\/',
        ),
      },
    ]),
    acceptedProof([
      'other-values',
      'Members with values of all kinds, beyond ASCII and beyond the numbers of a double.',
      'JOSE-7515-5.2-01 DPOP-4.2-09',
      {
        payloadPart: `${CLAIMS.slice(0, -1)},"":"","é":"\u{1f600}","a":"\\ud83d\\ude00","b":[null,true,-0,1E+2],"c":{},"d":123456789012345678901234567890}`,
      },
    ]),
    ...(
      [
        ['array', 'The payload is an empty list.', '[]'],
        ['array-of-claims', 'The payload is a list with the claims.', `[${CLAIMS}]`],
        ['text', 'The payload is a text.', '"x"'],
        ['text-of-claims', 'The payload is the text of the claims.', jsonText(CLAIMS)],
        ['number', 'The payload is a number.', '1'],
        ['null', 'The payload is null.', 'null'],
        ['true', 'The payload is true.', 'true'],
        ['blank', 'The payload is a blank.', ' '],
        ['no-json', 'The payload is a word.', 'claims'],
        ['trailing-garbage', 'A word behind the claims.', `${CLAIMS}x`],
        ['two-objects', 'Two objects.', `${CLAIMS}${CLAIMS}`],
        ['trailing-comma', 'A comma behind the last member.', `${CLAIMS.slice(0, -1)},}`],
        ['single-quotes', 'Single quotation marks.', CLAIMS.replaceAll('"', "'")],
        ['comment', 'A comment before the claims.', `/* x */${CLAIMS}`],
        ['unclosed', 'The last brace is missing.', CLAIMS.slice(0, -1)],
        ['control-character', 'A line feed within a text that is not escaped.', withX('"a\nb"')],
        ['raw-tab', 'A tab within a text that is not escaped.', withX('"a\tb"')],
        ['raw-nul', 'A NUL within a text that is not escaped.', withX('"a\u0000b"')],
        ['bad-escape', 'An escape that JSON does not know.', withX('"\\x41"')],
        ['short-escape', 'An escape of three digits.', withX('"\\u041"')],
        ['unclosed-text', 'A text that does not end.', withX('"a')],
        ['nan', 'A number NaN.', withX('NaN')],
        ['infinity', 'A number Infinity.', withX('Infinity')],
        ['leading-zero', 'A number with a zero before it.', withX('01')],
        ['plus', 'A number with a plus before it.', withX('+1')],
        ['no-fraction', 'A number with a dot and nothing behind it.', withX('1.')],
        ['no-integer', 'A number that begins with its dot.', withX('.5')],
        ['hexadecimal', 'A hexadecimal number.', withX('0x1')],
        ['big-integer', 'A number with an n behind it.', withX('1n')],
        ['capital-true', 'True with a capital.', withX('True')],
        ['undefined-value', 'A value undefined.', withX('undefined')],
        ['no-value', 'A member without a value.', withX('')],
        ['list-hole', 'A list with nothing between two commas.', withX('[1,,2]')],
        ['list-comma', 'A comma behind the last value of a list.', withX('[1,]')],
        ['no-colon', 'A member without its colon.', CLAIMS.replace('"htm":', '"htm" ')],
        ['no-comma', 'Two members without a comma.', CLAIMS.replace(',"htm"', ' "htm"')],
        ['leading-comma', 'A comma before the first member.', `{,${CLAIMS.slice(1)}`],
        ['bare-name', 'A name without quotation marks.', CLAIMS.replace('"htm"', 'htm')],
        ['line-comment', 'A comment behind the claims.', `${CLAIMS}// x`],
        ['bracket', 'Closed by a bracket.', `${CLAIMS.slice(0, -1)}]`],
        ['brace-more', 'A closing brace too many.', `${CLAIMS}}`],
        ['no-break-space', 'A no-break space before a member.', CLAIMS.replace(',', ',\u00a0')],
        ['form-feed', 'A form feed before a member.', CLAIMS.replace(',', ',\f')],
        ['line-separator', 'A line separator behind the claims.', `${CLAIMS}\u2028`],
        ['inner-mark', 'A byte order mark behind the claims.', `${CLAIMS}\ufeff`],
        ['nul-behind', 'A NUL behind the claims.', `${CLAIMS}\u0000`],
      ] as const
    ).map(
      ([id, comment, payloadPart]): ReturnType<typeof refusedProof> =>
        refusedProof([`payload-${id}`, comment, 'DPOP-4.3-02 JOSE-7515-5.2-01', { payloadPart }]),
    ),
    ...(
      [
        ['invalid-utf8', 'An octet 0xFF in a text.', withOctets(CLAIMS, 0xff)],
        ['latin-1', 'A letter of ISO 8859-1 in a text.', withOctets(CLAIMS, 0xe9)],
        ['overlong-utf8', 'An overlong spelling of a slash.', withOctets(CLAIMS, 0xc0, 0xaf)],
        ['overlong-nul', 'An overlong spelling of NUL.', withOctets(CLAIMS, 0xc0, 0x80)],
        ['surrogate-utf8', 'A surrogate written in UTF-8.', withOctets(CLAIMS, 0xed, 0xa0, 0x80)],
        [
          'surrogates-utf8',
          'Both surrogates of a character written in UTF-8.',
          withOctets(CLAIMS, 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80),
        ],
        [
          'beyond-unicode',
          'A character number beyond U+10FFFF.',
          withOctets(CLAIMS, 0xf4, 0x90, 0x80, 0x80),
        ],
        ['cut-utf8', 'A character without its last octet.', withOctets(CLAIMS, 0xe2, 0x82)],
        ['utf16', 'UTF-16 in the place of UTF-8.', Uint8Array.from(Buffer.from(CLAIMS, 'utf16le'))],
        [
          'utf16-mark',
          'UTF-16 with a byte order mark.',
          Uint8Array.from(Buffer.from(`\ufeff${CLAIMS}`, 'utf16le')),
        ],
      ] as const
    ).map(
      ([id, comment, payloadPart]): ReturnType<typeof refusedProof> =>
        refusedProof([id, comment, 'JOSE-7515-5.2-01', { payloadPart }]),
    ),
    doubtfulProof([
      MARK,
      'byte-order-mark',
      'A byte order mark before the claims.',
      'JOSE-7515-5.2-01',
      { payloadPart: concat(Uint8Array.of(0xef, 0xbb, 0xbf), utf8(CLAIMS)) },
    ]),
  ],
);

const headers = group('RsVerify', 'header', 'The header is a JSON object in UTF-8.', rsConfig(), [
  acceptedProof(['header-object', 'An object.', 'JOSE-7515-5.2-01', { headerPart: HEADER }]),
  acceptedProof([
    'header-blanks',
    'Members in another order, with blanks and line feeds between them.',
    'JOSE-7515-5.2-01',
    {
      headerPart: ` {\n  "jwk" : ${jsonText(ec1.jwk)} ,\t"alg":"ES256", "typ":"dpop+jwt"}\r\n`,
    },
  ]),
  acceptedProof([
    'header-escaped-values',
    'Values are written with escapes.',
    'JOSE-7515-5.2-01',
    {
      headerPart: HEADER.replace('dpop+jwt', 'dpop\\u002Bjwt')
        .replace('"ES256"', '"\\u0045S256"')
        .replace('"P-256"', '"P\\u002d256"'),
    },
  ]),
  acceptedProof([
    'proto',
    'A member called __proto__ with another algorithm in it.',
    'DPOP-4.2-09 JWTBCP-3.10-01',
    { headerPart: objectText([...HEADER_MEMBERS, ['__proto__', rawJson('{"alg":"none"}')]]) },
  ]),
  ...(
    [
      ['array', 'The header is an empty list.', '[]'],
      ['list-of-header', 'The header is a list of the good one.', `[${HEADER}]`],
      ['text', 'The header is a text.', '"dpop+jwt"'],
      ['text-of-header', 'The header is the text of the good one.', jsonText(HEADER)],
      ['number', 'The header is a number.', '1'],
      ['null', 'The header is null.', 'null'],
      ['empty', 'The header has no members.', '{}'],
      ['no-json', 'The header is a word.', 'header'],
      ['trailing-garbage', 'A word behind the header.', `${HEADER}x`],
      ['two-objects', 'Two headers.', `${HEADER}${HEADER}`],
      ['trailing-comma', 'A comma behind the last member.', `${HEADER.slice(0, -1)},}`],
      ['single-quotes', 'Single quotation marks.', HEADER.replaceAll('"', "'")],
      ['comment', 'A comment before the header.', `/* x */${HEADER}`],
      ['unclosed', 'The last brace is missing.', HEADER.slice(0, -1)],
      ['nul-behind', 'A NUL behind the header.', `${HEADER}\u0000`],
      ['invalid-utf8', 'An octet 0xFF in a text.', withOctets(HEADER, 0xff)],
      ['overlong-utf8', 'An overlong spelling of a slash.', withOctets(HEADER, 0xc0, 0xaf)],
      ['utf16', 'UTF-16 in the place of UTF-8.', Uint8Array.from(Buffer.from(HEADER, 'utf16le'))],
      ['proto-only', 'The members stand within one called __proto__.', `{"__proto__":${HEADER}}`],
    ] as const
  ).map(
    ([id, comment, headerPart]): ReturnType<typeof refusedProof> =>
      refusedProof([`header-${id}`, comment, 'DPOP-4.3-02 JOSE-7515-5.2-01', { headerPart }]),
  ),
  doubtfulProof([
    MARK,
    'header-byte-order-mark',
    'A byte order mark before the header.',
    'JOSE-7515-5.2-01',
    { headerPart: concat(Uint8Array.of(0xef, 0xbb, 0xbf), utf8(HEADER)) },
  ]),
]);

const NO_LIMIT = 'No RFC sets a limit; a bound before any cryptography spares the work.';

const sizes = group('RsVerify', 'sizes', 'Proofs beyond every use.', rsConfig(), [
  acceptedProof(['usual', 'A proof of the usual size.', 'JOSE-LIMIT-P1', {}]),
  tolerableProof([
    'Clients may add claims of their own.',
    'thirty-claims',
    'Thirty further claims.',
    'JOSE-LIMIT-P1 DPOP-4.2-09',
    { claims: numbered(30) },
  ]),
  tolerableProof([
    'A limit that this suite assumes; RSA keys and certificates need thousands of characters.',
    'characters-8192',
    'A proof of 8192 characters.',
    'JOSE-LIMIT-P1',
    ofLength(8192),
  ]),
  doubtfulProof([
    NO_LIMIT,
    'characters-8193',
    'A proof of 8193 characters.',
    'JOSE-LIMIT-P1',
    ofLength(8193),
    { flags: ['Oversize'] },
  ]),
  ...(
    [
      ['thousand-claims', 'A thousand further claims.', { claims: numbered(1000) }],
      [
        'deep',
        'A claim of a hundred lists within each other.',
        { claims: { x: rawJson(`${'['.repeat(100)}${']'.repeat(100)}`) } },
      ],
      [
        'deeper',
        'A claim of three thousand lists within each other.',
        { payloadPart: withX(`${'['.repeat(3000)}${']'.repeat(3000)}`).replace('[]', '[1]') },
      ],
      [
        'deep-objects',
        'A claim of five hundred objects within each other.',
        { claims: { x: rawJson(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`) } },
      ],
      [
        'deep-header',
        'A header member of a hundred lists within each other.',
        { header: { x: rawJson(`${'['.repeat(100)}${']'.repeat(100)}`) } },
      ],
      [
        'deep-key',
        'A member of the key of a hundred lists within each other.',
        { header: { jwk: { ...ec1.jwk, x5c: rawJson(`${'['.repeat(100)}${']'.repeat(100)}`) } } },
      ],
      [
        'many-key-members',
        'Two hundred further members of the key.',
        { header: { jwk: { ...ec1.jwk, ...numbered(200) } } },
      ],
      [
        'many-values',
        'A claim of a thousand numbers.',
        { claims: { x: Array.from({ length: 1000 }, () => 1) } },
      ],
      ['long', 'A proof of more than 8192 characters.', { claims: { x: 'x'.repeat(6000) } }],
      [
        'long-header',
        'A header of more than 4096 characters.',
        { header: { x: 'x'.repeat(3500) } },
      ],
    ] as const
  ).map(([id, comment, given]) =>
    doubtfulProof([NO_LIMIT, id, comment, 'JOSE-LIMIT-P1', given, { flags: ['Oversize'] }]),
  ),
]);

/** A proof of exactly so many characters. */
function ofLength(length: number): ProofVariation {
  // Four characters encode three octets, and a claim is some octets more than its text.
  const start = Math.floor(((length - proof().length) * 3) / 4) - 32;
  // No base64url text has a length of 1 modulo 4, so the header has to help.
  for (const y of ['', 'y']) {
    for (let count = start; count < start + 32; count++) {
      const variation = { header: { y }, claims: { x: 'x'.repeat(count) } };
      if (proof(variation).length === length) return variation;
    }
  }
  throw new Error(`no proof has ${length} characters`);
}

function numbered(count: number): Readonly<Record<string, number>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, index]));
}

const rsJson: FileDraft = {
  file: 'rs-json',
  title: 'The form of a proof: JSON',
  groups: [payloads, headers, sizes],
};

export default rsJson;
