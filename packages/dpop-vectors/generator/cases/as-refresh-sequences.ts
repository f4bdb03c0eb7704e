import type { SequenceTest } from '../../src/format.ts';
import {
  AS_BAD_PROOF,
  BAD_GRANT,
  boundTo,
  OTHER_KEY,
  PROOF_WANTED,
  redemption,
  refresh,
  withCode,
  withRefreshToken,
} from '../as-cases.ts';
import { acceptedOf, firstOf, proofOf, refusedOf } from '../as-steps.ts';
import { asConfig, CLOCK } from '../deployment.ts';
import { AS_NONCE_WANTED, type FileDraft, group, invalid, valid } from '../draft.ts';
import { KEYS } from '../keys/keys.ts';
import { asProof } from '../messages.ts';

const OWNER = { expect: boundTo(KEYS.ec1) };
const THIEF = { key: KEYS.ec2 };
const BEARER_APP = { client_id: 'app-bearer' };

/** The refresh token that a step gave. */
function from(step: number): { refresh_token: string } {
  return { refresh_token: `{{${step}.refresh_token}}` };
}

const binding = group(
  'Sequence',
  'binding',
  'The key of a refresh token, from the first to the last.',
  asConfig(),
  [
    valid<SequenceTest>(
      'from-code',
      'The token that a code brought, with the same key.',
      'DPOP-5-04',
      {
        state: withCode(),
        steps: [
          firstOf('the code', redemption({ dpop: proofOf('jti-1') })),
          acceptedOf('the token', refresh({ dpop: proofOf('jti-2'), form: from(0) }), OWNER),
        ],
      },
    ),
    invalid<SequenceTest>(
      'from-code-other-key',
      'The token that a code brought, with another key.',
      'DPOP-5-05 DPOP-5-04',
      {
        state: withCode(),
        steps: [
          firstOf('the code', redemption({ dpop: proofOf('jti-1') })),
          refusedOf(
            'the token',
            refresh({ dpop: proofOf('jti-2', THIEF), form: from(0) }),
            OTHER_KEY,
          ),
        ],
      },
    ),
    invalid<SequenceTest>(
      'from-code-without-proof',
      'The token that a proven code brought a client that may do without proofs, without one.',
      'DPOP-5-06 DPOP-5-08',
      {
        state: withCode({ client: 'app-bearer' }),
        steps: [
          firstOf('the code', redemption({ dpop: proofOf('jti-1'), form: BEARER_APP })),
          refusedOf('the token', refresh({ form: { ...BEARER_APP, ...from(0) } }), PROOF_WANTED),
        ],
      },
    ),
    invalid<SequenceTest>(
      'three-rotations',
      'The token after three rotations, with another key and then with the right one.',
      'DPOP-5-05 MCP-RT-01',
      {
        state: withRefreshToken(),
        steps: [
          firstOf('first', refresh({ dpop: proofOf('jti-1') })),
          firstOf('second', refresh({ dpop: proofOf('jti-2'), form: from(0) })),
          firstOf('third', refresh({ dpop: proofOf('jti-3'), form: from(1) })),
          refusedOf(
            'the thief',
            refresh({ dpop: proofOf('jti-4', THIEF), form: from(2) }),
            OTHER_KEY,
          ),
          acceptedOf('the owner', refresh({ dpop: proofOf('jti-5'), form: from(2) }), OWNER),
        ],
      },
    ),
    invalid<SequenceTest>(
      'bound-later',
      'A token that was given without a proof, rotated with one and used with another key.',
      'DPOP-5-04 DPOP-5-05',
      {
        state: withRefreshToken({ client: 'app-bearer', jkt: null }),
        steps: [
          firstOf('a proof', refresh({ dpop: proofOf('jti-1'), form: BEARER_APP })),
          refusedOf(
            'another key',
            refresh({ dpop: proofOf('jti-2', THIEF), form: { ...BEARER_APP, ...from(0) } }),
            OTHER_KEY,
          ),
        ],
      },
    ),
    valid<SequenceTest>(
      'confidential-changes-keys',
      'A confidential client with three keys in turn.',
      'DPOP-5-07',
      {
        state: withRefreshToken({ client: 'web' }),
        steps: [KEYS.ec1, KEYS.ec2, KEYS.ed1].map((key, index) =>
          acceptedOf(key.name, refresh({ dpop: proofOf(`jti-${index}`, { key }), as: 'web' }), {
            expect: boundTo(key),
          }),
        ),
      },
    ),
  ],
);

