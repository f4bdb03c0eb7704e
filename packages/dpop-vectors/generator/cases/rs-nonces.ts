import type { RequestTest } from '../../src/format.ts';
import { CLOCK, rsConfig } from '../deployment.ts';
import {
  acceptable,
  BAD_PROOF,
  BAD_TOKEN,
  type Draft,
  type FileDraft,
  group,
  invalid,
  NONCE_WANTED,
  OK,
  refused,
  valid,
} from '../draft.ts';
import { KEYS } from '../keys/keys.ts';
import { accessToken, type ProofVariation, request, withProof, withToken } from '../messages.ts';

const { ec2 } = KEYS;

/** The current nonce, and the one before it. */
const CURRENT = 'eyJ7-current~nonce.0123456789abcdef';
const PREVIOUS = 'eyJ7-previous~nonce.0123456789abcde';
const CONFIG = rsConfig({ nonce: { current: CURRENT, accepted: [CURRENT, PREVIOUS] } });

function withNonce(nonce: unknown, variation: ProofVariation = {}): Pick<RequestTest, 'request'> {
  return { request: withProof({ ...variation, claims: { nonce, ...variation.claims } }) };
}

/** A nonce that is not one of ours: the answer brings a good one. */
function unknownNonce(
  id: string,
  comment: string,
  requirements: string,
  nonce: unknown,
  variation: ProofVariation = {},
): Draft<RequestTest> {
  return invalid<RequestTest>(id, comment, requirements, {
    ...withNonce(nonce, variation),
    expect: NONCE_WANTED,
  });
}

const values = group('RsVerify', 'values', 'Which nonce is in the proof.', CONFIG, [
  valid<RequestTest>('current', 'The current nonce.', 'DPOP-4.3-10', {
    ...withNonce(CURRENT),
    expect: OK,
  }),
  valid<RequestTest>('previous', 'The previous nonce, which is still accepted.', 'DPOP-8-05', {
    ...withNonce(PREVIOUS),
    expect: OK,
  }),
  unknownNonce(
    'in-header',
    'The nonce is in the header of the proof, where other protocols have it.',
    'DPOP-9-01 DPOP-4.3-10',
    undefined,
    { header: { nonce: CURRENT } },
  ),
  unknownNonce(
    'in-capitals',
    'The nonce is in a claim called NONCE.',
    'DPOP-9-01 DPOP-4.3-10',
    undefined,
    { claims: { NONCE: CURRENT } },
  ),
  invalid<RequestTest>(
    'in-field',
    'The nonce is in a DPoP-Nonce field of the request.',
    'DPOP-9-01 DPOP-4.3-10',
    { request: request({ further: [['DPoP-Nonce', CURRENT]] }), expect: NONCE_WANTED },
  ),
  unknownNonce('missing', 'No nonce.', 'DPOP-9-01 DPOP-11.3-01 DPOP-8-03', undefined),
  ...(
    [
      ['wrong', 'A nonce nobody has given.', 'another-nonce-0123456789', 'DPOP-8-04 DPOP-4.3-10'],
      [
        'of-the-as',
        'A nonce of the authorization server.',
        'as-nonce-0123456789',
        'DPOP-8-04 DPOP-9-02',
      ],
      ['old', 'A nonce from long ago.', 'eyJ7-old~nonce.0123456789abcdef', 'DPOP-8-04 DPOP-4.3-10'],
      [
        'changed',
        'The current nonce with its last character changed.',
        `${CURRENT.slice(0, -1)}g`,
        'DPOP-8-02 DPOP-8-04',
      ],
      ['cut', 'The current nonce without its last character.', CURRENT.slice(0, -1), 'DPOP-8-04'],
      ['longer', 'The current nonce with a character more.', `${CURRENT}0`, 'DPOP-8-04'],
      ['upper-case', 'The current nonce in capitals.', CURRENT.toUpperCase(), 'DPOP-8-04'],
      ['both', 'Both nonces, a comma between them.', `${CURRENT},${PREVIOUS}`, 'DPOP-8-04'],
      ['timestamp', 'A number somebody may guess.', `${CLOCK}`, 'DPOP-8-02 DPOP-8-04'],
      ['proto', 'A name every object has.', '__proto__', 'DPOP-8-04 JWTBCP-3.10-01'],
    ] as const
  ).map(([id, comment, nonce, requirements]) => unknownNonce(id, comment, requirements, nonce)),
  ...(
    [
      ['empty', 'The nonce is empty.', '', 'DPOP-8.1-01'],
      ['blank', 'The nonce has a blank behind it.', `${CURRENT} `, 'DPOP-8.1-01'],
      ['quote', 'The nonce has a quotation mark in it.', 'a"b', 'DPOP-8.1-01'],
      ['number', 'The nonce is a number.', 4711, 'DPOP-4.3-10 DPOP-4.3-03'],
      ['null', 'The nonce is null.', null, 'DPOP-4.3-10 DPOP-4.3-03'],
      ['true', 'The nonce is true.', true, 'DPOP-4.3-10 DPOP-4.3-03'],
      ['list', 'The nonce is a list of the right one.', [CURRENT], 'DPOP-4.3-10 DPOP-4.3-03'],
      [
        'object',
        'The nonce is an object with the right one in it.',
        { nonce: CURRENT },
        'DPOP-4.3-10 DPOP-4.3-03',
      ],
      ['line-feed', 'The nonce has a line feed behind it.', `${CURRENT}\n`, 'DPOP-8.1-01'],
      ['long', 'The nonce has 600 characters.', 'n'.repeat(600), 'DPOP-8-04'],
    ] as const
  ).map(([id, comment, nonce, requirements]) =>
    invalid<RequestTest>(`nonce-${id}`, comment, requirements, {
      ...withNonce(nonce),
      expect: { ...refused('use_dpop_nonce', 'invalid_dpop_proof') },
    }),
  ),
]);

