import type { Expect, FieldLine, RawTest } from '../../src/format.ts';
import { ORIGIN, rsConfig } from '../deployment.ts';
import {
  BAD_PROOF,
  BAD_REQUEST,
  BAD_TOKEN,
  type FileDraft,
  group,
  invalid,
  NO_CREDENTIALS,
  OK,
  valid,
} from '../draft.ts';
import { accessToken, proof } from '../messages.ts';
import { rawMessage, rawRequest } from '../raw.ts';

const NOTES = '/dpop/notes';
const EITHER = '/either/notes';
const TOKEN = accessToken();
const UNBOUND = accessToken({ boundTo: null });

/** Refused by the parser of HTTP or by the checks. */
const MALFORMED: Expect = { status: [400, 401, 431] };

/** The proof for a path of the server. */
function proofFor(path: string, claims: Readonly<Record<string, unknown>> = {}): string {
  return proof({ claims: { htu: `${ORIGIN}${path}`, ...claims } });
}

const PROOF = proofFor(NOTES);

/** A request that has exactly these fields beside Host. */
function bytes(fields: readonly FieldLine[], path: string = NOTES, method = 'GET'): string {
  return rawRequest({ method, target: path, fields });
}

/** The same with whole lines as they stand. */
function lines(...given: readonly string[]): string {
  return rawMessage([`GET ${NOTES} HTTP/1.1`, 'Host: rs.example', ...given, 'Connection: close']);
}

const AUTHORIZATION = `Authorization: DPoP ${TOKEN}`;

const proofs = group('RawHttp', 'proof-field', 'The DPoP field.', rsConfig(), [
  valid<RawTest>('ordinary', 'One field of each kind.', 'DPOP-4.3-01', {
    raw: lines(AUTHORIZATION, `DPoP: ${PROOF}`),
    expect: OK,
  }),
  ...['dpop', 'DPOP', 'dPoP'].map((name, index) =>
    valid<RawTest>(`name-${index}`, `The field is called ${name}.`, 'DPOP-4.1-01', {
      raw: lines(AUTHORIZATION, `${name}: ${PROOF}`),
      expect: OK,
    }),
  ),
  valid<RawTest>('blanks-around', 'Blanks and tabs around the value.', 'DPOP-4.1-02', {
    raw: lines(AUTHORIZATION, `DPoP: \t ${PROOF} \t`),
    expect: OK,
  }),
  valid<RawTest>('no-blank', 'No blank behind the colon.', 'DPOP-4.1-02', {
    raw: lines(AUTHORIZATION, `DPoP:${PROOF}`),
    expect: OK,
  }),
  ...(
    [
      ['missing', 'No field at all.', [], 'DPOP-7.1-02'],
      ['empty', 'An empty field.', ['DPoP:'], 'DPOP-4.1-P1'],
      ['blank', 'A field of blanks.', ['DPoP:   '], 'DPOP-4.1-P1'],
      [
        'twice',
        'The same proof in two fields.',
        [`DPoP: ${PROOF}`, `DPoP: ${PROOF}`],
        'DPOP-4.3-01',
      ],
      [
        'two-names',
        'Two fields, the names in different case.',
        [`DPoP: ${PROOF}`, `dpop: ${PROOF}`],
        'DPOP-4.3-01',
      ],
      [
        'two-proofs',
        'Two good proofs in two fields.',
        [`DPoP: ${PROOF}`, `DPoP: ${proofFor(NOTES, { jti: 'another' })}`],
        'DPOP-4.3-01',
      ],
      [
        'empty-then-good',
        'An empty field before the good one.',
        ['DPoP:', `DPoP: ${PROOF}`],
        'DPOP-4.3-01',
      ],
      [
        'good-then-empty',
        'An empty field behind the good one.',
        [`DPoP: ${PROOF}`, 'DPoP:'],
        'DPOP-4.3-01',
      ],
      [
        'comma',
        'Two proofs in one field, a comma between them.',
        [`DPoP: ${PROOF}, ${PROOF}`],
        'DPOP-4.3-02',
      ],
      ['leading-comma', 'A comma before the proof.', [`DPoP: , ${PROOF}`], 'DPOP-4.1-02'],
      ['trailing-comma', 'A comma behind the proof.', [`DPoP: ${PROOF},`], 'DPOP-4.1-02'],
      [
        'inner-blank',
        'A blank within the signature.',
        [`DPoP: ${PROOF.slice(0, -9)} ${PROOF.slice(-9)}`],
        'DPOP-4.1-02 JOSE-7515-2-01',
      ],
      [
        'inner-tab',
        'A tab within the signature.',
        [`DPoP: ${PROOF.slice(0, -9)}\t${PROOF.slice(-9)}`],
        'DPOP-4.1-02 JOSE-7515-2-01',
      ],
      ['quoted', 'The proof in quotation marks.', [`DPoP: "${PROOF}"`], 'DPOP-4.1-02'],
      ['high-byte', 'A byte 0x80 behind the proof.', [`DPoP: ${PROOF}\u0080`], 'DPOP-4.1-02'],
      ['padding', 'The proof with = behind it.', [`DPoP: ${PROOF}==`], 'JOSE-7515-2-01'],
      ['scheme', 'The word DPoP before the proof.', [`DPoP: DPoP ${PROOF}`], 'DPOP-4.1-02'],
      ['upper-case', 'The proof in capitals.', [`DPoP: ${PROOF.toUpperCase()}`], 'DPOP-4.1-01'],
      ['other-name', 'The proof in a field X-DPoP.', [`X-DPoP: ${PROOF}`], 'DPOP-7.1-02'],
      ['underscore', 'The proof in a field DPoP_.', [`DPoP_: ${PROOF}`], 'DPOP-7.1-02'],
      [
        'long',
        'A signature that makes a proof of 9000 characters.',
        [`DPoP: ${PROOF}${'A'.repeat(9000 - PROOF.length)}`],
        'JOSE-7518-3.4-01 JOSE-LIMIT-P1',
      ],
    ] as const
  ).map(([id, comment, given, requirements]) =>
    invalid<RawTest>(id, comment, `${requirements} SEP1932-RS-01`, {
      raw: lines(AUTHORIZATION, ...given),
      expect: { ...BAD_PROOF, errors: ['invalid_dpop_proof', 'invalid_token'] },
    }),
  ),
  ...(
    [
      [
        'folded',
        'The proof goes on in a second line.',
        [`DPoP: ${PROOF.slice(0, 40)}`, ` ${PROOF.slice(40)}`],
      ],
      ['nul', 'A NUL behind the proof.', [`DPoP: ${PROOF}\u0000`]],
      ['blank-before-colon', 'A blank between name and colon.', [`DPoP : ${PROOF}`]],
      ['far-too-long', 'A field of 70 000 characters.', [`DPoP: ${PROOF}${'A'.repeat(70_000)}`]],
    ] as const
  ).map(([id, comment, given]) =>
    invalid<RawTest>(id, comment, 'DPOP-4.1-02', {
      raw: lines(AUTHORIZATION, ...given),
      expect: MALFORMED,
    }),
  ),
]);

