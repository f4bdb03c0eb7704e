import type { RequestVector, SequenceTest } from '../../src/format.ts';
import { CLOCK, ORIGIN, rsConfig } from '../deployment.ts';
import {
  BAD_PROOF,
  BAD_TOKEN,
  type FileDraft,
  group,
  invalid,
  NONCE_WANTED,
  OK,
  valid,
} from '../draft.ts';
import { KEYS } from '../keys/keys.ts';
import { accessToken, proof, request } from '../messages.ts';
import { accepted, before, refusedBefore, refusedStep, sent } from '../rs-steps.ts';

const NONCE_PATH = '/dpop-nonce/notes';

/** A request to the resource that asks for nonces. */
function withNonce(jti: string, nonce?: string): RequestVector {
  return sent(jti, { target: NONCE_PATH, claims: nonce === undefined ? {} : { nonce } });
}

const FIRST = { current: 'n1', accepted: ['n1'] };
const SECOND = { current: 'n2', accepted: ['n2', 'n1'] };
const THIRD = { current: 'n3', accepted: ['n3', 'n2'] };

const nonces = group('Sequence', 'nonces', 'Nonces over time.', rsConfig({ nonce: FIRST }), [
  valid<SequenceTest>(
    'asked-and-given',
    'Without a nonce, then with the one that was given.',
    'DPOP-9-01 DPOP-11.3-01',
    {
      steps: [
        refusedBefore('without', withNonce('jti-1'), NONCE_WANTED),
        accepted('with it', withNonce('jti-2', 'n1')),
      ],
    },
  ),
  valid<SequenceTest>(
    'same-jti-after-demand',
    'The demand for a nonce does not use up the jti.',
    'DPOP-11.1-P2',
    {
      steps: [
        refusedBefore('without', withNonce('jti-1'), NONCE_WANTED),
        accepted('with it', withNonce('jti-1', 'n1')),
      ],
    },
  ),
  valid<SequenceTest>('used-twice', 'One nonce in two proofs.', 'DPOP-11.1-05', {
    steps: [
      before('first', withNonce('jti-1', 'n1')),
      accepted('second', withNonce('jti-2', 'n1')),
    ],
  }),
  valid<SequenceTest>('previous', 'The previous nonce right after a rotation.', 'DPOP-8-05', {
    steps: [
      before('before the rotation', withNonce('jti-1', 'n1')),
      accepted('after it', withNonce('jti-2', 'n1'), { nonce: SECOND }),
    ],
  }),
  invalid<SequenceTest>(
    'two-rotations',
    'A nonce from two rotations ago.',
    'DPOP-8-04 DPOP-4.3-10',
    {
      steps: [
        before('before the rotations', withNonce('jti-1', 'n1')),
        refusedStep('after them', withNonce('jti-2', 'n1'), { nonce: THIRD, expect: NONCE_WANTED }),
      ],
    },
  ),
  invalid<SequenceTest>(
    'no-longer-asked-nicely',
    'A proof without a nonce after others had one.',
    'DPOP-11.3-01',
    {
      steps: [
        before('with a nonce', withNonce('jti-1', 'n1')),
        refusedStep('without', withNonce('jti-2'), { expect: NONCE_WANTED }),
      ],
    },
  ),
  valid<SequenceTest>(
    'rotation-under-load',
    'Twenty requests with the previous nonce at once.',
    'DPOP-8-05',
    {
      steps: [
        {
          comment: 'twenty requests',
          nonce: SECOND,
          requests: Array.from({ length: 20 }, (_, index) => withNonce(`jti-${index}`, 'n1')),
          accepted: 20,
          result: 'valid',
          expect: OK,
        },
      ],
    },
  ),
  invalid<SequenceTest>(
    'replay-with-nonce',
    'The same proof twice, nonce included.',
    'DPOP-11.1-02',
    {
      steps: [
        before('first', withNonce('jti-1', 'n1')),
        refusedStep('again', withNonce('jti-1', 'n1')),
      ],
    },
  ),
]);

