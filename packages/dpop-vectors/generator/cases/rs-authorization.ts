import type { Expect, FieldLine, RequestTest } from '../../src/format.ts';
import { rsConfig } from '../deployment.ts';
import {
  BAD_REQUEST,
  BAD_TOKEN,
  type Draft,
  type FileDraft,
  group,
  invalid,
  NO_CREDENTIALS,
  OK,
  valid,
} from '../draft.ts';
import { fields } from '../field-cases.ts';
import { accessToken, proof, request } from '../messages.ts';

const TOKEN = accessToken();
const UNBOUND = accessToken({ boundTo: null });
const PROOF = proof();

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
  faulty(
    'bad-proof-only',
    'A text that is no proof, without a token.',
    'BEARER-3.1-01 DPOP-4-02',
    [['DPoP', 'x']],
    NO_CREDENTIALS,
  ),
  faulty(
    'token-in-cookie',
    'The token in a cookie.',
    'DPOP-7.1-04 BEARER-3-01',
    [
      ['Cookie', `access_token=${TOKEN}`],
      ['DPoP', PROOF],
    ],
    NO_CREDENTIALS,
  ),
  ...(
    [
      ['basic', 'The scheme is Basic.', 'Basic YTpi'],
      ['scheme-longer', 'The scheme begins like DPoP.', `DPoP2 ${TOKEN}`],
      ['scheme-longer-bearer', 'The scheme begins like Bearer.', `BearerToken ${UNBOUND}`],
      [
        'scheme-in-basic',
        'A token with its scheme as the credentials of Basic.',
        `Basic ${UNBOUND}`,
      ],
      ['scheme-token', 'The scheme is token.', `token ${UNBOUND}`],
    ] as const
  ).map(([id, comment, value]) =>
    faulty(
      id,
      comment,
      'BEARER-3.1-01 BEARER-3-01 DPOP-7.1-04',
      [
        ['Authorization', value],
        ['DPoP', PROOF],
      ],
      NO_CREDENTIALS,
    ),
  ),
  ...(
    [
      ['dpop', 'DPoP and the token without a blank between them.', `DPoP${TOKEN}`],
      ['bearer', 'Bearer and the token without a blank between them.', `Bearer${UNBOUND}`],
    ] as const
  ).map(([id, comment, value]) =>
    faulty(
      `glued-${id}`,
      comment,
      'BEARER-2.1-01 BEARER-3-01',
      [
        ['Authorization', value],
        ['DPoP', PROOF],
      ],
      { status: [401, 400] },
    ),
  ),
  ...(
    [
      [
        'padded',
        'Equals signs behind the token, which the field may have and a JWS may not.',
        `${UNBOUND}==`,
      ],
      ['slashes', 'All further characters of token68 in the token.', `${UNBOUND}~+/.-_`],
      ['one-character', 'A token of one character.', 'x'],
    ] as const
  ).map(([id, comment, token]) =>
    faulty(
      `token-${id}`,
      comment,
      'BEARER-3.1-03 JOSE-7515-2-01',
      [['Authorization', `Bearer ${token}`]],
      BAD_TOKEN,
    ),
  ),
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
        'two-schemes-reversed',
        'Two credentials in one field, DPoP first.',
        [
          ['Authorization', `DPoP ${TOKEN}, Bearer ${UNBOUND}`],
          ['DPoP', PROOF],
        ],
        'BEARER-2-02',
      ],
      [
        'same-dpop-twice',
        'The same DPoP field twice.',
        [
          ['Authorization', `DPoP ${TOKEN}`],
          ['Authorization', `DPoP ${TOKEN}`],
          ['DPoP', PROOF],
        ],
        'BEARER-2-02',
      ],
      [
        'two-names',
        'Bearer in two fields, whose names differ in case.',
        [
          ['Authorization', `Bearer ${UNBOUND}`],
          ['authorization', `Bearer ${UNBOUND}`],
        ],
        'BEARER-2-02',
      ],
      [
        'dpop-parameter',
        'A parameter in the place of the token of DPoP.',
        [
          ['Authorization', `DPoP token="${TOKEN}"`],
          ['DPoP', PROOF],
        ],
        'BEARER-2.1-01',
      ],
      [
        'dpop-comma',
        'A comma and a parameter behind the token of DPoP.',
        [
          ['Authorization', `DPoP ${TOKEN}, realm="x"`],
          ['DPoP', PROOF],
        ],
        'BEARER-2.1-01',
      ],
      [
        'inner-newline',
        'A line feed in the token.',
        [['Authorization', `Bearer ${UNBOUND.slice(0, 9)}\n${UNBOUND.slice(9)}`]],
        'BEARER-2.1-01 BEARER-3-04',
      ],
      [
        'padding-alone',
        'Equals signs in the place of the token.',
        [['Authorization', 'Bearer ==']],
        'BEARER-2.1-01',
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

const rsAuthorization: FileDraft = {
  file: 'rs-authorization',
  title: 'The field of the token',
  groups: [authorization],
};

export default rsAuthorization;
