import type { AsTest, Expect } from '../../src/format.ts';
import {
  AS_BAD_PROOF,
  AS_BAD_REQUEST,
  BAD_CLIENT,
  PUSHED,
  type Pushed,
  push,
  VERIFIER,
} from '../as-cases.ts';
import { asConfig, CLOCK, REDIRECT_URI } from '../deployment.ts';
import {
  AS_NONCE_WANTED,
  acceptable,
  asRefused,
  type FileDraft,
  group,
  invalid,
  valid,
} from '../draft.ts';
import { base64url, fromBase64url } from '../encode/base64url.ts';
import { hash } from '../encode/bytes.ts';
import { KEYS } from '../keys/keys.ts';
import { asProof, type ProofVariation } from '../messages.ts';

function parProof(variation: ProofVariation = {}): string {
  return asProof(variation, 'pushed_authorization_request');
}

const PROOF = parProof();
const { token: TOKEN_ENDPOINT, authorization: AUTHORIZATION_ENDPOINT } = asConfig().endpoints;

const proofs = group(
  'AsPar',
  'proofs',
  'A public client pushes a request with a proof.',
  asConfig(),
  [
    valid<AsTest>('proof', 'A good proof.', 'DPOP-10.1-02 PAR-2.2-01', {
      state: {},
      request: push({ dpop: [PROOF] }),
      expect: PUSHED,
    }),
    ...(
      [
        ['empty', 'An empty DPoP field.', 'DPOP-4.1-P1', ['']],
        [
          'two',
          'Two good proofs in two fields.',
          'DPOP-4.3-01',
          [PROOF, parProof({ claims: { jti: 'another' } })],
        ],
        [
          'for-token-endpoint',
          'A proof for the token endpoint.',
          'DPOP-4.3-09',
          { claims: { htu: TOKEN_ENDPOINT } },
        ],
        [
          'for-authorization-endpoint',
          'A proof for the authorization endpoint.',
          'DPOP-4.3-09',
          { claims: { htu: AUTHORIZATION_ENDPOINT } },
        ],
        ['for-get', 'A proof for GET.', 'DPOP-4.3-08', { claims: { htm: 'GET' } }],
        [
          'bad-signature',
          'The proof embeds a key that has not signed it.',
          'DPOP-4.3-06',
          { header: { jwk: KEYS.ec2.jwk } },
        ],
        [
          'not-signed',
          'A proof that is not signed.',
          'DPOP-11.6-01',
          { header: { alg: 'none' }, sign: () => new Uint8Array() },
        ],
        ['typ-jwt', 'The type of any JWT.', 'DPOP-4.3-04', { header: { typ: 'JWT' } }],
        [
          'private-key',
          'The key shows its private half.',
          'DPOP-4.3-07',
          { header: { jwk: KEYS.ec1.privateJwk } },
        ],
        ['stale', 'A proof that is too old.', 'DPOP-4.3-11', { claims: { iat: CLOCK - 61 } }],
        ['ahead', 'A proof that is too far ahead.', 'DPOP-4.3-11', { claims: { iat: CLOCK + 31 } }],
        ['no-jti', 'A proof without jti.', 'DPOP-4.3-03', { claims: { jti: undefined } }],
      ] satisfies readonly (readonly [string, string, string, ProofVariation | readonly string[]])[]
    ).map(([id, comment, requirements, sent]) =>
      invalid<AsTest>(id, comment, `DPOP-10.1-02 ${requirements}`, {
        state: {},
        request: push({ dpop: Array.isArray(sent) ? sent : [parProof(sent)] }),
        expect: AS_BAD_PROOF,
      }),
    ),
  ],
);

const { jkt } = KEYS.ec1;
const TAIL_BITS = base64url(fromBase64url(jkt), { tailBits: 1 });
const NO_RULE =
  'RFC 9449 does not say how a server treats a dpop_jkt that is no thumbprint; it can never match.';