const credentials = group(
  'RawHttp',
  'credentials',
  'Where the token is.',
  rsConfig({ schemes: ['Bearer', 'DPoP'] }),
  [
    valid<RawTest>('dpop', 'A bound token with its proof.', 'DPOP-7.1-02', {
      raw: bytes(
        [
          ['Authorization', `DPoP ${TOKEN}`],
          ['DPoP', proofFor(EITHER)],
        ],
        EITHER,
      ),
      expect: OK,
    }),
    valid<RawTest>('bearer', 'A token that is not bound, as Bearer.', 'BEARER-2.1-01', {
      raw: bytes([['Authorization', `Bearer ${UNBOUND}`]], EITHER),
      expect: OK,
    }),
    valid<RawTest>('scheme-case', 'The scheme in mixed case, three blanks.', 'BEARER-2.1-01', {
      raw: bytes(
        [
          ['authorization', `dPoP   ${TOKEN}`],
          ['DPoP', proofFor(EITHER)],
        ],
        EITHER,
      ),
      expect: OK,
    }),
    ...(
      [
        [
          'bound-as-bearer',
          'A bound token as Bearer.',
          [['Authorization', `Bearer ${TOKEN}`]],
          'DPOP-7.2-01',
          BAD_TOKEN,
        ],
        [
          'bound-as-bearer-with-proof',
          'A bound token as Bearer with its proof.',
          [
            ['Authorization', `Bearer ${TOKEN}`],
            ['DPoP', proofFor(EITHER)],
          ],
          'DPOP-7.2-01 DPOP-6-01',
          BAD_TOKEN,
        ],
        [
          'unbound-as-dpop',
          'A token that is not bound, as DPoP with a proof.',
          [
            ['Authorization', `DPoP ${UNBOUND}`],
            ['DPoP', proof({ token: UNBOUND, claims: { htu: `${ORIGIN}${EITHER}` } })],
          ],
          'DPOP-7.2-P1 DPOP-6-01',
          BAD_TOKEN,
        ],
        ['nothing', 'No credentials.', [], 'BEARER-3.1-01 DPOP-7.1-04 BEARER-3-01', NO_CREDENTIALS],
        [
          'proof-only',
          'A proof without a token.',
          [['DPoP', proofFor(EITHER)]],
          'DPOP-4-02',
          NO_CREDENTIALS,
        ],
        [
          'proxy-authorization',
          'The token in Proxy-Authorization.',
          [
            ['Proxy-Authorization', `DPoP ${TOKEN}`],
            ['DPoP', proofFor(EITHER)],
          ],
          'DPOP-7.1-04',
          NO_CREDENTIALS,
        ],
        [
          'basic',
          'The scheme is Basic.',
          [['Authorization', 'Basic YWxpY2U6c2VjcmV0']],
          'BEARER-3-01',
          { status: [401] },
        ],
        [
          'two-fields',
          'Two Authorization fields, Bearer and DPoP.',
          [
            ['Authorization', `Bearer ${UNBOUND}`],
            ['Authorization', `DPoP ${TOKEN}`],
            ['DPoP', proofFor(EITHER)],
          ],
          'BEARER-2-02',
          BAD_REQUEST,
        ],
        [
          'same-field-twice',
          'The same Authorization field twice.',
          [
            ['Authorization', `Bearer ${UNBOUND}`],
            ['Authorization', `Bearer ${UNBOUND}`],
          ],
          'BEARER-2-02',
          BAD_REQUEST,
        ],
        [
          'two-in-one',
          'Two credentials in one field.',
          [
            ['Authorization', `Bearer ${UNBOUND}, DPoP ${TOKEN}`],
            ['DPoP', proofFor(EITHER)],
          ],
          'BEARER-2-02',
          BAD_REQUEST,
        ],
        [
          'no-token',
          'A scheme without a token.',
          [['Authorization', 'Bearer']],
          'BEARER-2.1-01',
          BAD_REQUEST,
        ],
        [
          'two-tokens',
          'Two tokens behind the scheme.',
          [['Authorization', `Bearer ${UNBOUND} ${UNBOUND}`]],
          'BEARER-2.1-01',
          BAD_REQUEST,
        ],
        [
          'tab',
          'A tab between scheme and token.',
          [['Authorization', `Bearer\t${UNBOUND}`]],
          'BEARER-2.1-01',
          BAD_REQUEST,
        ],
        [
          'quoted-token',
          'The token in quotation marks.',
          [['Authorization', `Bearer "${UNBOUND}"`]],
          'BEARER-2.1-01 BEARER-3-04',
          BAD_REQUEST,
        ],
      ] as const
    ).map(([id, comment, fields, requirements, expect]) =>
      invalid<RawTest>(id, comment, requirements, { raw: bytes(fields, EITHER), expect }),
    ),
    invalid<RawTest>('query', 'The token in the query.', 'BEARER-2.3-02', {
      raw: bytes([], `${EITHER}?access_token=${UNBOUND}`),
      expect: NO_CREDENTIALS,
    }),
    invalid<RawTest>(
      'query-and-field',
      'The token in the query and in the field.',
      'BEARER-2-02 BEARER-2.3-02',
      {
        raw: bytes([['Authorization', `Bearer ${UNBOUND}`]], `${EITHER}?access_token=${UNBOUND}`),
        expect: BAD_REQUEST,
      },
    ),
    invalid<RawTest>('cookie', 'The token in a cookie.', 'BEARER-3-01', {
      raw: bytes([['Cookie', `access_token=${UNBOUND}`]], EITHER),
      expect: NO_CREDENTIALS,
    }),
    invalid<RawTest>('body', 'The token in the form of a POST.', 'BEARER-3-01 BEARER-2.2-01', {
      raw: rawRequest({
        method: 'POST',
        target: EITHER,
        fields: [['Content-Type', 'application/x-www-form-urlencoded']],
        body: `access_token=${UNBOUND}`,
      }),
      expect: NO_CREDENTIALS,
    }),
  ],
);

const rawFields: FileDraft = {
  file: 'raw-fields',
  title: 'Fields on the wire',
  groups: [proofs, credentials],
};

export default rawFields;
