import type { SequenceTest } from '../../src/format.ts';
import { CLOCK, rsConfig } from '../deployment.ts';
import {
  acceptable,
  BAD_PROOF,
  BAD_TOKEN,
  type FileDraft,
  group,
  invalid,
  OK,
  valid,
} from '../draft.ts';
import { base64url, fromBase64url } from '../encode/base64url.ts';
import { concat, number, octets } from '../encode/bytes.ts';
import { KEYS } from '../keys/keys.ts';
import { accessToken } from '../messages.ts';
import { accepted, before, LASTING, NOTES, refusedBefore, refusedStep, sent } from '../rs-steps.ts';
import { order } from '../sign/ecdsa.ts';

/** The same signature octets with the unused bits of the last character set: another text, no other proof. */
function otherTailBits(text: string): string {
  const [header, payload, signature = ''] = text.split('.');
  return `${header}.${payload}.${base64url(fromBase64url(signature), { tailBits: 1 })}`;
}

/** The other of the two values of s, which anybody can compute. */
function otherS(text: string): string {
  const [header, payload, signature = ''] = text.split('.');
  const bytes = fromBase64url(signature);
  const s = order('P-256') - number(bytes.slice(32));
  return `${header}.${payload}.${base64url(concat(bytes.slice(0, 32), octets(s, 32)))}`;
}

const replay = group('Sequence', 'replay', 'A proof counts once.', rsConfig(), [
  valid<SequenceTest>('two-proofs', 'Two requests, each with its own proof.', 'DPOP-11.1-02', {
    steps: [accepted('first', sent('jti-1')), accepted('second', sent('jti-2'))],
  }),
  invalid<SequenceTest>('same-request', 'The same request twice.', 'DPOP-11.1-02', {
    steps: [before('first', sent('jti-1')), refusedStep('again', sent('jti-1'))],
  }),
  invalid<SequenceTest>('other-query', 'The same proof with another query.', 'DPOP-11.1-02', {
    steps: [
      before('first', sent('jti-1')),
      refusedStep('again', sent('jti-1', { target: `${NOTES}?admin=1` })),
    ],
  }),
  invalid<SequenceTest>(
    'tail-bits',
    'Again with other unused bits in the last character of the signature.',
    'DPOP-11.1-P1 JOSE-7515-2-P1',
    {
      steps: [
        before('first', sent('jti-1')),
        refusedStep('respelled', sent('jti-1', { respell: otherTailBits })),
      ],
    },
    { flags: ['OtherSpelling'] },
  ),
  invalid<SequenceTest>(
    'other-s',
    'Again with n - s in the place of s, which is a good signature too.',
    'DPOP-11.1-P1 JOSE-7518-3.4-01',
    {
      steps: [
        before('first', sent('jti-1')),
        refusedStep('with the other s', sent('jti-1', { respell: otherS })),
      ],
    },
    { flags: ['OtherSpelling'] },
  ),
  ...['__proto__', 'constructor'].map((jti) =>
    invalid<SequenceTest>(
      `same-${jti.replaceAll('_', '')}`,
      `The same request twice, whose jti is ${jti}, a name every object has.`,
      'DPOP-11.1-02 JWTBCP-3.10-01',
      { steps: [accepted('first', sent(jti)), refusedStep('again', sent(jti))] },
    ),
  ),
  invalid<SequenceTest>(
    'new-signature',
    'The same jti in a proof that the key has signed anew.',
    'DPOP-11.1-P1 DPOP-11.1-02',
    {
      steps: [
        before('first', sent('jti-1')),
        refusedStep('signed anew', sent('jti-1', { claims: { iat: CLOCK - 1 } })),
      ],
    },
  ),
  invalid<SequenceTest>('parallel', 'Fifty copies at once: one passes.', 'DPOP-11.1-P2', {
    steps: [
      {
        comment: 'fifty copies',
        requests: [sent('jti-1')],
        times: 50,
        accepted: 1,
        result: 'invalid',
        expect: BAD_PROOF,
      },
    ],
  }),
  valid<SequenceTest>('parallel-distinct', 'Twenty different proofs at once.', 'DPOP-11.1-P2', {
    steps: [
      {
        comment: 'twenty requests',
        requests: Array.from({ length: 20 }, (_, index) => sent(`jti-${index}`)),
        accepted: 20,
        result: 'valid',
        expect: OK,
      },
    ],
  }),
  ...(
    [
      ['at-the-end', 60, 'at the last second of its window'],
      ['after-the-window', 61, 'when its window is over'],
      ['much-later', 3600, 'an hour later'],
    ] as const
  ).map(([id, later, when]) =>
    invalid<SequenceTest>(id, `Again ${when}.`, 'DPOP-11.1-01 DPOP-4.3-11', {
      steps: [
        before('first', sent('jti-1', { token: LASTING })),
        refusedStep(when, sent('jti-1', { token: LASTING }), { clock: CLOCK + later }),
      ],
    }),
  ),
  ...(
    [
      ['future-dated', 89, 'one second before its window ends'],
      ['future-dated-at-the-end', 90, 'at the last second of its window'],
    ] as const
  ).map(([id, later, when]) =>
    invalid<SequenceTest>(
      id,
      `A proof from 30 seconds ahead, again ${when}: it must be remembered for both halves.`,
      'DPOP-11.1-P2 DPOP-11.1-02',
      {
        steps: [
          before('first', sent('jti-1', { token: LASTING, claims: { iat: CLOCK + 30 } })),
          refusedStep(when, sent('jti-1', { token: LASTING, claims: { iat: CLOCK + 30 } }), {
            clock: CLOCK + later,
          }),
        ],
      },
    ),
  ),
  acceptable<SequenceTest>(
    'accept',
    'other-key',
    'The same jti in a proof of another key with its own token.',
    'DPOP-11.1-02',
    {
      steps: [
        before('first', sent('jti-1')),
        accepted('another client', sent('jti-1', { key: KEYS.ec2 }), {
          result: 'acceptable',
          policy: 'accept',
        }),
      ],
    },
    {
      reason: 'A client can promise that its own jti differ, and knows nothing of those of others.',
    },
  ),
  acceptable<SequenceTest>(
    'reject',
    'other-uri',
    'The same jti and key for another target.',
    'DPOP-11.1-02',
    {
      steps: [
        before('first', sent('jti-1')),
        refusedStep('another target', sent('jti-1', { target: '/either/notes' }), {
          result: 'acceptable',
          policy: 'reject',
        }),
      ],
    },
    {
      reason:
        'RFC 9449 §11.1 speaks of the context of the target URI; a client never has cause to use a jti twice.',
    },
  ),
]);