const thumbprints = group(
  'AsPar',
  'dpop-jkt',
  'The key by dpop_jkt, by a proof, or by both.',
  asConfig(),
  [
    valid<AsTest>('both', 'dpop_jkt and a proof of the same key.', 'DPOP-10.1-03', {
      state: {},
      request: push({ dpop: [PROOF], form: { dpop_jkt: jkt } }),
      expect: PUSHED,
    }),
    valid<AsTest>('jkt-alone', 'dpop_jkt alone.', 'DPOP-10.1-03', {
      state: {},
      request: push({ form: { dpop_jkt: jkt } }),
      expect: PUSHED,
    }),
    valid<AsTest>('neither', 'Neither.', 'PAR-2.1-01', {
      state: {},
      request: push({}),
      expect: PUSHED,
    }),
    invalid<AsTest>('differ', 'dpop_jkt and a proof of different keys.', 'DPOP-10.1-03', {
      state: {},
      request: push({ dpop: [PROOF], form: { dpop_jkt: KEYS.ec2.jkt } }),
      expect: asRefused('invalid_request', 'invalid_dpop_proof'),
    }),
    invalid<AsTest>('jkt-twice', 'The same dpop_jkt twice.', 'OAUTH-3.1-01 DPOP-10-P2', {
      state: {},
      request: push({ form: { dpop_jkt: jkt }, more: [['dpop_jkt', jkt]] }),
      expect: AS_BAD_REQUEST,
    }),
    ...(
      [
        ['jkt-short', 'Ten characters of a thumbprint.', jkt.slice(0, 10)],
        ['jkt-padded', 'A thumbprint with padding.', `${jkt}=`],
        [
          'jkt-hexadecimal',
          'A thumbprint in hexadecimal digits.',
          Buffer.from(fromBase64url(jkt)).toString('hex'),
        ],
        ['jkt-sha512', 'A thumbprint by SHA-512.', base64url(hash('sha512', 'a key'))],
        ['jkt-tail-bits', 'Another spelling of the same bytes.', TAIL_BITS],
        [
          'jkt-urn',
          'The URN of a thumbprint.',
          `urn:ietf:params:oauth:jwk-thumbprint:sha-256:${jkt}`,
        ],
      ] as const
    ).map(([id, comment, value]) =>
      acceptable<AsTest>(
        'reject',
        id,
        comment,
        `DPOP-10-P2${id === 'jkt-urn' ? ' THUMB-9278-01' : ''}${id === 'jkt-sha512' ? ' DPOP-11.10-01' : ''}`,
        { state: {}, request: push({ form: { dpop_jkt: value } }), expect: AS_BAD_REQUEST },
        { reason: NO_RULE, ...(id === 'jkt-tail-bits' && { flags: ['OtherSpelling'] }) },
      ),
    ),
  ],
);

