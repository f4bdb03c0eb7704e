import type { RequestTest } from '../../src/format.ts';
import { KEY_DIFFERS, NOT_UNDERSTOOD, tokenConfirmedBy } from '../confirmations.ts';
import { rsConfig } from '../deployment.ts';
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
import { base64url, fromBase64url } from '../encode/base64url.ts';
import { hash } from '../encode/bytes.ts';
import { jsonText } from '../encode/json.ts';
import { KEYS } from '../keys/keys.ts';
import { accessToken, proof, request, withToken } from '../messages.ts';

const { ec1, ec2 } = KEYS;
const { jkt } = ec1;
const JKT_BYTES = fromBase64url(jkt);
const THUMBPRINT_INPUT = jsonText(ec1.jwk);

const BOUND = accessToken();
const UNBOUND = accessToken({ boundTo: null });

/** Other writings of the right thumbprint, which are not the thumbprint. */
const OTHER_WRITINGS: readonly (readonly [id: string, what: string, text: string, ids: string])[] =
  [
    ['jkt-padded', 'with padding', `${jkt}=`, 'JOSE-7515-2-01'],
    [
      'jkt-tail-bits',
      'with stray bits at its end',
      base64url(JKT_BYTES, { tailBits: 3 }),
      'JOSE-7515-2-P1',
    ],
    [
      'jkt-other-alphabet',
      'with + and /',
      base64url(JKT_BYTES, { standard: true }),
      'JOSE-7515-2-01',
    ],
    ['jkt-hex', 'in hexadecimal', Buffer.from(JKT_BYTES).toString('hex'), 'DPOP-4.3-13'],
    ['jkt-lower-case', 'in small letters', jkt.toLowerCase(), 'DPOP-4.3-13'],
    ['jkt-cut', 'without its last character', jkt.slice(0, -1), 'DPOP-4.3-13'],
    ['jkt-begins-alike', 'with more behind it', `${jkt}AAAA`, 'DPOP-4.3-13'],
    ['jkt-blank', 'with a blank behind it', `${jkt} `, 'DPOP-4.3-13'],
    [
      'jkt-urn',
      'as a URN',
      `urn:ietf:params:oauth:jwk-thumbprint:sha-256:${jkt}`,
      'THUMB-9278-01 DPOP-4.3-13',
    ],
  ];

const SPELLINGS = new Set(['jkt-padded', 'jkt-tail-bits', 'jkt-other-alphabet']);

/** Hashes of the right key that are not its thumbprint. */
const OTHER_HASHES: readonly (readonly [id: string, comment: string, text: string, ids: string])[] =
  [
    [
      'jkt-sha1',
      'A thumbprint by SHA-1.',
      base64url(hash('sha1', THUMBPRINT_INPUT)),
      'DPOP-11.10-01',
    ],
    [
      'jkt-sha512',
      'A thumbprint by SHA-512.',
      base64url(hash('sha512', THUMBPRINT_INPUT)),
      'DPOP-11.10-01',
    ],
  ];

const WHOLE_JWK = { ...ec1.jwk, alg: 'ES256', use: 'sig' };
const REVERSED_JWK = Object.fromEntries(Object.entries(ec1.jwk).reverse());

/** Hashes of an embedded key as it stands, which are the thumbprint of no key. */
const AS_IT_STANDS = [
  ['jkt-of-whole-jwk', 'further-jwk-members', 'all members of the embedded key', WHOLE_JWK],
  ['jkt-in-order-received', 'jwk-reversed', 'the embedded key in its own order', REVERSED_JWK],
] as const;

function underDpop(id: string, comment: string, ids: string, cnf: unknown): Draft<RequestTest> {
  return invalid(id, comment, ids, {
    request: withToken(tokenConfirmedBy(cnf)),
    expect: BAD_TOKEN,
  });
}