const identifiers = group(
  'Sequence',
  'identifiers',
  'Two jti are two, however much they resemble each other.',
  rsConfig(),
  (
    [
      [
        'long-prefix',
        'that differ in their last character alone',
        `${'x'.repeat(255)}a`,
        `${'x'.repeat(255)}b`,
      ],
      ['case', 'that differ in case', 'jti-a', 'JTI-A'],
      ['after-nul', 'that differ behind a U+0000', 'jti\u0000a', 'jti\u0000b'],
      ['normalization', 'that differ in the form of Unicode alone', 'jti-\u00e9', 'jti-e\u0301'],
      ['trailing-blank', 'that differ in a blank at the end', 'jti', 'jti '],
      ['separator', 'that would be one if key and jti were joined carelessly', 'a:b', 'a'],
      ['number-like', 'that are the same number', '1', '1.0'],
      ['object-names', 'that are names every object has', '__proto__', 'constructor'],
    ] as const
  ).map(([id, comment, first, second]) =>
    valid<SequenceTest>(
      id,
      `Two jti ${comment}.`,
      'DPOP-11.1-03 DPOP-11.1-02',
      {
        steps: [accepted('first', sent(first)), accepted('second', sent(second))],
      },
      { base: null },
    ),
  ),
);

const burning = group(
  'Sequence',
  'refused-proofs',
  'A refused request uses up nothing.',
  rsConfig(),
  (
    [
      [
        'bad-signature',
        'a bad signature',
        sent('jti-1', { variation: { sign: (input) => KEYS.ec2.sign(input, 'ES256') } }),
        BAD_PROOF,
      ],
      ['other-target', 'another htu', sent('jti-1', { path: '/other' }), BAD_PROOF],
      ['other-method', 'another htm', sent('jti-1', { claims: { htm: 'POST' } }), BAD_PROOF],
      ['bad-ath', 'another ath', sent('jti-1', { claims: { ath: 'x'.repeat(43) } }), BAD_PROOF],
      ['stale', 'an iat too old', sent('jti-1', { claims: { iat: CLOCK - 61 } }), BAD_PROOF],
      [
        'bad-token',
        'a token of a stranger',
        sent('jti-1', { token: accessToken({ key: KEYS.stranger, header: { kid: 'issuer1' } }) }),
        BAD_TOKEN,
      ],
      [
        'other-binding',
        'a token bound to another key',
        sent('jti-1', { token: accessToken({ boundTo: KEYS.ec2 }) }),
        BAD_TOKEN,
      ],
    ] as const
  ).map(([id, what, bad, expect]) =>
    acceptable<SequenceTest>(
      'accept',
      id,
      `A request with ${what}, then a good one with the same jti.`,
      'DPOP-11.1-P2',
      {
        steps: [
          refusedBefore(`with ${what}`, bad, expect),
          accepted('the honest request', sent('jti-1'), {
            result: 'acceptable',
            policy: 'accept',
          }),
        ],
      },
      {
        base: null,
        reason:
          'RFC 9449 §11.1 does not say when a jti counts as seen; one that a forger can use up ends honest requests.',
      },
    ),
  ),
);

const outage = group(
  'Sequence',
  'store-down',
  'The memory of used proofs is out of reach.',
  rsConfig({ replay: 'failing' }),
  [
    invalid<SequenceTest>(
      'refuses',
      'A good request that cannot be looked up.',
      'DPOP-11.1-P3 DPOP-7.1-03',
      {
        steps: [
          {
            comment: 'the store fails',
            requests: [sent('jti-1')],
            result: 'invalid',
            expect: { status: [503, 500] },
          },
        ],
      },
      { base: null, reason: 'Whoever can bring the store down would otherwise be free to replay.' },
    ),
  ],
);

const rsReplay: FileDraft = {
  file: 'rs-replay',
  title: 'Proofs that were used before',
  groups: [replay, identifiers, burning, outage],
};

export default rsReplay;