const stolen = group(
  'Sequence',
  'stolen-token',
  'A thief has the token of a request that was accepted.',
  rsConfig({ schemes: ['Bearer', 'DPoP'] }),
  (
    [
      [
        'as-bearer',
        'presents it as Bearer',
        request({
          target: '/either/notes',
          authorization: `Bearer ${accessToken()}`,
          proofs: null,
        }),
        'DPOP-7.2-01',
        BAD_TOKEN,
      ],
      [
        'with-own-key',
        'makes a proof with another key',
        request({
          target: '/either/notes',
          proofs: [
            proof({
              key: KEYS.ec2,
              token: accessToken(),
              claims: { htu: `${ORIGIN}/either/notes` },
            }),
          ],
        }),
        'DPOP-4.3-13',
        { ...BAD_TOKEN, errors: ['invalid_token', 'invalid_dpop_proof'] },
      ],
      [
        'with-the-proof',
        'sends the whole request again',
        sent('jti-1', { target: '/either/notes' }),
        'DPOP-11.1-02',
        BAD_PROOF,
      ],
      [
        'bearer-with-the-proof',
        'presents it as Bearer with the proof beside it',
        sent('jti-1', { target: '/either/notes', scheme: 'Bearer' }),
        'DPOP-7.2-01',
        BAD_TOKEN,
      ],
      [
        'without-proof',
        'presents it as DPoP without a proof',
        request({ target: '/either/notes', proofs: null }),
        'DPOP-7.1-02',
        { ...BAD_PROOF, errors: ['invalid_dpop_proof', 'invalid_token'] },
      ],
    ] as const
  ).map(([id, what, theft, requirement, expect]) =>
    invalid<SequenceTest>(
      id,
      `The thief ${what}.`,
      requirement,
      {
        steps: [
          before('the owner', sent('jti-1', { target: '/either/notes' })),
          refusedStep('the thief', theft, { expect }),
          accepted('the owner again', sent('jti-2', { target: '/either/notes' })),
        ],
      },
      { flags: ['Downgrade'], base: null },
    ),
  ),
);

const OPAQUE = 'opaque-token-of-the-vectors';

const time = group(
  'Sequence',
  'time',
  'What is remembered ends with what it was made of.',
  rsConfig({
    introspection: {
      [OPAQUE]: {
        active: true,
        iss: 'https://as.example',
        sub: 'alice',
        client_id: 'app',
        aud: ORIGIN,
        scope: 'notes:read notes:write',
        exp: CLOCK + 5,
        iat: CLOCK - 295,
        token_type: 'DPoP',
        cnf: { jkt: KEYS.ec1.jkt },
      },
    },
    schemes: ['Bearer', 'DPoP'],
  }),
  [
    invalid<SequenceTest>(
      'introspection-outlives-exp',
      'An introspected token after its end.',
      'INTRO-4-01',
      {
        steps: [
          before('while it is good', opaque('jti-1', CLOCK)),
          refusedStep('afterwards', opaque('jti-2', CLOCK + 400), {
            clock: CLOCK + 400,
            expect: BAD_TOKEN,
          }),
        ],
      },
      { base: null },
    ),
  ],
);

function opaque(jti: string, iat: number): RequestVector {
  return sent(jti, { target: '/opaque/notes', token: OPAQUE, claims: { iat } });
}

const expiry = group('Sequence', 'expiry', 'A JWT that was verified once.', rsConfig(), [
  invalid<SequenceTest>(
    'token-expires',
    'The same token after its end, with a new proof.',
    'ATJWT-4-05',
    {
      steps: [
        before('while it is good', sent('jti-1')),
        refusedStep('afterwards', sent('jti-2', { claims: { iat: CLOCK + 400 } }), {
          clock: CLOCK + 400,
          expect: BAD_TOKEN,
        }),
      ],
    },
    { base: null },
  ),
]);

const rsSequences: FileDraft = {
  file: 'rs-sequences',
  title: 'What a resource server remembers of nonces, tokens and owners',
  groups: [nonces, stolen, time, expiry],
};

export default rsSequences;