const rsBinding: FileDraft = {
  file: 'rs-binding',
  title: 'Which key a token belongs to',
  groups: [
    group('RsVerify', 'keys', 'The proof key is the one the token names.', rsConfig(), [
      valid<RequestTest>('bound', 'The proof comes from the key of the token.', 'DPOP-4.3-13', {
        request: request(),
        expect: OK,
      }),
      valid<RequestTest>(
        'further-jwk-members',
        'The embedded key has members beside those of a thumbprint.',
        'THUMB-3-01 JOSE-7517-4-01',
        { request: request({ proofs: [proof({ header: { jwk: WHOLE_JWK } })] }), expect: OK },
      ),
      valid<RequestTest>(
        'jwk-reversed',
        'The members of the embedded key stand in the reverse order.',
        'THUMB-3-01',
        { request: request({ proofs: [proof({ header: { jwk: REVERSED_JWK } })] }), expect: OK },
      ),
      ...(
        [
          ['other-key', 'A good proof by another key of the same kind.', {}],
          [
            'other-key-named-alike',
            'A good proof by another key, whose kid is the thumbprint of the right one.',
            { header: { jwk: { ...ec2.jwk, kid: jkt }, kid: jkt } },
          ],
          [
            'other-key-confirmed-by-proof',
            'A good proof by another key that claims the cnf of the token.',
            { claims: { cnf: { jkt }, jkt } },
          ],
        ] as const
      ).map(([id, comment, variation]) =>
        invalid<RequestTest>(id, comment, 'DPOP-4.3-13 DPOP-7.1-12', {
          request: request({ proofs: [proof({ key: ec2, token: BOUND, ...variation })] }),
          expect: KEY_DIFFERS,
        }),
      ),
      invalid<RequestTest>(
        'other-key-of-another-kind',
        'A good proof by an Ed25519 key for a token of an EC key.',
        'DPOP-4.3-13',
        { request: withToken(BOUND, 'DPoP', KEYS.ed1), expect: KEY_DIFFERS },
      ),
      ...AS_IT_STANDS.map(([id, base, what, jwk]) => {
        const token = tokenConfirmedBy({ jkt: base64url(hash('sha256', jsonText(jwk))) });
        return invalid<RequestTest>(
          id,
          `The token names the hash of ${what}.`,
          'THUMB-3-01 DPOP-4.3-13',
          {
            request: request({
              authorization: `DPoP ${token}`,
              proofs: [proof({ token, header: { jwk } })],
            }),
            expect: KEY_DIFFERS,
          },
          { base },
        );
      }),
      ...OTHER_HASHES.map(([id, comment, text, ids]) =>
        invalid<RequestTest>(id, comment, ids, {
          request: withToken(tokenConfirmedBy({ jkt: text })),
          expect: KEY_DIFFERS,
        }),
      ),
      ...OTHER_WRITINGS.map(([id, what, text, ids]) =>
        invalid<RequestTest>(
          id,
          `The thumbprint in the token is written ${what}.`,
          `DPOP-6.1-P1 ${ids}`,
          { request: withToken(tokenConfirmedBy({ jkt: text })), expect: KEY_DIFFERS },
          SPELLINGS.has(id) ? { flags: ['OtherSpelling'] } : {},
        ),
      ),
    ]),
    group('RsVerify', 'confirmation', 'What the token says about its key.', rsConfig(), [
      valid<RequestTest>('jkt-alone', 'cnf has jkt and nothing else.', 'DPOP-4.3-13', {
        request: request(),
        expect: OK,
      }),
      acceptable<RequestTest>(
        'accept',
        'jkt-and-unknown',
        'cnf has jkt and a member that nobody knows.',
        'DPOP-4.3-13',
        { request: withToken(tokenConfirmedBy({ jkt, foo: 'bar' })), expect: OK },
        { reason: 'RFC 7800 §3.1 says to pass over members that are not understood.' },
      ),
      ...NOT_UNDERSTOOD.map(([id, what, cnf]) =>
        underDpop(id, `Under DPoP: ${what}.`, 'DPOP-6.1-P1 DPOP-4.3-13', cnf),
      ),
      underDpop(
        'x5t-alone',
        'cnf names a certificate and no key.',
        'DPOP-6.1-P1 DPOP-4.3-13 MTLS-3-01',
        { 'x5t#S256': jkt },
      ),
      underDpop(
        'jkt-in-capitals',
        'JSON names are case-sensitive: JKT is not jkt.',
        'DPOP-6.1-P1 DPOP-4.3-13',
        { JKT: jkt },
      ),
      invalid<RequestTest>(
        'jkt-of-thief-in-capitals',
        'jkt is of another key; JKT, behind it, of the key of the proof.',
        'DPOP-4.3-13',
        { request: withToken(tokenConfirmedBy({ jkt: ec2.jkt, JKT: jkt })), expect: KEY_DIFFERS },
      ),
      acceptable<RequestTest>(
        'reject',
        'cnf-jwk',
        'cnf has the key itself and no thumbprint.',
        'DPOP-6.1-P1',
        { request: withToken(tokenConfirmedBy({ jwk: ec1.jwk })), expect: BAD_TOKEN },
        { reason: 'RFC 7800 knows this method; RFC 9449 §6 defines jkt alone.' },
      ),
      acceptable<RequestTest>(
        'reject',
        'jkt-and-x5t',
        'cnf has the right jkt and a certificate that nobody shows.',
        'MTLS-3-01',
        { request: withToken(tokenConfirmedBy({ jkt, 'x5t#S256': jkt })), expect: BAD_TOKEN },
        { reason: 'Of two bindings both must hold; RFC 7800 would let a reader pass one over.' },
      ),
      invalid<RequestTest>('unbound', 'A token without cnf.', 'DPOP-7.2-P1 DPOP-4.3-13 DPOP-6-01', {
        request: withToken(UNBOUND),
        expect: KEY_DIFFERS,
      }),
      invalid<RequestTest>(
        'jkt-outside-cnf',
        'A token with the thumbprint as a claim of its own.',
        'DPOP-7.2-P1 DPOP-4.3-13',
        {
          request: withToken(accessToken({ boundTo: null, claims: { jkt } })),
          expect: KEY_DIFFERS,
        },
      ),
    ]),
  ],
};

export default rsBinding;
