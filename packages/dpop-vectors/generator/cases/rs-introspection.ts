import type { Expect, RequestTest, RsConfig } from '../../src/format.ts';
import { KEY_DIFFERS } from '../confirmations.ts';
import { CLOCK, ISSUER, ORIGIN, rsConfig } from '../deployment.ts';
import {
  acceptable,
  BAD_TOKEN,
  type Draft,
  type FileDraft,
  group,
  invalid,
  OK,
  valid,
} from '../draft.ts';
import { KEYS } from '../keys/keys.ts';
import { proof, request, withToken } from '../messages.ts';

const { jkt } = KEYS.ec1;

type Members = Readonly<Record<string, unknown>>;
/** What introspection answers about the token of the same name, apart from the good answer. */
type Row = readonly [id: string, comment: string, requirements: string, answer: Members];
type OpenRow = readonly [reason: string, ...row: Row];

/** Each token is its own name, so that one configuration has the answers of all. */
const answers: Record<string, Members> = {};

/** The token about which introspection answers this; a member set to undefined is left out. */
function opaque(id: string, changes: Members): string {
  const token = `opaque-${id}`;
  const answer = {
    active: true,
    iss: ISSUER,
    sub: 'alice',
    client_id: 'app',
    aud: ORIGIN,
    exp: CLOCK + 300,
    scope: 'notes:read notes:write',
    token_type: 'DPoP',
    cnf: { jkt },
    ...changes,
  };
  answers[token] = JSON.parse(JSON.stringify(answer));
  return token;
}

const UNBOUND = { cnf: undefined, token_type: 'Bearer' };

function content(
  id: string,
  answer: Members,
  scheme: string,
  expect: Expect,
): Pick<RequestTest, 'request' | 'expect'> {
  return { request: withToken(opaque(id, answer), scheme), expect };
}

function good([id, comment, requirements, answer]: Row, scheme = 'DPoP'): Draft<RequestTest> {
  return valid(id, comment, requirements, content(id, answer, scheme, OK));
}

function bad([id, comment, requirements, answer]: Row, expect = BAD_TOKEN): Draft<RequestTest> {
  return invalid(id, comment, requirements, content(id, answer, 'DPoP', expect));
}

function open(policy: 'accept' | 'reject', [reason, ...row]: OpenRow): Draft<RequestTest> {
  const [id, comment, requirements, answer] = row;
  const expect = policy === 'accept' ? OK : BAD_TOKEN;
  return acceptable(policy, id, comment, requirements, content(id, answer, 'DPoP', expect), {
    reason,
  });
}

/** A case under Bearer, where the good answer is about a token that is not bound. */
function refusedBearer([id, comment, requirements, answer]: Row): Draft<RequestTest> {
  return invalid(id, comment, requirements, content(id, answer, 'Bearer', BAD_TOKEN), {
    flags: ['Downgrade'],
  });
}

const WRITING = { requiredScope: ['notes:write'] };

const BEFORE_USE =
  'RFC 7662 §2.2 leaves the judgement to the authorization server; what it says all the same bounds the token.';