const requests = group('AsPar', 'requests', 'What is pushed, and by whom.', asConfig(), [
  valid<AsTest>('confidential', 'A confidential client.', 'PAR-2.1-01 PAR-2.2-01', {
    state: {},
    request: push({ as: 'web' }),
    expect: PUSHED,
  }),
  valid<AsTest>('public', 'A public client.', 'PAR-2.1-01 PAR-2.2-01', {
    state: {},
    request: push({}),
    expect: PUSHED,
  }),
  ...(
    [
      [
        'no-secret',
        'A confidential client without its secret, with a proof.',
        'PAR-2.1-01 DPOP-11.11-01',
        { dpop: [PROOF], form: { client_id: 'web' } },
        BAD_CLIENT,
        'confidential',
      ],
      [
        'client-unknown',
        'A client that is not registered.',
        'PAR-2.1-01',
        { form: { client_id: 'nobody' } },
        BAD_CLIENT,
      ],
      [
        'client-for-itself',
        'A client that has no users.',
        'PAR-2.1-01',
        { as: 'machine' },
        { status: [400, 401], errors: ['unauthorized_client', 'invalid_request'] },
      ],
      [
        'request-uri',
        'The request refers to a request.',
        'PAR-2.1-01',
        { form: { request_uri: 'urn:ietf:params:oauth:request_uri:another' } },
        AS_BAD_REQUEST,
      ],
      [
        'challenge-missing',
        'No code challenge.',
        'OA21-4.1-01',
        { form: { code_challenge: undefined, code_challenge_method: undefined } },
        AS_BAD_REQUEST,
      ],
      [
        'challenge-plain',
        'The verifier itself as the challenge.',
        'PKCE-4.2-01',
        { form: { code_challenge: VERIFIER, code_challenge_method: 'plain' } },
        AS_BAD_REQUEST,
      ],
      [
        'challenge-without-method',
        'A challenge without a method, which means plain.',
        'PKCE-4.2-01',
        { form: { code_challenge: VERIFIER, code_challenge_method: undefined } },
        AS_BAD_REQUEST,
      ],
      [
        'response-type-token',
        'The implicit grant.',
        'OA21-GRANTS-01',
        { form: { response_type: 'token' } },
        asRefused('unsupported_response_type', 'unauthorized_client'),
      ],
      [
        'response-type-missing',
        'No response type.',
        'PAR-2.1-01',
        { form: { response_type: undefined } },
        AS_BAD_REQUEST,
      ],
      [
        'redirect-uri-slash',
        'A slash behind the redirect URI.',
        'BCP-2.1-01',
        { form: { redirect_uri: `${REDIRECT_URI}/` } },
        AS_BAD_REQUEST,
      ],
      [
        'redirect-uri-case',
        'A capital letter in the redirect URI.',
        'BCP-2.1-01',
        { form: { redirect_uri: 'https://app.example/Callback' } },
        AS_BAD_REQUEST,
      ],
      [
        'redirect-uri-query',
        'A query behind the redirect URI.',
        'BCP-2.1-01',
        { form: { redirect_uri: `${REDIRECT_URI}?x=1` } },
        AS_BAD_REQUEST,
      ],
      [
        'redirect-uri-dots',
        'Dot segments that lead to the redirect URI.',
        'BCP-2.1-01',
        { form: { redirect_uri: 'https://app.example/x/../callback' } },
        AS_BAD_REQUEST,
      ],
      [
        'redirect-uri-host',
        'A redirect URI whose host begins like the right one.',
        'BCP-2.1-01',
        { form: { redirect_uri: 'https://app.example.evil.example/callback' } },
        AS_BAD_REQUEST,
      ],
    ] satisfies readonly (readonly [string, string, string, Pushed, Expect, string?])[]
  ).map(([id, comment, requirements, sent, expect, base]) =>
    invalid<AsTest>(
      id,
      comment,
      requirements,
      { state: {}, request: push(sent), expect },
      { base: base ?? 'public' },
    ),
  ),
]);

const nonces = group(
  'AsPar',
  'nonces',
  'A proof that needs a nonce.',
  asConfig({ nonce: { current: 'as-n2', accepted: ['as-n2', 'as-n1'] } }),
  [
    valid<AsTest>('nonce', 'The current nonce.', 'DPOP-4.3-10 DPOP-10.1-02', {
      state: {},
      request: push({ dpop: [parProof({ claims: { nonce: 'as-n2' } })] }),
      expect: PUSHED,
    }),
    ...(
      [
        ['nonce-missing', 'No nonce.', 'DPOP-8-01 DPOP-11.3-01', {}],
        [
          'nonce-unknown',
          'A nonce that the server did not make.',
          'DPOP-8-04',
          { nonce: 'guessed' },
        ],
      ] as const
    ).map(([id, comment, requirements, claims]) =>
      invalid<AsTest>(id, comment, requirements, {
        state: {},
        request: push({ dpop: [parProof({ claims })] }),
        expect: AS_NONCE_WANTED,
      }),
    ),
  ],
);

const asPar: FileDraft = {
  file: 'as-par',
  title: 'Pushed authorization requests',
  groups: [proofs, thumbprints, requests, nonces],
};

export default asPar;