const faults = group(
  'RsVerify',
  'other-faults',
  'What else is wrong is told, where the nonce is good.',
  CONFIG,
  [
    valid<RequestTest>('nothing-wrong', 'A good request.', 'DPOP-4.3-10', {
      ...withNonce(CURRENT),
      expect: OK,
    }),
    ...(
      [
        ['bad-ath', 'the hash of another token', { claims: { ath: 'x'.repeat(43) } }],
        ['stale', 'an iat too old', { claims: { iat: CLOCK - 61 } }],
        ['ahead', 'an iat too far ahead', { claims: { iat: CLOCK + 31 } }],
        ['other-method', 'another method', { claims: { htm: 'POST' } }],
        ['other-target', 'another target', { claims: { htu: 'https://rs.example/s' } }],
        ['bad-typ', 'another typ', { header: { typ: 'JWT' } }],
        [
          'bad-signature',
          'a signature by another key',
          { sign: (input: string) => ec2.sign(input, 'ES256') },
        ],
      ] as const
    ).map(([id, what, variation]) =>
      invalid<RequestTest>(id, `A good nonce and ${what}.`, 'DPOP-9-P1 DPOP-7.1-06', {
        ...withNonce(CURRENT, variation),
        expect: BAD_PROOF,
      }),
    ),
    invalid<RequestTest>(
      'bad-token',
      'A good nonce and a token that has ended.',
      'DPOP-9-P1 BEARER-3.1-03',
      {
        ...withNonce(CURRENT, { token: accessToken({ claims: { exp: CLOCK - 600 } }) }),
        expect: BAD_TOKEN,
      },
    ),
    invalid<RequestTest>(
      'wrong-and-bad-signature',
      'A wrong nonce and a signature by another key.',
      'DPOP-9-P1 DPOP-4.3-06',
      {
        ...withNonce('another-nonce', { sign: (input) => ec2.sign(input, 'ES256') }),
        expect: { ...refused('invalid_dpop_proof', 'use_dpop_nonce') },
      },
      { reason: 'The RFCs give no order; a nonce of a forged proof says nothing.' },
    ),
    invalid<RequestTest>(
      'missing-and-stale',
      'No nonce and an iat too old.',
      'DPOP-11.3-01 DPOP-4.3-11',
      {
        ...withNonce(undefined, { claims: { iat: CLOCK - 61 } }),
        expect: refused('invalid_dpop_proof', 'use_dpop_nonce'),
      },
    ),
    acceptable<RequestTest>(
      'reject',
      'wrong-clock',
      'A good nonce and an iat of two hours ago.',
      'DPOP-11.1-05',
      { ...withNonce(CURRENT, { claims: { iat: CLOCK - 7200 } }), expect: BAD_PROOF },
      {
        reason:
          'A server may go by the time of its nonce (RFC 9449 §11.1); SEP-1932 has iat checked all the same, and one window is simpler.',
      },
    ),
  ],
);

const bearer = group(
  'RsVerify',
  'bearer',
  'Bearer tokens have no proof, and need no nonce.',
  { ...CONFIG, schemes: ['Bearer', 'DPoP'] },
  [
    valid<RequestTest>('unbound-bearer', 'A token that is not bound, as Bearer.', 'DPOP-6-01', {
      request: withToken(accessToken({ boundTo: null }), 'Bearer'),
      expect: OK,
    }),
  ],
);

