import type { SequenceTest } from '../../src/format.ts';
import {
  AS_BAD_PROOF,
  BAD_GRANT,
  boundTo,
  forItself,
  OTHER_KEY,
  push,
  redemption,
  refresh,
  VERIFIER,
  withCode,
  withRefreshToken,
} from '../as-cases.ts';
import { acceptedOf, firstOf, proofOf, refusedOf } from '../as-steps.ts';
import { asConfig, CLOCK } from '../deployment.ts';
import { AS_NONCE_WANTED, type FileDraft, group, invalid, valid } from '../draft.ts';
import { KEYS } from '../keys/keys.ts';
import { asProof } from '../messages.ts';

const OWNER = { expect: boundTo(KEYS.ec1) };
const WRONG_VERIFIER = { code_verifier: `${VERIFIER}~` };
/** The refresh token that the first step gave. */
const NEXT = { refresh_token: '{{0.refresh_token}}' };

/** A proof that embeds `ec1` and that another key has signed. */
function badProof(jti: string): readonly [string] {
  return [asProof({ key: KEYS.ec2, claims: { jti }, header: { jwk: KEYS.ec1.jwk } })];
}

const NONCE = { current: 'as-n1', accepted: ['as-n1'] };

const codes = group('Sequence', 'codes', 'What uses a code up, and what does not.', asConfig(), [
  valid<SequenceTest>(
    'nonce-demand-spares-code',
    'A demand for a nonce, then the same code with the nonce.',
    'DPOP-8-P1 DPOP-8-01',
    {
      state: withCode(),
      override: { nonce: NONCE },
      steps: [
        refusedOf('no nonce', redemption({ dpop: proofOf('jti-1') }), AS_NONCE_WANTED),
        acceptedOf('the nonce', redemption({ dpop: proofOf('jti-2', { nonce: 'as-n1' }) }), OWNER),
      ],
    },
  ),
  valid<SequenceTest>(
    'bad-proof-spares-code',
    'A bad proof, then the same code with a good one.',
    'DPOP-8-P1',
    {
      state: withCode(),
      steps: [
        refusedOf('a bad signature', redemption({ dpop: badProof('jti-1') }), AS_BAD_PROOF),
        acceptedOf('a good one', redemption({ dpop: proofOf('jti-2') }), OWNER),
      ],
    },
  ),
  valid<SequenceTest>(
    'no-proof-spares-code',
    'No proof, then the same code with one.',
    'DPOP-8-P1 DPOP-5.2-01',
    {
      state: withCode(),
      steps: [
        refusedOf('no proof', redemption({}), AS_BAD_PROOF),
        acceptedOf('a proof', redemption({ dpop: proofOf('jti-1') }), OWNER),
      ],
    },
  ),
  valid<SequenceTest>(
    'thief-spares-bound-code',
    'A thief has the code and another key than it belongs to.',
    'DPOP-10-01 DPOP-8-P1',
    {
      state: withCode({ dpopJkt: KEYS.ec1.jkt }),
      steps: [
        refusedOf(
          'the thief',
          redemption({ dpop: proofOf('jti-1', { key: KEYS.ec2 }) }),
          OTHER_KEY,
        ),
        acceptedOf('the owner', redemption({ dpop: proofOf('jti-2') }), OWNER),
      ],
    },
  ),
  invalid<SequenceTest>(
    'code-twice',
    'The same code with two proofs of the same key.',
    'OAUTH-4.1.2-01',
    {
      state: withCode(),
      steps: [
        firstOf('first', redemption({ dpop: proofOf('jti-1') })),
        refusedOf('again', redemption({ dpop: proofOf('jti-2') }), BAD_GRANT),
      ],
    },
  ),
  invalid<SequenceTest>(
    'code-twice-ends-tokens',
    'The refresh token of a code that was redeemed twice.',
    'OAUTH-4.1.3-01 OAUTH-4.1.2-01',
    {
      state: withCode(),
      steps: [
        firstOf('first', redemption({ dpop: proofOf('jti-1') })),
        refusedOf('again', redemption({ dpop: proofOf('jti-2') }), BAD_GRANT, { setup: true }),
        refusedOf('its token', refresh({ dpop: proofOf('jti-3'), form: NEXT }), BAD_GRANT, {
          result: 'acceptable',
          policy: 'reject',
        }),
      ],
    },
    { reason: 'RFC 6749 §4.1.2 recommends to revoke the tokens, and does not demand it.' },
  ),
  ...(
    [
      [
        'wrong-verifier',
        'without the verifier',
        redemption({ dpop: proofOf('jti-2', { key: KEYS.ec2 }), form: WRONG_VERIFIER }),
      ],
      [
        'other-client',
        'as another client',
        redemption({
          dpop: proofOf('jti-2', { key: KEYS.ec2 }),
          form: { client_id: 'app-bearer' },
        }),
      ],
    ] as const
  ).map(([id, what, request]) =>
    valid<SequenceTest>(
      `${id}-ends-nothing`,
      `Somebody tries a code that was redeemed, ${what}.`,
      'OAUTH-4.1.3-01',
      {
        state: withCode(),
        steps: [
          firstOf('the owner', redemption({ dpop: proofOf('jti-1') })),
          refusedOf('somebody', request, BAD_GRANT, { setup: true }),
          acceptedOf('the owner’s token', refresh({ dpop: proofOf('jti-3'), form: NEXT }), {
            ...OWNER,
            result: 'acceptable',
            policy: 'accept',
          }),
        ],
      },
      { reason: 'Nobody should be able to end tokens by a request that would not have succeeded.' },
    ),
  ),
  invalid<SequenceTest>(
    'code-old',
    'A code that nobody has redeemed in an hour.',
    'OAUTH-4.1.2-01',
    {
      state: withCode(),
      steps: [
        refusedOf('late', redemption({ dpop: proofOf('jti-1', { seconds: 3600 }) }), BAD_GRANT, {
          clock: CLOCK + 3600,
        }),
      ],
    },
  ),
  valid<SequenceTest>('code-at-once', 'Eight redemptions of one code at once.', 'OAUTH-4.1.2-01', {
    state: withCode(),
    steps: [
      {
        comment: 'eight proofs',
        requests: Array.from({ length: 8 }, (_, index) =>
          redemption({ dpop: proofOf(`jti-${index}`) }),
        ),
        accepted: 1,
        result: 'valid',
        expect: BAD_GRANT,
      },
    ],
  }),
]);

