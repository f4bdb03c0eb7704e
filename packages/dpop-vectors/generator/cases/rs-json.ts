import { rsConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import { concat, utf8 } from '../encode/bytes.ts';
import { jsonText, objectText, rawJson } from '../encode/json.ts';
import { KEYS } from '../keys/keys.ts';
import {
  acceptedProof,
  doubtfulProof,
  type OpenProofRow,
  type ProofRow,
  refusedProof,
  tolerableProof,
} from '../proof-cases.ts';
import { CLAIMS, claimsAfter, claimsWith, HEADER_MEMBERS } from '../proof-text.ts';

const { ec1 } = KEYS;

const json = group(
  'RsVerify',
  'json',
  'Header and payload are JSON objects in UTF-8.',
  rsConfig(),
  [
    acceptedProof(['object', 'Two objects.', 'JOSE-7515-5.2-01', { payloadPart: CLAIMS }]),
    acceptedProof([
      'blanks-and-order',
      'Members in another order, with blanks and line feeds between them.',
      'JOSE-7515-5.2-01',
      {
        headerPart: ` {\n  "jwk" : ${jsonText(ec1.jwk)} ,\t"alg":"ES256", "typ":"dpop+jwt"}\r\n`,
        payloadPart: ` ${CLAIMS.replaceAll(',"', ' ,\n "')} `,
      },
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
      'proto',
      'A header member called __proto__ with a key in it.',
      'DPOP-4.2-09 JWTBCP-3.10-01',
      { headerPart: objectText([...HEADER_MEMBERS, ['__proto__', rawJson('{"alg":"none"}')]]) },
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
        [
          'control-character',
          'A line feed within a text that is not escaped.',
          CLAIMS.replace('"GET"', '"GET","x":"a\nb"'),
        ],
        [
          'bad-escape',
          'An escape that JSON does not know.',
          CLAIMS.replace('"GET"', '"GET","x":"\\x41"'),
        ],
        ['nul-behind', 'A NUL behind the claims.', `${CLAIMS}\u0000`],
      ] as const
    ).map(
      ([id, comment, payloadPart]): ReturnType<typeof refusedProof> =>
        refusedProof([`payload-${id}`, comment, 'DPOP-4.3-02 JOSE-7515-5.2-01', { payloadPart }]),
    ),
    ...(
      [
        [
          'invalid-utf8',
          'An octet 0xFF in a text.',
          concat(utf8(`${CLAIMS.slice(0, -1)},"x":"`), Uint8Array.of(255), utf8('"}')),
        ],
        [
          'overlong-utf8',
          'An overlong spelling of a slash.',
          concat(utf8(`${CLAIMS.slice(0, -1)},"x":"`), Uint8Array.of(0xc0, 0xaf), utf8('"}')),
        ],
        [
          'surrogate-utf8',
          'A surrogate written in UTF-8.',
          concat(utf8(`${CLAIMS.slice(0, -1)},"x":"`), Uint8Array.of(0xed, 0xa0, 0x80), utf8('"}')),
        ],
        ['utf16', 'UTF-16 in the place of UTF-8.', Uint8Array.from(Buffer.from(CLAIMS, 'utf16le'))],
      ] as const
    ).map(
      ([id, comment, payloadPart]): ReturnType<typeof refusedProof> =>
        refusedProof([id, comment, 'JOSE-7515-5.2-01', { payloadPart }]),
    ),
    doubtfulProof([
      'RFC 8259 §8.1 lets parsers ignore a mark and forbids writers to add one.',
      'byte-order-mark',
      'A byte order mark before the claims.',
      'JOSE-7515-5.2-01',
      { payloadPart: concat(Uint8Array.of(0xef, 0xbb, 0xbf), utf8(CLAIMS)) },
    ]),
    ...(
      [
        ['header-array', 'The header is a list.', '[]'],
        ['header-text', 'The header is a text.', '"dpop+jwt"'],
        ['header-null', 'The header is null.', 'null'],
        ['header-trailing-garbage', 'A word behind the header.', `${objectText(HEADER_MEMBERS)}x`],
      ] as const
    ).map(
      ([id, comment, headerPart]): ReturnType<typeof refusedProof> =>
        refusedProof([id, comment, 'DPOP-4.3-02 JOSE-7515-5.2-01', { headerPart }]),
    ),
  ],
);

const TWICE =
  'RFC 7515 §4 lets parsers refuse, or take the last; two parsers in a chain may differ.';

/** A member twice, the good one last, so that only a refusal is safe and the last one is legal. */
function twice(id: string, what: string, payloadPart: string): OpenProofRow {
  return [
    TWICE,
    id,
    `${what} twice, the good one last.`,
    'JOSE-7515-4-01',
    { payloadPart },
    { flags: ['DuplicateMember'] },
  ];
}

/** A member twice, the good one first: nothing legal accepts it. */
function firstGood(id: string, what: string, payloadPart: string): ProofRow {
  return [
    id,
    `${what} twice, the good one first.`,
    'JOSE-7515-4-01',
    { payloadPart },
    { flags: ['DuplicateMember'] },
  ];
}

const duplicates = group('RsVerify', 'duplicates', 'A member occurs twice.', rsConfig(), [
  acceptedProof(['once', 'Each member once.', 'JOSE-7515-4-01', { payloadPart: CLAIMS }]),
  doubtfulProof(twice('htm-last', 'htm', claimsAfter(['htm', 'POST']))),
  doubtfulProof(twice('htu-last', 'htu', claimsAfter(['htu', 'https://evil.example/r']))),
  doubtfulProof(twice('iat-last', 'iat', claimsAfter(['iat', 1]))),
  doubtfulProof(twice('ath-last', 'ath', claimsAfter(['ath', 'x']))),
  doubtfulProof(twice('jti-same', 'jti, with one value,', claimsAfter(['jti', 'jti-of-the-form']))),
  doubtfulProof(twice('unknown-twice', 'A member nobody knows', claimsAfter(['x', 1], ['x', 1]))),
  doubtfulProof(
    twice(
      'within-object',
      'A member of an object within',
      claimsAfter(['x', rawJson('{"a":1,"a":2}')]),
    ),
  ),
  doubtfulProof([
    TWICE,
    'escaped-name',
    'htm once as it is and once with an escape in its name.',
    'JOSE-7515-4-01',
    { payloadPart: `{"\\u0068tm":"POST",${CLAIMS.slice(1)}` },
    { flags: ['DuplicateMember'] },
  ]),
  refusedProof(firstGood('htm-first', 'htm', claimsWith(['htm', 'POST']))),
  refusedProof(firstGood('htu-first', 'htu', claimsWith(['htu', 'https://evil.example/r']))),
  refusedProof(firstGood('iat-first', 'iat', claimsWith(['iat', 1]))),
  refusedProof(firstGood('ath-first', 'ath', claimsWith(['ath', 'x']))),
  ...(
    [
      [
        'alg',
        'alg twice in the header, the good one last.',
        objectText([['alg', 'none'], ...HEADER_MEMBERS]),
      ],
      [
        'typ',
        'typ twice in the header, the good one last.',
        objectText([['typ', 'JWT'], ...HEADER_MEMBERS]),
      ],
      [
        'jwk',
        'jwk twice in the header, the good one last.',
        objectText([['jwk', KEYS.ec2.jwk], ...HEADER_MEMBERS]),
      ],
      [
        'jwk-x',
        'x twice in the key, the good one last.',
        objectText([
          ['typ', 'dpop+jwt'],
          ['alg', 'ES256'],
          ['jwk', rawJson(objectText([['x', KEYS.ec2.jwk.x], ...Object.entries(ec1.jwk)]))],
        ]),
      ],
    ] as const
  ).map(([id, comment, headerPart]) =>
    doubtfulProof([
      TWICE,
      `header-${id}`,
      comment,
      'JOSE-7515-4-01',
      { headerPart },
      { flags: ['DuplicateMember'] },
    ]),
  ),
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
  ...(
    [
      ['thousand-claims', 'A thousand further claims.', { claims: numbered(1000) }],
      [
        'deep',
        'A claim of a hundred lists within each other.',
        { claims: { x: rawJson(`${'['.repeat(100)}${']'.repeat(100)}`) } },
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

function numbered(count: number): Readonly<Record<string, number>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`c${index}`, index]));
}

const rsJson: FileDraft = {
  file: 'rs-json',
  title: 'The form of a proof: JSON',
  groups: [json, duplicates, sizes],
};

export default rsJson;