const underDpop: readonly Draft<RequestTest>[] = [
  good([
    'bound',
    'The answer names the key of the proof.',
    'INTRO-2.2-03 DPOP-6.2-01 DPOP-4.3-13',
    {},
  ]),
  good([
    'aud-list',
    'The audience is a list with this resource.',
    'INTRO-2.2-03',
    { aud: ['https://a.example', ORIGIN] },
  ]),
  open('accept', [
    'RFC 7662 §2.2 demands nothing but active; cnf and aud are what a resource cannot do without.',
    'least-answer',
    'The answer has active, aud and cnf alone.',
    'INTRO-2.2-03',
    {
      iss: undefined,
      sub: undefined,
      client_id: undefined,
      exp: undefined,
      scope: undefined,
      token_type: undefined,
    },
  ]),
  open('accept', [
    'Servers that give all tokens one type are common; cnf decides (RFC 9449 §6.2).',
    'bound-type-bearer',
    'The answer has a cnf, and Bearer for a type.',
    'DPOP-6.2-01 DPOP-6-01',
    { token_type: 'Bearer' },
  ]),
  ...(
    [
      ['inactive', 'active is false, and everything else is good.', { active: false }],
      ['active-text', 'active is the string true.', { active: 'true' }],
      [
        'active-text-false',
        'active is the string false, which counts as true where truth is asked for.',
        {
          active: 'false',
        },
      ],
      ['active-number', 'active is 1.', { active: 1 }],
      ['active-null', 'active is null.', { active: null }],
      ['active-missing', 'No active, and everything else is good.', { active: undefined }],
    ] as const
  ).map(([id, comment, answer]) =>
    bad([id, comment, 'INTRO-2.2-03 BEARER-3.1-03 FAPI-5.3.4-01', answer]),
  ),
  ...(
    [
      [
        'aud-other',
        'The token is for another resource.',
        'INTRO-2.2-03 MCP-AUD-01 BEARER-3.1-03',
        {
          aud: 'https://other.example',
        },
      ],
      [
        'aud-begins-alike',
        'The audience begins like this resource.',
        'INTRO-2.2-03',
        {
          aud: `${ORIGIN}.evil.example`,
        },
      ],
      ['aud-empty-list', 'The token is for nobody.', 'INTRO-2.2-03', { aud: [] }],
    ] as const
  ).map((row) => bad(row)),
  ...(
    [
      ['no-cnf', 'The answer names no key.', 'DPOP-7.2-P1 DPOP-4.3-13', UNBOUND],
      [
        'no-cnf-type-dpop',
        'The type is DPoP, and the answer names no key.',
        'DPOP-7.2-P1 DPOP-4.3-13',
        {
          cnf: undefined,
        },
      ],
      [
        'jkt-outside-cnf',
        'The thumbprint is a member of its own.',
        'DPOP-7.2-P1 DPOP-4.3-13',
        {
          cnf: undefined,
          jkt,
        },
      ],
      ['cnf-null', 'cnf is null.', 'DPOP-6.1-P1 DPOP-4.3-13', { cnf: null }],
      ['cnf-text', 'cnf is the thumbprint itself.', 'DPOP-6.1-P1 DPOP-4.3-13', { cnf: jkt }],
      [
        'jkt-padded',
        'The thumbprint is padded.',
        'DPOP-6.1-P1 DPOP-4.3-13',
        {
          cnf: { jkt: `${jkt}=` },
        },
      ],
      [
        'jkt-other',
        'The answer names another key than that of the proof.',
        'DPOP-4.3-13',
        {
          cnf: { jkt: KEYS.ec2.jkt },
        },
      ],
    ] as const
  ).map((row) => bad(row, KEY_DIFFERS)),
  ...(
    [
      [
        'aud is optional in RFC 7662 §2.2; without it nobody can tell whom the token is for.',
        'aud-missing',
        'The answer has no audience.',
        'INTRO-2.2-03',
        { aud: undefined },
      ],
      [
        'iss is optional in RFC 7662 §2.2; where it is there, it tells whose token this is.',
        'iss-other',
        'The answer names another issuer.',
        'INTRO-2.2-03',
        { iss: 'https://other.example' },
      ],
      [
        BEFORE_USE,
        'exp-past',
        'active is true, and the token ended 301 seconds ago.',
        'INTRO-2.2-03 INTRO-4-01',
        { exp: CLOCK - 301 },
      ],
      [
        BEFORE_USE,
        'nbf-ahead',
        'active is true, and the token begins in 301 seconds.',
        'INTRO-2.2-03',
        { nbf: CLOCK + 301 },
      ],
      [
        'RFC 7662 §2.2 has a number here; what is not understood bounds nothing.',
        'exp-text',
        'exp is a string of digits.',
        'INTRO-2.2-03 JOSE-7519-2-01',
        { exp: `${CLOCK + 300}` },
      ],
      [
        'Of two bindings both must hold; RFC 7800 would let a reader pass one over.',
        'jkt-and-x5t',
        'cnf has the right jkt and a certificate that nobody shows.',
        'MTLS-3-01',
        { cnf: { jkt, 'x5t#S256': jkt } },
      ],
    ] as const
  ).map((row) => open('reject', row)),
  valid<RequestTest>(
    'scope-enough',
    'The answer has the scope that is demanded, among others.',
    'INTRO-2.2-03 BEARER-3.1-04',
    { request: withToken('opaque-bound'), override: WRITING, expect: OK },
  ),
  invalid<RequestTest>(
    'scope-too-little',
    'The answer lacks the scope that is demanded.',
    'INTRO-2.2-03 BEARER-3.1-04',
    {
      request: withToken(opaque('scope-too-little', { scope: 'notes:read' })),
      override: WRITING,
      expect: { status: [403], errors: ['insufficient_scope'] },
    },
    { base: 'scope-enough' },
  ),
  invalid<RequestTest>(
    'unknown',
    'A token that the authorization server does not know.',
    'INTRO-2.2-03',
    { request: withToken('opaque-nobody'), expect: BAD_TOKEN },
  ),
  invalid<RequestTest>('opaque-no-proof', 'No proof beside the token.', 'DPOP-7.1-02', {
    request: request({ authorization: 'DPoP opaque-bound', proofs: null }),
    expect: KEY_DIFFERS,
  }),
  invalid<RequestTest>(
    'ath-of-another',
    'The proof has the hash of another token.',
    'DPOP-4.3-12',
    {
      request: request({
        authorization: 'DPoP opaque-bound',
        proofs: [proof({ token: 'opaque-aud-list' })],
      }),
      expect: {
        status: [401],
        errors: ['invalid_dpop_proof'],
        fieldsPresent: ['WWW-Authenticate'],
      },
    },
  ),
];

