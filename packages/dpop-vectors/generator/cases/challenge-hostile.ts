import type { RequestVector } from '../../src/format.ts';
import { type ChallengeCase, challenge, must, status } from '../challenge-cases.ts';
import { rsConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import { KEYS } from '../keys/keys.ts';
import {
  accessToken,
  type ProofVariation,
  proof,
  request,
  type TokenVariation,
  withProof,
  withToken,
} from '../messages.ts';

/** Is in every text of a caller here, and must be in no answer. */
const MARK = 'hostile-4711';

/** Ends a quoted string, then a field, and begins another; has what no field may have. */
const HOSTILE = `${MARK}", error="none\\\r\n${MARK}: 1\u0000\u00e9\u2028`;

const BY_STRANGER = { sign: (input: string) => KEYS.stranger.sign(input, 'ES256') };

/** A refusal that says nothing of what the caller sent. */
function silent(id: string, comment: string, vector: RequestVector, more = ''): ChallengeCase {
  return must(id, comment, `BEARER-3-04 DPOP-7.1-07${more}`, vector, [
    status(400, 401, 403),
    challenge('DPoP'),
    { kind: 'nowhere', text: MARK },
  ]);
}

const IN_FIELDS: readonly (readonly [id: string, comment: string, vector: RequestVector])[] = [
  ...(
    [
      ['token-plain', 'A token that is none, of harmless characters.', `DPoP ${MARK}`],
      ['token-quote', 'A token that ends a quoted string.', `DPoP ${MARK}", error="none`],
      ['token-backslash', 'A token that escapes the quote behind it.', `DPoP ${MARK}\\`],
      ['token-beyond-ascii', 'A token with octets above 0x7F.', `DPoP ${MARK}\u00e9\u0085\u00ff`],
      [
        'bearer-token-quote',
        'A bearer token that ends a quoted string.',
        `Bearer ${MARK}", error="none`,
      ],
      ['scheme-unknown', 'A scheme of the caller’s own.', `${MARK} abc`],
      ['scheme-quote', 'A scheme that ends a quoted string.', `${MARK}"x abc`],
      ['comma', 'Challenge parameters behind the token.', `DPoP abc, realm="${MARK}"`],
    ] as const
  ).map(([id, comment, authorization]) => [id, comment, request({ authorization })] as const),
  [
    'proof-quote',
    'A proof that ends a quoted string.',
    request({ proofs: [`${MARK}", error="none`] }),
  ],
  [
    'proof-beyond-ascii',
    'A proof with octets above 0x7F.',
    request({ proofs: [`${MARK}\u00e9\u0085\u00ff`] }),
  ],
  [
    'target-encoded',
    'A target with an encoded quote, for which the proof was not made.',
    request({ target: `/%22${MARK}%22` }),
  ],
  [
    'method',
    'A method of the caller’s own, for which the proof was not made.',
    request({ method: MARK.toUpperCase() }),
  ],
];

const IN_TOKENS: readonly (readonly [name: string, variation: TokenVariation])[] = [
  ['typ', { header: { typ: HOSTILE } }],
  ['alg', { header: { alg: HOSTILE } }],
  ['kid', { header: { kid: HOSTILE }, ...BY_STRANGER }],
  ['crit', { header: { crit: [HOSTILE], [HOSTILE]: 1 } }],
  ['iss', { claims: { iss: HOSTILE } }],
  ['aud', { claims: { aud: HOSTILE } }],
  ['exp', { claims: { exp: HOSTILE } }],
  ['scope', { claims: { scope: HOSTILE } }],
  ['jkt', { claims: { cnf: { jkt: HOSTILE } } }],
];

const IN_PROOFS: readonly (readonly [name: string, variation: ProofVariation])[] = [
  ['typ', { header: { typ: HOSTILE } }],
  ['alg', { header: { alg: HOSTILE } }],
  ['kty', { header: { jwk: { ...KEYS.ec1.jwk, kty: HOSTILE } } }],
  ['crit', { header: { crit: [HOSTILE], [HOSTILE]: 1 } }],
  ['htm', { claims: { htm: HOSTILE } }],
  ['htu', { claims: { htu: `https://rs.example/${HOSTILE}` } }],
  ['iat', { claims: { iat: HOSTILE } }],
  ['ath', { claims: { ath: HOSTILE } }],
];

/** What a caller writes comes back in no field, quoted or not. */
const challengeHostile: FileDraft = {
  file: 'challenge-hostile',
  title: 'Hostile text in requests, and the challenges that answer them',
  groups: [
    group(
      'Challenge',
      'fields',
      'In the fields and the target of the request, one octet a character.',
      rsConfig({ schemes: ['DPoP', 'Bearer'] }),
      [
        ...IN_FIELDS.map(([id, comment, vector]) => silent(id, comment, vector)),
        // Before anybody looks at credentials, a server may refuse such a target without a challenge.
        must(
          'target-quote',
          'A target with a quote and a backslash.',
          'BEARER-3-04 DPOP-7.1-07',
          request({ target: `/"\\${MARK}` }),
          [status(400, 401, 404), { kind: 'nowhere', text: MARK }],
        ),
      ],
    ),
    group(
      'Challenge',
      'tokens',
      'In the token, where base64url hides line feeds and everything else.',
      rsConfig({ schemes: ['DPoP', 'Bearer'], requiredScope: ['notes:write'] }),
      IN_TOKENS.map(([name, variation]) =>
        silent(
          `token-${name}`,
          `Hostile text in ${name} of the token.`,
          withToken(accessToken(variation)),
          ' JWTBCP-3.10-01',
        ),
      ),
    ),
    group(
      'Challenge',
      'proofs',
      'In the proof.',
      rsConfig({ schemes: ['DPoP', 'Bearer'] }),
      IN_PROOFS.map(([name, variation]) =>
        silent(
          `proof-${name}`,
          `Hostile text in ${name} of the proof.`,
          withProof({ ...variation, token: accessToken() }),
          ' JWTBCP-3.10-01',
        ),
      ),
    ),
    group(
      'Challenge',
      'nonces',
      'In the nonce, where nonces are demanded.',
      rsConfig({ nonce: { current: 'nonce-2', accepted: ['nonce-2'] } }),
      [
        must(
          'proof-nonce',
          'Hostile text in nonce of the proof: the nonce that is handed out is the own one.',
          'BEARER-3-04 DPOP-8.1-01 DPOP-8-04 DPOP-9-01',
          request({ proofs: [proof({ claims: { nonce: HOSTILE } })] }),
          [
            status(401),
            challenge('DPoP'),
            { kind: 'field-once', name: 'DPoP-Nonce' },
            { kind: 'field-contains', name: 'DPoP-Nonce', text: 'nonce-2' },
            { kind: 'nowhere', text: MARK },
          ],
        ),
      ],
    ),
  ],
};

export default challengeHostile;
