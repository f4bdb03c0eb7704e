import type { Expect, FieldLine, RequestTest } from '../../src/format.ts';
import { rsConfig } from '../deployment.ts';
import {
  acceptable,
  BAD_PROOF,
  BAD_REQUEST,
  type Draft,
  type FileDraft,
  group,
  invalid,
  NO_CREDENTIALS,
  OK,
  refused,
  valid,
} from '../draft.ts';
import { accessToken, proof, request } from '../messages.ts';

const TOKEN = accessToken();
const UNBOUND = accessToken({ boundTo: null });
const PROOF = proof();
const OTHER_PROOF = proof({ claims: { jti: 'another' } });

/** A request with exactly these fields. */
function fields(
  given: readonly FieldLine[],
  changes: { readonly target?: string; readonly method?: string; readonly body?: string } = {},
): Pick<RequestTest, 'request'> {
  const { target = '/r', method = 'GET', body } = changes;
  return { request: { method, target, fields: given, ...(body !== undefined && { body }) } };
}

const AUTHORIZATION: FieldLine = ['Authorization', `DPoP ${TOKEN}`];

const [HEADER = '', PAYLOAD = '', SIGNATURE = ''] = PROOF.split('.');

const dpop = group('RsVerify', 'dpop-field', 'The DPoP field.', rsConfig(), [
  valid<RequestTest>('one', 'One field.', 'DPOP-4.3-01', { request: request(), expect: OK }),
  ...['dpop', 'DPOP', 'dPoP'].map((name, index) =>
    valid<RequestTest>(`name-${index}`, `The field is called ${name}.`, 'DPOP-4.1-01', {
      ...fields([AUTHORIZATION, [name, PROOF]]),
      expect: OK,
    }),
  ),
  ...(
    [
      ['missing', 'No field.', [], 'DPOP-7.1-02'],
      ['empty', 'An empty field.', [''], 'DPOP-4.1-P1'],
      ['twice', 'The same proof in two fields.', [PROOF, PROOF], 'DPOP-4.3-01'],
      ['two', 'Two good proofs in two fields.', [PROOF, OTHER_PROOF], 'DPOP-4.3-01'],
      ['three', 'Three fields.', [PROOF, OTHER_PROOF, PROOF], 'DPOP-4.3-01'],
      ['good-then-bad', 'A good proof, then text.', [PROOF, 'x'], 'DPOP-4.3-01'],
      ['bad-then-good', 'Text, then a good proof.', ['x', PROOF], 'DPOP-4.3-01'],
      ['empty-then-good', 'An empty field, then a good proof.', ['', PROOF], 'DPOP-4.3-01'],
      ['good-then-empty', 'A good proof, then an empty field.', [PROOF, ''], 'DPOP-4.3-01'],
      [
        'comma',
        'Two proofs in one field, with comma and blank.',
        [`${PROOF}, ${OTHER_PROOF}`],
        'DPOP-4.3-02',
      ],
      [
        'comma-alone',
        'Two proofs in one field, with a comma.',
        [`${PROOF},${OTHER_PROOF}`],
        'DPOP-4.3-02',
      ],
      [
        'leading-comma',
        'A comma before the proof, as Node joins an empty field.',
        [`, ${PROOF}`],
        'DPOP-4.3-02',
      ],
      ['trailing-comma', 'A comma behind the proof.', [`${PROOF},`], 'DPOP-4.3-02'],
      ['semicolon', 'A semicolon behind the proof.', [`${PROOF};`], 'DPOP-4.1-02'],
      [
        'inner-blank',
        'A blank in the signature.',
        [`${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, 9)} ${SIGNATURE.slice(9)}`],
        'DPOP-4.1-02',
      ],
      [
        'blank-around-dot',
        'Blanks around a dot.',
        [`${HEADER} . ${PAYLOAD}.${SIGNATURE}`],
        'DPOP-4.1-02',
      ],
      [
        'inner-newline',
        'A line feed in the signature.',
        [`${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, 9)}\n${SIGNATURE.slice(9)}`],
        'DPOP-4.1-02 JOSE-7515-2-01',
      ],
      ['padding', 'The proof with == behind it.', [`${PROOF}==`], 'JOSE-7515-2-01 DPOP-4.1-02'],
      ['quoted', 'The proof in quotation marks.', [`"${PROOF}"`], 'DPOP-4.1-02'],
      ['scheme', 'The word DPoP before the proof.', [`DPoP ${PROOF}`], 'DPOP-4.1-02'],
      ['upper-case', 'The proof in capitals.', [PROOF.toUpperCase()], 'DPOP-4.1-01'],
      ['undefined', 'The word undefined.', ['undefined'], 'DPOP-4.3-02'],
      ['null', 'The word null.', ['null'], 'DPOP-4.3-02'],
      ['braces', 'An empty object.', ['{}'], 'DPOP-4.1-02'],
      ['dots', 'Two dots.', ['..'], 'DPOP-4.3-02'],
      ['percent-encoded', 'A dot percent-encoded.', [PROOF.replace('.', '%2E')], 'DPOP-4.1-02'],
      ['high-characters', 'A character beyond ASCII behind it.', [`${PROOF}\u00e9`], 'DPOP-4.1-02'],
      ['token', 'The access token once more.', [TOKEN], 'DPOP-4.3-04 JWTBCP-3.12-01'],
    ] as const
  ).map(([id, comment, given, requirements]) =>
    invalid<RequestTest>(`dpop-${id}`, comment, `${requirements} SEP1932-RS-01`, {
      ...fields([AUTHORIZATION, ...given.map((value): FieldLine => ['DPoP', value])]),
      expect: id === 'missing' ? refused('invalid_dpop_proof', 'invalid_token') : BAD_PROOF,
    }),
  ),
  ...(
    [
      ['in-query', 'The proof in the query.', { target: `/r?dpop=${PROOF}` }, []],
      ['in-other-field', 'The proof in a field X-DPoP.', {}, [['X-DPoP', PROOF]]],
      ['in-cookie', 'The proof in a cookie.', {}, [['Cookie', `DPoP=${PROOF}`]]],
    ] as const
  ).map(([id, comment, changes, given]) =>
    invalid<RequestTest>(id, comment, 'DPOP-7.1-02 SEP1932-RS-01', {
      ...fields([AUTHORIZATION, ...given], changes),
      expect: refused('invalid_dpop_proof', 'invalid_token'),
    }),
  ),
]);

