import type { Expect, RequestVector, SequenceStep, SequenceTest } from '../../src/format.ts';
import { CLOCK, ORIGIN, rsConfig } from '../deployment.ts';
import {
  acceptable,
  BAD_PROOF,
  BAD_TOKEN,
  type FileDraft,
  group,
  invalid,
  NONCE_WANTED,
  OK,
  valid,
} from '../draft.ts';
import { base64url, fromBase64url } from '../encode/base64url.ts';
import { concat, number, octets } from '../encode/bytes.ts';
import { KEYS, type Key } from '../keys/keys.ts';
import { accessToken, type ProofVariation, proof, request } from '../messages.ts';
import { order } from '../sign/ecdsa.ts';

const NOTES = '/dpop/notes';

/** A token that outlives every window. */
const LASTING = accessToken({ claims: { exp: CLOCK + 86_400 } });

/** What a request of a sequence differs in. */
interface Sent {
  readonly target?: string;
  /** @defaultValue the target without its query */
  readonly path?: string;
  readonly key?: Key;
  readonly token?: string;
  readonly scheme?: 'DPoP' | 'Bearer';
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly variation?: ProofVariation;
  /** What somebody does to the proof on its way. */
  readonly respell?: (proof: string) => string;
}

/** A request whose proof has the `jti` that the case is about. */
function sent(jti: string, { target = NOTES, key = KEYS.ec1, ...rest }: Sent = {}): RequestVector {
  const { token = accessToken({ boundTo: key }), scheme = 'DPoP', respell = (text) => text } = rest;
  const path = rest.path ?? target.split('?')[0];
  const claims = { jti, htu: `${ORIGIN}${path}`, ...rest.claims };
  return request({
    target,
    authorization: `${scheme} ${token}`,
    proofs: [respell(proof({ key, token, ...rest.variation, claims }))],
  });
}

/** A step that is accepted and that the decisive one stands on. */
function before(
  comment: string,
  one: RequestVector,
  changes: Partial<SequenceStep> = {},
): SequenceStep {
  return { comment, setup: true, requests: [one], result: 'valid', expect: OK, ...changes };
}

/** A step that is refused and that the decisive one stands on. */
function refusedBefore(comment: string, one: RequestVector, expect: Expect): SequenceStep {
  return { comment, setup: true, requests: [one], result: 'invalid', expect };
}

function accepted(
  comment: string,
  one: RequestVector,
  changes: Partial<SequenceStep> = {},
): SequenceStep {
  return { comment, requests: [one], result: 'valid', expect: OK, ...changes };
}

function refusedStep(
  comment: string,
  one: RequestVector,
  changes: Partial<SequenceStep> = {},
): SequenceStep {
  return { comment, requests: [one], result: 'invalid', expect: BAD_PROOF, ...changes };
}

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
        steps: [before('first', sent(first)), accepted('second', sent(second))],
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
    valid<SequenceTest>(
      id,
      `A request with ${what}, then a good one with the same jti.`,
      'DPOP-11.1-P2',
      {
        steps: [
          refusedBefore(`with ${what}`, bad, expect),
          accepted('the honest request', sent('jti-1')),
        ],
      },
      { base: null },
    ),
  ),
);

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

const rsSequences: FileDraft = {
  file: 'rs-sequences',
  title: 'What a resource server remembers',
  groups: [replay, identifiers, burning, nonces, stolen, time, expiry, outage],
};

export default rsSequences;
