import type { AsRequestVector, Expect, SequenceStep, SequenceTest } from '../../src/format.ts';
import {
  AS_BAD_REQUEST,
  BAD_CLIENT,
  BAD_GRANT,
  boundTo,
  forItself,
  refresh,
  withRefreshToken,
} from '../as-cases.ts';
import { acceptedOf, firstOf, proofOf, refusedOf } from '../as-steps.ts';
import { ALGORITHMS, asConfig, basic, CLOCK, ISSUER } from '../deployment.ts';
import { type FileDraft, group, invalid, valid } from '../draft.ts';
import { KEYS } from '../keys/keys.ts';
import { asProof, asRequest } from '../messages.ts';

const TOKEN = '{{0.access_token}}';

/** The resource server asks about a token. */
function asks(token = TOKEN, dpop: readonly string[] = []): AsRequestVector {
  return asRequest('introspection', { token }, { dpop, authorization: basic('api') });
}

const BOUND: Expect = {
  status: [200],
  body: { active: true, cnf: { jkt: KEYS.ec1.jkt } },
};
const INACTIVE: Expect = {
  status: [200],
  body: { active: false },
  bodyAbsent: ['cnf', 'scope', 'client_id', 'sub', 'aud', 'token_type'],
};

const opaque = firstOf('an opaque token', forItself(proofOf('jti-1'), {}, 'machine-opaque'));
const jwt = firstOf('a JWT', forItself(proofOf('jti-1')));

const introspection = group(
  'Sequence',
  'introspection',
  'A resource server asks what a token is.',
  asConfig(),
  [
    ...(
      [
        ['opaque', 'An opaque token that is bound.', opaque],
        ['jwt', 'A JWT that is bound.', jwt],
      ] as const
    ).map(([id, comment, first]) =>
      valid<SequenceTest>(id, comment, 'DPOP-6.2-01', {
        steps: [first, acceptedOf('what it is', asks(), { expect: BOUND })],
      }),
    ),
    valid<SequenceTest>(
      'type',
      'The type of a bound token, which servers that tell none fail to tell.',
      'DPOP-6.2-01',
      {
        steps: [
          opaque,
          acceptedOf('what it is', asks(), {
            expect: { status: [200], body: { active: true, token_type: 'DPoP' } },
          }),
        ],
      },
      { reason: 'RFC 7662 §2.2 makes the type optional; this suite holds that it is to be told.' },
    ),
    valid<SequenceTest>(
      'after-refresh',
      'A token that a refresh brought.',
      'DPOP-6.2-01 DPOP-5-04',
      {
        state: withRefreshToken(),
        steps: [
          firstOf('a refresh', refresh({ dpop: proofOf('jti-1') })),
          acceptedOf('what it is', asks(), { expect: BOUND }),
        ],
      },
    ),
    valid<SequenceTest>('not-bound', 'A token that is not bound.', 'DPOP-6.2-01', {
      steps: [
        firstOf('an opaque token', forItself([], {}, 'machine-opaque')),
        acceptedOf('what it is', asks(), {
          expect: { status: [200], body: { active: true }, bodyAbsent: ['cnf'] },
        }),
      ],
    }),
    ...(
      [
        [
          'with-proof',
          'With a proof of the client for this endpoint.',
          [asProof({}, 'introspection')],
        ],
        [
          'with-proof-of-another',
          'With a proof by another key.',
          [asProof({ key: KEYS.ec2 }, 'introspection')],
        ],
        ['with-bad-proof', 'With a DPoP field that is no proof.', ['undefined']],
      ] as const
    ).map(([id, comment, dpop]) =>
      valid<SequenceTest>(
        id,
        comment,
        'DPOP-6.2-03',
        {
          steps: [
            opaque,
            acceptedOf('what it is', asks(TOKEN, dpop), {
              expect: BOUND,
              result: 'acceptable',
              policy: 'accept',
            }),
          ],
        },
        {
          reason:
            'The binding is checked at the resource; what a DPoP field means here no RFC says.',
        },
      ),
    ),
    ...(
      [
        [
          'unauthenticated',
          'Nobody in particular asks.',
          asRequest('introspection', { token: TOKEN }),
          { ...BAD_CLIENT, errors: ['invalid_client', 'invalid_request'] },
        ],
        [
          'public-client',
          'A public client names itself.',
          asRequest('introspection', { token: TOKEN, client_id: 'app' }),
          BAD_CLIENT,
        ],
        [
          'wrong-secret',
          'A resource server with a wrong secret.',
          asRequest(
            'introspection',
            { token: TOKEN },
            { authorization: `Basic ${Buffer.from('api:wrong').toString('base64')}` },
          ),
          BAD_CLIENT,
        ],
        [
          'proof-alone',
          'Somebody shows the proof that fits the token, and no secret.',
          asRequest(
            'introspection',
            { token: TOKEN, client_id: 'api' },
            { dpop: [asProof({}, 'introspection')] },
          ),
          BAD_CLIENT,
        ],
      ] as const
    ).map(([id, comment, request, expect]) =>
      invalid<SequenceTest>(id, comment, 'INTRO-2-01', {
        steps: [opaque, refusedOf('who asks', request, expect)],
      }),
    ),
    invalid<SequenceTest>('no-token', 'A question about no token.', 'INTRO-2-01', {
      steps: [
        opaque,
        refusedOf(
          'about nothing',
          asRequest('introspection', {}, { authorization: basic('api') }),
          AS_BAD_REQUEST,
        ),
      ],
    }),
    ...(
      [
        ['unknown', 'A token that nobody was given.', asks('a-token-of-nobody'), {}],
        ['altered', 'A token with another last character.', asks(`${TOKEN}x`), {}],
        ['expired', 'The token a day later.', asks(), { clock: CLOCK + 86_400 }],
      ] as const
    ).map(([id, comment, request, changes]) =>
      valid<SequenceTest>(id, comment, 'INTRO-2.2-01', {
        steps: [jwt, acceptedOf('what it is', request, { expect: INACTIVE, ...changes })],
      }),
    ),
  ],
);