const BOTH = rsConfig({ schemes: ['Bearer', 'DPoP'] });

/** A request that is not one of a kind that gets in. */
function faulty(
  id: string,
  comment: string,
  requirements: string,
  given: readonly FieldLine[],
  expect: Expect,
): Draft<RequestTest> {
  return invalid<RequestTest>(id, comment, requirements, { ...fields(given), expect });
}

const authorization = group('RsVerify', 'authorization-field', 'The Authorization field.', BOTH, [
  valid<RequestTest>('dpop', 'DPoP with a proof.', 'DPOP-7.1-02', {
    request: request(),
    expect: OK,
  }),
  valid<RequestTest>('bearer', 'Bearer with a token that is not bound.', 'BEARER-2.1-01', {
    ...fields([['Authorization', `Bearer ${UNBOUND}`]]),
    expect: OK,
  }),
  ...(
    [
      ['lower-case', 'dpop', ' '],
      ['upper-case', 'DPOP', ' '],
      ['many-blanks', 'DPoP', '    '],
    ] as const
  ).map(([id, scheme, blanks]) =>
    valid<RequestTest>(
      `scheme-${id}`,
      `The scheme is ${scheme}, ${blanks.length} blanks behind it.`,
      'BEARER-2.1-01',
      {
        ...fields([
          ['authorization', `${scheme}${blanks}${TOKEN}`],
          ['dpop', PROOF],
        ]),
        expect: OK,
      },
    ),
  ),
  valid<RequestTest>('bearer-mixed-case', 'The scheme is bEaReR.', 'BEARER-2.1-01', {
    ...fields([['AUTHORIZATION', `bEaReR ${UNBOUND}`]]),
    expect: OK,
  }),
  faulty('nothing', 'No credentials.', 'BEARER-3.1-01 DPOP-7.1-04 BEARER-3-01', [], NO_CREDENTIALS),
  faulty(
    'proof-only',
    'A proof without a token.',
    'DPOP-4-02 DPOP-7.1-04',
    [['DPoP', PROOF]],
    NO_CREDENTIALS,
  ),
  faulty(
    'proxy-authorization',
    'The token in Proxy-Authorization.',
    'DPOP-7.1-04',
    [
      ['Proxy-Authorization', `DPoP ${TOKEN}`],
      ['DPoP', PROOF],
    ],
    NO_CREDENTIALS,
  ),
  faulty(
    'x-authorization',
    'The token in X-Authorization.',
    'DPOP-7.1-04',
    [
      ['X-Authorization', `DPoP ${TOKEN}`],
      ['DPoP', PROOF],
    ],
    NO_CREDENTIALS,
  ),
  faulty('basic', 'The scheme is Basic.', 'BEARER-3-01', [['Authorization', 'Basic YTpi']], {
    status: [401],
  }),
  faulty('empty', 'An empty field.', 'BEARER-3-01', [['Authorization', '']], {
    status: [401, 400],
  }),
  faulty(
    'token-alone',
    'A token without a scheme.',
    'BEARER-2.1-01',
    [['Authorization', UNBOUND]],
    { status: [401, 400] },
  ),
  ...(
    [
      [
        'dpop-alone',
        'DPoP without a token.',
        [
          ['Authorization', 'DPoP'],
          ['DPoP', PROOF],
        ],
        'BEARER-2.1-01',
      ],
      ['bearer-alone', 'Bearer without a token.', [['Authorization', 'Bearer']], 'BEARER-2.1-01'],
      ['bearer-blank', 'Bearer and a blank.', [['Authorization', 'Bearer ']], 'BEARER-2.1-01'],
      [
        'two-tokens',
        'Two tokens behind the scheme.',
        [['Authorization', `Bearer ${UNBOUND} ${UNBOUND}`]],
        'BEARER-2.1-01',
      ],
      [
        'tab',
        'A tab behind the scheme.',
        [['Authorization', `Bearer\t${UNBOUND}`]],
        'BEARER-2.1-01',
      ],
      [
        'colon',
        'A colon behind the scheme.',
        [['Authorization', `Bearer: ${UNBOUND}`]],
        'BEARER-2.1-01',
      ],
      [
        'equals',
        'A parameter in the place of the token.',
        [['Authorization', `Bearer token="${UNBOUND}"`]],
        'BEARER-2.1-01',
      ],
      [
        'quoted',
        'The token in quotation marks.',
        [['Authorization', `Bearer "${UNBOUND}"`]],
        'BEARER-2.1-01 BEARER-3-04',
      ],
      [
        'comma',
        'A comma behind the token.',
        [['Authorization', `Bearer ${UNBOUND},`]],
        'BEARER-2.1-01',
      ],
      [
        'inner-padding',
        'An equals sign within the token.',
        [['Authorization', `Bearer a=${UNBOUND}`]],
        'BEARER-2.1-01',
      ],
      [
        'high-characters',
        'A character beyond ASCII in the token.',
        [['Authorization', `Bearer ${UNBOUND}\u00e9`]],
        'BEARER-2.1-01 BEARER-3-04',
      ],
      [
        'two-schemes',
        'Two credentials in one field.',
        [
          ['Authorization', `Bearer ${UNBOUND}, DPoP ${TOKEN}`],
          ['DPoP', PROOF],
        ],
        'BEARER-2-02',
      ],
      [
        'two-fields',
        'Bearer in one field, DPoP in another.',
        [
          ['Authorization', `Bearer ${UNBOUND}`],
          ['Authorization', `DPoP ${TOKEN}`],
          ['DPoP', PROOF],
        ],
        'BEARER-2-02',
      ],
      [
        'two-fields-reversed',
        'DPoP in one field, Bearer in another.',
        [
          ['Authorization', `DPoP ${TOKEN}`],
          ['Authorization', `Bearer ${UNBOUND}`],
          ['DPoP', PROOF],
        ],
        'BEARER-2-02',
      ],
      [
        'same-field-twice',
        'The same field twice.',
        [
          ['Authorization', `Bearer ${UNBOUND}`],
          ['Authorization', `Bearer ${UNBOUND}`],
        ],
        'BEARER-2-02',
      ],
      [
        'good-and-basic',
        'Bearer in one field, Basic in another.',
        [
          ['Authorization', `Bearer ${UNBOUND}`],
          ['Authorization', 'Basic YTpi'],
        ],
        'BEARER-2-02',
      ],
    ] as const
  ).map(([id, comment, given, requirements]) =>
    faulty(`authorization-${id}`, comment, `${requirements} BEARER-3.1-02`, given, BAD_REQUEST),
  ),
]);