const underBearer: readonly Draft<RequestTest>[] = [
  good(['unbound', 'The answer names no key.', 'DPOP-6-01 INTRO-2.2-03', UNBOUND], 'Bearer'),
  ...(
    [
      ['bound-as-bearer', 'The answer names a key.', 'DPOP-7.2-01 DPOP-6-01', {}],
      [
        'bound-type-bearer-as-bearer',
        'The answer names a key, and Bearer for a type.',
        'DPOP-7.2-01 DPOP-6-01 DPOP-6.2-01',
        { token_type: 'Bearer' },
      ],
      [
        'bound-no-type-as-bearer',
        'The answer names a key, and no type.',
        'DPOP-7.2-01 DPOP-6-01',
        { token_type: undefined },
      ],
    ] as const
  ).map(refusedBearer),
  invalid<RequestTest>(
    'inactive-as-bearer',
    'active is false.',
    'INTRO-2.2-03',
    content('inactive-as-bearer', { ...UNBOUND, active: false }, 'Bearer', BAD_TOKEN),
  ),
  ...(
    [
      [
        'A server that says DPoP and names no key has lost the binding; nobody can confirm it.',
        'type-dpop-no-cnf',
        'The type is DPoP, and the answer names no key.',
        { cnf: undefined },
      ],
      [
        'What is not understood must not count as unbound.',
        'cnf-null-as-bearer',
        'cnf is null.',
        { ...UNBOUND, cnf: null },
      ],
      [
        'What is not understood must not count as unbound.',
        'cnf-empty-as-bearer',
        'cnf is an empty object.',
        { ...UNBOUND, cnf: {} },
      ],
    ] as const
  ).map(([reason, id, comment, answer]) =>
    acceptable<RequestTest>(
      'reject',
      id,
      comment,
      'DPOP-6.1-P1 DPOP-6-01',
      content(id, answer, 'Bearer', BAD_TOKEN),
      { reason, flags: ['Downgrade'] },
    ),
  ),
];

const config = (changes: Partial<RsConfig> = {}): RsConfig =>
  rsConfig({ introspection: answers, ...changes });

/** Opaque tokens: all that is known of them is what introspection answers (RFC 7662, RFC 9449 §6.2). */
const rsIntrospection: FileDraft = {
  file: 'rs-introspection',
  title: 'Opaque tokens and what introspection says of them',
  groups: [
    group('RsVerify', 'dpop', 'Under DPoP, with a good proof by ec1.', config(), underDpop),
    group(
      'RsVerify',
      'bearer',
      'Under Bearer, at a resource that takes both schemes.',
      config({ schemes: ['DPoP', 'Bearer'] }),
      underBearer,
    ),
  ],
};

export default rsIntrospection;