const PUSHED_TWICE = push({
  dpop: [asProof({ claims: { jti: 'jti-1' } }, 'pushed_authorization_request')],
});

const replays = group(
  'Sequence',
  'replays',
  'A server that remembers the proofs of token requests.',
  asConfig(),
  [
    invalid<SequenceTest>('again', 'The same request twice.', 'DPOP-11.1-02', {
      steps: [
        firstOf('first', forItself(proofOf('jti-1'))),
        refusedOf('again', forItself(proofOf('jti-1')), AS_BAD_PROOF),
      ],
    }),
    invalid<SequenceTest>(
      'pushed-again',
      'The same pushed request twice.',
      'DPOP-11.1-02 DPOP-10.1-02',
      {
        steps: [firstOf('first', PUSHED_TWICE), refusedOf('again', PUSHED_TWICE, AS_BAD_PROOF)],
      },
    ),
    invalid<SequenceTest>(
      'by-another-client',
      'The same proof with the credentials of another client.',
      'DPOP-11.1-02',
      {
        steps: [
          firstOf('first', forItself(proofOf('jti-1'))),
          refusedOf(
            'another client',
            forItself(proofOf('jti-1'), {}, 'machine-opaque'),
            AS_BAD_PROOF,
          ),
        ],
      },
    ),
    invalid<SequenceTest>(
      'for-another-grant',
      'A proof that has served for a refresh, with the token that it brought.',
      'DPOP-11.1-02',
      {
        state: withRefreshToken(),
        steps: [
          firstOf('a refresh', refresh({ dpop: proofOf('jti-1') })),
          refusedOf('the next', refresh({ dpop: proofOf('jti-1'), form: NEXT }), AS_BAD_PROOF),
        ],
      },
    ),
    invalid<SequenceTest>(
      'other-signature',
      'The same claims with the other value of s, which needs no key.',
      'DPOP-11.1-P1 DPOP-11.1-02',
      {
        steps: [
          firstOf(
            'first',
            forItself([asProof({ claims: { jti: 'jti-1' }, choice: { s: 'low' } })]),
          ),
          refusedOf(
            'again',
            forItself([asProof({ claims: { jti: 'jti-1' }, choice: { s: 'high' } })]),
            AS_BAD_PROOF,
          ),
        ],
      },
    ),
    invalid<SequenceTest>(
      'at-the-end',
      'The same request in the last second of its proof.',
      'DPOP-11.1-P2',
      {
        steps: [
          firstOf('made ahead', forItself(proofOf('jti-1', { seconds: 30 }))),
          refusedOf('again', forItself(proofOf('jti-1', { seconds: 30 })), AS_BAD_PROOF, {
            clock: CLOCK + 90,
          }),
        ],
      },
    ),
    invalid<SequenceTest>(
      'after-the-end',
      'The same request when its proof is too old.',
      'DPOP-11.1-01',
      {
        steps: [
          firstOf('first', forItself(proofOf('jti-1'))),
          refusedOf('much later', forItself(proofOf('jti-1')), AS_BAD_PROOF, { clock: CLOCK + 61 }),
        ],
      },
    ),
    valid<SequenceTest>('at-once', 'Twenty copies of a request at once.', 'DPOP-11.1-P2', {
      steps: [
        {
          comment: 'twenty copies',
          requests: [forItself(proofOf('jti-1'))],
          times: 20,
          accepted: 1,
          result: 'valid',
          expect: AS_BAD_PROOF,
        },
      ],
    }),
    valid<SequenceTest>(
      'bad-one-first',
      'A bad proof with the jti of the good one.',
      'DPOP-11.1-P2',
      {
        steps: [
          refusedOf('a bad signature', forItself(badProof('jti-1')), AS_BAD_PROOF, { setup: true }),
          acceptedOf('a good one', forItself(proofOf('jti-1')), OWNER),
        ],
      },
    ),
    valid<SequenceTest>('two-proofs', 'Two proofs of one key.', 'DPOP-11.1-02', {
      steps: [
        firstOf('first', forItself(proofOf('jti-1'))),
        acceptedOf('second', forItself(proofOf('jti-2')), OWNER),
      ],
    }),
    valid<SequenceTest>('nonce-in-two-proofs', 'One nonce in two proofs.', 'DPOP-11.1-05', {
      override: { nonce: NONCE },
      steps: [
        firstOf('first', forItself(proofOf('jti-1', { nonce: 'as-n1' }))),
        acceptedOf('second', forItself(proofOf('jti-2', { nonce: 'as-n1' })), OWNER),
      ],
    }),
    invalid<SequenceTest>(
      'two-rotations',
      'A nonce from two rotations ago.',
      'DPOP-8-04 DPOP-4.3-10',
      {
        override: { nonce: NONCE },
        steps: [
          firstOf('before', forItself(proofOf('jti-1', { nonce: 'as-n1' }))),
          refusedOf('after', forItself(proofOf('jti-2', { nonce: 'as-n1' })), AS_NONCE_WANTED, {
            nonce: { current: 'as-n3', accepted: ['as-n3', 'as-n2'] },
          }),
        ],
      },
    ),
  ],
);

const asSequences: FileDraft = {
  file: 'as-sequences',
  title: 'What an authorization server remembers of codes and proofs',
  groups: [codes, replays],
};

export default asSequences;