function revokes(
  token: string,
  by: { readonly as: string } | { readonly client_id: string },
): AsRequestVector {
  return 'as' in by
    ? asRequest('revocation', { token }, { authorization: basic(by.as) })
    : asRequest('revocation', { token, ...by });
}

const revoked = (token: string): SequenceStep =>
  firstOf('revoked', revokes(token, { client_id: 'app' }));
const NEXT = { refresh_token: '{{0.refresh_token}}' };

const revocation = group('Sequence', 'revocation', 'A client gives a token back.', asConfig(), [
  invalid<SequenceTest>('refresh-token', 'A refresh token is used after that.', 'REVOKE-2-01', {
    state: withRefreshToken(),
    steps: [
      revoked('{{token}}'),
      refusedOf('afterwards', refresh({ dpop: proofOf('jti-1') }), BAD_GRANT),
    ],
  }),
  invalid<SequenceTest>(
    'successor',
    'The successor of a refresh token is used after that.',
    'REVOKE-2-01',
    {
      state: withRefreshToken(),
      steps: [
        firstOf('a refresh', refresh({ dpop: proofOf('jti-1') })),
        revoked('{{0.refresh_token}}'),
        refusedOf('afterwards', refresh({ dpop: proofOf('jti-2'), form: NEXT }), BAD_GRANT),
      ],
    },
  ),
  valid<SequenceTest>(
    'access-token',
    'An access token is introspected after that.',
    'REVOKE-2-01',
    {
      steps: [
        opaque,
        firstOf('revoked', revokes(TOKEN, { as: 'machine-opaque' })),
        acceptedOf('what it is', asks(), { expect: INACTIVE }),
      ],
    },
  ),
  valid<SequenceTest>('unknown-token', 'A token that nobody was given.', 'REVOKE-2.2-01', {
    steps: [acceptedOf('an unknown one', revokes('a-token-of-nobody', { client_id: 'app' }))],
  }),
  valid<SequenceTest>('twice', 'A token that was given back before.', 'REVOKE-2.2-01', {
    state: withRefreshToken(),
    steps: [revoked('{{token}}'), acceptedOf('again', revokes('{{token}}', { client_id: 'app' }))],
  }),
  valid<SequenceTest>(
    'of-another-client',
    'A client gives the token of another one back, which goes on working.',
    'REVOKE-2.1-01',
    {
      state: withRefreshToken(),
      steps: [
        refusedOf('another client', revokes('{{token}}', { as: 'web' }), {
          status: [400, 401, 403],
        }),
        acceptedOf('the owner', refresh({ dpop: proofOf('jti-1') }), { expect: boundTo(KEYS.ec1) }),
      ],
    },
  ),
  valid<SequenceTest>(
    'without-secret',
    'Somebody gives the token of a confidential client back without its secret.',
    'REVOKE-2.1-01 DPOP-11.11-01',
    {
      state: withRefreshToken({ client: 'web' }),
      steps: [
        refusedOf(
          'no secret',
          asRequest(
            'revocation',
            { token: '{{token}}', client_id: 'web' },
            { dpop: [asProof({}, 'revocation')] },
          ),
          BAD_CLIENT,
        ),
        acceptedOf('the owner', refresh({ dpop: proofOf('jti-1'), as: 'web' }), {
          expect: boundTo(KEYS.ec1),
        }),
      ],
    },
  ),
]);

const { token, authorization, pushed_authorization_request } = asConfig().endpoints;

const metadata = group('Sequence', 'metadata', 'What the server says of itself.', asConfig(), [
  valid<SequenceTest>('endpoints', 'The issuer and the endpoints.', 'META-2-01 META-3.2-01', {
    steps: [
      acceptedOf('metadata', asRequest('metadata', {}), {
        expect: {
          status: [200],
          body: {
            issuer: ISSUER,
            authorization_endpoint: authorization,
            token_endpoint: token,
            pushed_authorization_request_endpoint: pushed_authorization_request,
          },
        },
      }),
    ],
  }),
  valid<SequenceTest>(
    'algorithms',
    'The algorithms of proofs, all that are accepted and no other, in the order of the configuration.',
    'DPOP-5.1-01 SEP1932-AS-01',
    {
      steps: [
        acceptedOf('metadata', asRequest('metadata', {}), {
          expect: { status: [200], body: { dpop_signing_alg_values_supported: ALGORITHMS } },
        }),
      ],
    },
  ),
  valid<SequenceTest>('pkce', 'S256 alone.', 'META-2-02 PKCE-4.2-01', {
    steps: [
      acceptedOf('metadata', asRequest('metadata', {}), {
        expect: { status: [200], body: { code_challenge_methods_supported: ['S256'] } },
      }),
    ],
  }),
]);

const asIntrospection: FileDraft = {
  file: 'as-introspection',
  title: 'Introspection, revocation and metadata',
  groups: [introspection, revocation, metadata],
};

export default asIntrospection;
