import type { ChallengeAssertion, RequestVector } from '../../src/format.ts';
import {
  type Assertions,
  type ChallengeCase,
  challenge,
  must,
  should,
  status,
} from '../challenge-cases.ts';
import { CLOCK, rsConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import { accessToken, proof, request, withToken } from '../messages.ts';

const ANONYMOUS = request({ authorization: null, proofs: null });
const EXPIRED = { iat: CLOCK - 601, exp: CLOCK - 301 };

const SHOULD_NOT_BE_STORED = {
  reason: 'RFC 9449 §8.2 recommends that responses with a nonce cannot be stored.',
};

const NONCE = 'nonce-2';
const NO_STORE: ChallengeAssertion = {
  kind: 'field-contains',
  name: 'Cache-Control',
  text: 'no-store',
};
const NONCE_ONCE: Assertions = [
  { kind: 'field-once', name: 'DPoP-Nonce' },
  { kind: 'field-contains', name: 'DPoP-Nonce', text: NONCE },
];
const GIVEN = {
  reason: 'RFC 9449 §8.2 allows a nonce in any response; with a refusal it spares a round trip.',
};

function withNonce(claims: Readonly<Record<string, unknown>>): RequestVector {
  return request({ proofs: [proof({ claims })] });
}

const NONCES: readonly ChallengeCase[] = [
  ...(
    [
      ['nonce-missing', 'No nonce in the proof.', 'DPOP-9-01 DPOP-11.3-01', request()],
      [
        'nonce-unknown',
        'A nonce that nobody gave.',
        'DPOP-9-01 DPOP-8-04',
        withNonce({ nonce: 'guess' }),
      ],
    ] as const
  ).flatMap(([id, comment, ids, vector]) => [
    must(
      id,
      `${comment.slice(0, -1)}: told to use one, and given exactly one.`,
      `${ids} DPOP-8-03`,
      vector,
      [status(401), challenge('DPoP', { error: 'use_dpop_nonce' }), ...NONCE_ONCE],
    ),
    should(
      `${id}-no-store`,
      `${comment.slice(0, -1)}: the answer is not to be stored.`,
      'DPOP-8.2-02',
      vector,
      [NO_STORE],
      SHOULD_NOT_BE_STORED,
    ),
  ]),
  ...(
    [
      [
        'nonce-with-bad-proof',
        'A proof for another method',
        withNonce({ nonce: NONCE, htm: 'POST' }),
      ],
      [
        'nonce-with-bad-token',
        'An expired token',
        request({
          authorization: `DPoP ${accessToken({ claims: EXPIRED })}`,
          proofs: [proof({ token: accessToken({ claims: EXPIRED }), claims: { nonce: NONCE } })],
        }),
      ],
      ['nonce-with-none', 'No credentials', ANONYMOUS],
      ['nonce-with-bearer', 'A bound token under Bearer', withToken(accessToken(), 'Bearer')],
    ] as const
  ).map(([id, what, vector]) =>
    should(
      id,
      `${what}: a nonce for the next proof, once, and nothing to be stored.`,
      'DPOP-9-P1 DPOP-8-03 DPOP-8.2-02',
      vector,
      [status(401), ...NONCE_ONCE, NO_STORE],
      GIVEN,
    ),
  ),
  should(
    'nonce-good-other-error',
    'A good nonce and another fault: the error is that of the fault.',
    'DPOP-9-P1 DPOP-7.1-06',
    withNonce({ nonce: NONCE, htm: 'POST' }),
    [challenge('DPoP', { error: 'invalid_dpop_proof' })],
    { reason: 'Told to use a nonce, a client that has used it would try for ever.' },
  ),
  should(
    'nonce-with-success',
    'The nonce before the current one: accepted, with the current one for the next proof.',
    'DPOP-8-05 DPOP-8-03 DPOP-8.2-02',
    withNonce({ nonce: 'nonce-1' }),
    [status(200), ...NONCE_ONCE, NO_STORE],
    {
      reason: 'RFC 9449 §8.2 lets a server renew nonces with good answers, which spares refusals.',
    },
  ),
];

const challengeNonces: FileDraft = {
  file: 'challenge-nonces',
  title: 'Nonces in the answers of a resource',
  groups: [
    group(
      'Challenge',
      'nonces',
      'A resource that takes both, and demands nonces of proofs.',
      rsConfig({
        schemes: ['DPoP', 'Bearer'],
        nonce: { current: NONCE, accepted: ['nonce-1', NONCE] },
      }),
      NONCES,
    ),
  ],
};

export default challengeNonces;