const off = group('RsVerify', 'off', 'The server asks for no nonce.', rsConfig(), [
  valid<RequestTest>('off-without', 'No nonce.', 'DPOP-4.3-10', {
    request: withProof({}),
    expect: OK,
  }),
  acceptable<RequestTest>(
    'accept',
    'off-with',
    'A nonce nobody asked for.',
    'DPOP-4.2-09',
    { ...withNonce('carried-over'), expect: OK },
    { reason: 'A client may have it from before, or from another instance.' },
  ),
]);

/** Every character that a nonce may have (RFC 9449 §8.1). */
const ALL_CHARACTERS = Array.from({ length: 0x7f - 0x21 }, (_, index) =>
  String.fromCharCode(0x21 + index),
)
  .join('')
  .replace(/["\\]/g, '');

const syntax = group(
  'RsVerify',
  'characters',
  'A server whose nonce has every character that is allowed.',
  rsConfig({ nonce: { current: ALL_CHARACTERS, accepted: [ALL_CHARACTERS] } }),
  [
    valid<RequestTest>('all-characters', 'That nonce.', 'DPOP-8.1-01 DPOP-4.3-10', {
      ...withNonce(ALL_CHARACTERS),
      expect: OK,
    }),
    unknownNonce(
      'other-capitals',
      'That nonce, its first small letter changed to a capital.',
      'DPOP-8-04',
      ALL_CHARACTERS.replace('a', 'A'),
    ),
    unknownNonce(
      'character-missing',
      'That nonce without the plus, which forms read as a blank.',
      'DPOP-8-04',
      ALL_CHARACTERS.replace('+', ''),
    ),
  ],
);

const rotated = group(
  'RsVerify',
  'rotated',
  'A server that takes its current nonce alone.',
  rsConfig({ nonce: { current: CURRENT, accepted: [CURRENT] } }),
  [
    valid<RequestTest>('only-current', 'The current nonce.', 'DPOP-4.3-10', {
      ...withNonce(CURRENT),
      expect: OK,
    }),
    unknownNonce(
      'outdated',
      'The nonce before it, which is not accepted any more.',
      'DPOP-8-04 DPOP-4.3-10',
      PREVIOUS,
    ),
  ],
);

const TOKEN_FIRST =
  'The RFCs give no order in which faults are told; each of these has to be mended.';

/** Other faults of a request whose proof has no nonce. */
const together = group(
  'RsVerify',
  'without-nonce',
  'The proof lacks its nonce, and something else is wrong.',
  CONFIG,
  [
    valid<RequestTest>('with-nonce', 'A good request.', 'DPOP-4.3-10', {
      ...withNonce(CURRENT),
      expect: OK,
    }),
    ...(
      [
        ['other-key', 'The proof is by another key than the token is bound to.', { boundTo: ec2 }],
        ['unbound', 'The token is bound to no key.', { boundTo: null }],
        ['expired', 'The token has ended.', { claims: { iat: CLOCK - 601, exp: CLOCK - 301 } }],
      ] as const
    ).map(([id, comment, token]) =>
      invalid<RequestTest>(
        `without-nonce-${id}`,
        comment,
        'DPOP-9-01 DPOP-11.3-01',
        {
          ...withNonce(undefined, { token: accessToken(token) }),
          expect: refused('invalid_token', 'use_dpop_nonce', 'invalid_dpop_proof'),
        },
        { reason: TOKEN_FIRST },
      ),
    ),
    ...(
      [
        [
          'other-key',
          'The proof is by another key than the token is bound to.',
          { boundTo: ec2 },
          'DPOP-4.3-13',
        ],
        ['unbound', 'The token is bound to no key.', { boundTo: null }, 'DPOP-7.2-P1'],
      ] as const
    ).map(([id, comment, token, requirement]) =>
      invalid<RequestTest>(
        `good-nonce-${id}`,
        `The nonce is good. ${comment}`,
        `DPOP-9-P1 ${requirement}`,
        {
          ...withNonce(CURRENT, { token: accessToken(token) }),
          expect: refused('invalid_token', 'invalid_dpop_proof'),
        },
      ),
    ),
    invalid<RequestTest>(
      'previous-nonce-bad-signature',
      'The nonce is the previous one; the signature is by another key.',
      'DPOP-9-P1 DPOP-4.3-06',
      {
        ...withNonce(PREVIOUS, { sign: (input) => ec2.sign(input, 'ES256') }),
        expect: BAD_PROOF,
      },
    ),
  ],
);

const rsNonces: FileDraft = {
  file: 'rs-nonces',
  title: 'Nonces at a resource server',
  groups: [values, faults, together, syntax, rotated, bearer, off],
};

export default rsNonces;