/** What is refused before the owner comes. */
const failures = [
  [
    'thief',
    'A thief with another key.',
    'DPOP-5-05',
    refresh({ dpop: proofOf('jti-1', THIEF) }),
    OTHER_KEY,
  ],
  ['no-proof', 'Somebody without a proof.', 'DPOP-5-06', refresh({}), PROOF_WANTED],
  [
    'bad-proof',
    'A proof with a bad signature.',
    'DPOP-5-02',
    refresh({ dpop: [asProof({ key: KEYS.ec2, header: { jwk: KEYS.ec1.jwk } })] }),
    AS_BAD_PROOF,
  ],
  [
    'other-client',
    'Another client.',
    'OAUTH-6-01',
    refresh({ dpop: proofOf('jti-1'), form: BEARER_APP }),
    BAD_GRANT,
  ],
] as const;

const sparing = group(
  'Sequence',
  'sparing',
  'A refused request uses no refresh token up.',
  asConfig(),
  [
    ...failures.map(([id, comment, requirement, request, expect]) =>
      valid<SequenceTest>(
        `${id}-spares-token`,
        `${comment} Then the owner.`,
        `DPOP-8-P1 ${requirement}`,
        {
          state: withRefreshToken(),
          steps: [
            refusedOf('refused', request, expect),
            acceptedOf('the owner', refresh({ dpop: proofOf('jti-2') }), OWNER),
          ],
        },
      ),
    ),
    valid<SequenceTest>(
      'nonce-demand-spares-token',
      'A demand for a nonce. Then the nonce.',
      'DPOP-8-P1 DPOP-8-01',
      {
        state: withRefreshToken(),
        override: { nonce: { current: 'as-n1', accepted: ['as-n1'] } },
        steps: [
          refusedOf('no nonce', refresh({ dpop: proofOf('jti-1') }), AS_NONCE_WANTED),
          acceptedOf('the nonce', refresh({ dpop: proofOf('jti-2', { nonce: 'as-n1' }) }), OWNER),
        ],
      },
    ),
  ],
);

const LATER = { clock: CLOCK + 120 };

const reuse = group(
  'Sequence',
  'reuse',
  'A refresh token that was replaced comes again.',
  asConfig(),
  [
    invalid<SequenceTest>(
      'never-bound',
      'A token that belongs to no key comes again, and with it the whole family ends.',
      'BCP-2.2.2-01',
      {
        state: withRefreshToken({ client: 'app-bearer', jkt: null }),
        steps: [
          firstOf('first', refresh({ form: BEARER_APP })),
          refusedOf('again', refresh({ form: BEARER_APP }), BAD_GRANT, LATER),
          refusedOf(
            'its successor',
            refresh({ form: { ...BEARER_APP, ...from(0) } }),
            BAD_GRANT,
            LATER,
          ),
        ],
      },
    ),
    invalid<SequenceTest>(
      'bound',
      'A token comes again with its key when the answer cannot have been lost any more.',
      'BCP-2.2.2-01',
      {
        state: withRefreshToken(),
        steps: [
          firstOf('first', refresh({ dpop: proofOf('jti-1') })),
          refusedOf('again', refresh({ dpop: proofOf('jti-2', { seconds: 120 }) }), BAD_GRANT, {
            ...LATER,
            result: 'acceptable',
            policy: 'reject',
          }),
          refusedOf(
            'its successor',
            refresh({ dpop: proofOf('jti-3', { seconds: 120 }), form: from(0) }),
            BAD_GRANT,
            { ...LATER, result: 'acceptable', policy: 'reject' },
          ),
        ],
      },
      {
        reason:
          'RFC 9700 §2.2.2 is content with tokens that are bound; to look for reuse is more than it asks.',
      },
    ),
    valid<SequenceTest>(
      'thief-ends-nothing',
      'A thief tries a token that was replaced, with another key.',
      'DPOP-5-05',
      {
        state: withRefreshToken(),
        steps: [
          firstOf('the owner', refresh({ dpop: proofOf('jti-1') })),
          refusedOf('the thief', refresh({ dpop: proofOf('jti-2', THIEF) }), OTHER_KEY),
          acceptedOf('the owner again', refresh({ dpop: proofOf('jti-3'), form: from(0) }), {
            ...OWNER,
            result: 'acceptable',
            policy: 'accept',
          }),
        ],
      },
      {
        reason:
          'Who lacks the key should not be able to end the tokens of its owner; RFC 9700 leaves it open.',
      },
    ),
  ],
);

const asRefreshSequences: FileDraft = {
  file: 'as-refresh-sequences',
  title: 'What an authorization server remembers of refresh tokens',
  groups: [binding, sparing, reuse],
};

export default asRefreshSequences;