const FORM: FieldLine = ['Content-Type', 'application/x-www-form-urlencoded'];

const elsewhere = group('RsVerify', 'other-places', 'A token in another place.', BOTH, [
  valid<RequestTest>('in-the-field', 'The token in its field.', 'BEARER-2.1-01', {
    ...fields([['Authorization', `Bearer ${UNBOUND}`]]),
    expect: OK,
  }),
  invalid<RequestTest>('query', 'The token in the query.', 'BEARER-2.3-02', {
    ...fields([], { target: `/r?access_token=${UNBOUND}` }),
    expect: NO_CREDENTIALS,
  }),
  invalid<RequestTest>(
    'query-dpop',
    'A bound token in the query, with its proof.',
    'BEARER-2.3-02',
    {
      ...fields([['DPoP', PROOF]], { target: `/r?access_token=${TOKEN}` }),
      expect: NO_CREDENTIALS,
    },
  ),
  invalid<RequestTest>(
    'query-and-field',
    'The token in the query and in the field.',
    'BEARER-2-02 BEARER-2.3-02',
    {
      ...fields([['Authorization', `Bearer ${UNBOUND}`]], { target: `/r?access_token=${UNBOUND}` }),
      expect: BAD_REQUEST,
    },
  ),
  invalid<RequestTest>('form', 'The token in the form of a POST.', 'BEARER-3-01 BEARER-2.2-01', {
    ...fields([FORM], { method: 'POST', body: `access_token=${UNBOUND}` }),
    expect: NO_CREDENTIALS,
  }),
  invalid<RequestTest>('form-and-field', 'The token in the form and in the field.', 'BEARER-2-02', {
    ...fields([['Authorization', `Bearer ${UNBOUND}`], FORM], {
      method: 'POST',
      body: `access_token=${UNBOUND}`,
    }),
    expect: BAD_REQUEST,
  }),
  invalid<RequestTest>(
    'form-of-get',
    'The token in the body of a GET.',
    'BEARER-2.2-01 BEARER-3-01',
    {
      ...fields([FORM], { body: `access_token=${UNBOUND}` }),
      expect: NO_CREDENTIALS,
    },
  ),
  acceptable<RequestTest>(
    'accept',
    'other-query',
    'A query parameter whose name only resembles it.',
    'BEARER-2.3-02',
    {
      ...fields([['Authorization', `Bearer ${UNBOUND}`]], {
        target: '/r?my_access_token=x&token=y',
      }),
      expect: OK,
    },
    { reason: 'Only access_token is a place for tokens (RFC 6750 §2.3).' },
  ),
]);

const rsFields: FileDraft = {
  file: 'rs-fields',
  title: 'Where proof and token stand',
  groups: [dpop, authorization, elsewhere],
};

export default rsFields;
