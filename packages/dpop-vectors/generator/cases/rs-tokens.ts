import type { Expect, RequestTest } from '../../src/format.ts';
import { ALGORITHMS, CLOCK, ORIGIN, rsConfig } from '../deployment.ts';
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
import { base64url } from '../encode/base64url.ts';
import { objectText } from '../encode/json.ts';
import { KEYS } from '../keys/keys.ts';
import { accessToken, proof, request, type TokenVariation, withToken } from '../messages.ts';
import { membersOf, unbound } from '../token-cases.ts';

const { ec1, ec2, stranger } = KEYS;

const GOOD = accessToken();
const CLAIMS = membersOf(GOOD, 'payload');

const FORGED_BY_STRANGER = { sign: (input: string) => stranger.sign(input, 'ES256') };
const UNSIGNED = { sign: () => new Uint8Array(0) };

/** What an issuer says of a sign-in to the client, and to nobody else. */
const ID_TOKEN = {
  header: { typ: 'JWT' },
  claims: { aud: 'app', client_id: undefined, nonce: 'n-0S6' },
};

type Row = readonly [id: string, comment: string, requirements: string, token: TokenVariation];

/** Faults of a token, each behind a proof without any. */
const FAULTY: readonly Row[] = [
  [
    'expired',
    'The token ended 301 seconds ago.',
    'ATJWT-4-05 BEARER-3.1-03 ATJWT-4-06',
    {
      claims: { iat: CLOCK - 601, exp: CLOCK - 301 },
    },
  ],
  [
    'not-yet-valid',
    'The token begins in 301 seconds.',
    'JOSE-7519-4.1-01',
    {
      claims: { nbf: CLOCK + 301, exp: CLOCK + 900 },
    },
  ],
  [
    'aud-other',
    'The token is for another resource.',
    'ATJWT-4-03 MCP-AUD-01 BEARER-3.1-03',
    {
      claims: { aud: 'https://other.example' },
    },
  ],
  [
    'aud-begins-alike',
    'The audience begins like this resource.',
    'ATJWT-4-03',
    {
      claims: { aud: `${ORIGIN}.evil.example` },
    },
  ],
  [
    'aud-missing',
    'The token is for nobody in particular.',
    'ATJWT-4-03 ATJWT-2.2-01',
    {
      claims: { aud: undefined },
    },
  ],
  ['aud-empty-list', 'The token is for nobody.', 'ATJWT-4-03', { claims: { aud: [] } }],
  [
    'iss-slash',
    'The issuer has a slash at its end.',
    'ATJWT-4-02',
    {
      claims: { iss: 'https://as.example/' },
    },
  ],
  [
    'iss-other',
    'The token of another issuer, signed by ours.',
    'ATJWT-4-02 JWTBCP-3.8-01',
    {
      claims: { iss: 'https://other.example' },
    },
  ],
  ['typ-missing', 'The token has no typ.', 'ATJWT-4-01', { header: { typ: undefined } }],
  ['id-token', 'An ID token with a cnf.', 'ATJWT-4-01 JWTBCP-3.12-01', ID_TOKEN],
  [
    'refresh-token',
    'A token of the issuer for itself, with a typ of its own.',
    'ATJWT-4-01',
    {
      header: { typ: 'rt+jwt' },
    },
  ],
  [
    'client-id-missing',
    'The token has no client_id.',
    'ATJWT-2.2-01',
    {
      claims: { client_id: undefined },
    },
  ],
  [
    'exp-missing',
    'The token has no end.',
    'ATJWT-2.2-01 ATJWT-4-05',
    {
      claims: { exp: undefined },
    },
  ],
  ['alg-none', 'The token is not signed.', 'ATJWT-2.1-01', { alg: 'none', ...UNSIGNED }],
  [
    'stranger',
    'The token is signed by a stranger under the kid of the issuer.',
    'ATJWT-4-04 JWTBCP-3.8-01',
    FORGED_BY_STRANGER,
  ],
  [
    'stranger-under-path',
    'The same under a kid that is a path.',
    'JWTBCP-3.10-01 ATJWT-4-04',
    {
      header: { kid: '../../../../../../dev/null' },
      ...FORGED_BY_STRANGER,
    },
  ],
  [
    'by-proof-key',
    'The client has signed the token with the key of its proofs, and embedded it.',
    'ATJWT-4-04',
    {
      key: ec1,
      header: { kid: undefined, jwk: ec1.jwk },
    },
  ],
  [
    'signature-cut',
    'The signature lacks its last octet.',
    'JOSE-7518-3.4-01',
    {
      encodeSignature: (bytes) => base64url(bytes.slice(0, -1)),
    },
  ],
  [
    'crit',
    'The token has an extension that must be understood.',
    'JOSE-7515-4.1.11-01',
    {
      header: { crit: ['urn:x'], 'urn:x': true },
    },
  ],
];

/** Faults of tokens that are not bound, where no proof is in the way. */
const FAULTY_BEARER = new Set([
  'expired',
  'aud-other',
  'iss-other',
  'id-token',
  'alg-none',
  'stranger',
]);

const TOO_LITTLE: Expect = { status: [403], errors: ['insufficient_scope'] };

/** Access tokens behind good proofs: every check of RFC 9068 §4 is one of the resource, too. */
const rsTokens: FileDraft = {
  file: 'rs-tokens',
  title: 'Faulty access tokens with good proofs',
  groups: [
    group('RsVerify', 'dpop', 'A proof without fault, for whatever token.', rsConfig(), [
      valid<RequestTest>('good', 'The token is good.', 'ATJWT-4-04 DPOP-4.3-12', {
        request: request(),
        expect: OK,
      }),
      ...(
        [
          ['rs256', 'The token is signed with RS256.', 'ATJWT-2.1-02', { key: KEYS.issuerRsa }],
          ['ed25519', 'The token is signed with Ed25519.', 'JOSE-9864-01', { key: KEYS.issuerEd }],
          [
            'second-key',
            'The token is signed by another published key.',
            'ATJWT-4-04',
            {
              key: KEYS.issuer2,
            },
          ],
          [
            'typ-long',
            'typ is application/at+jwt.',
            'ATJWT-4-01 JOSE-7515-4.1.9-01',
            {
              header: { typ: 'application/at+jwt' },
            },
          ],
          [
            'aud-list',
            'This resource is one of three in the audience.',
            'ATJWT-4-03',
            {
              claims: { aud: ['https://a.example', ORIGIN, 'urn:b'] },
            },
          ],
          [
            'wide',
            'The token has a hundred groups.',
            'ATJWT-2.2-01 DPOP-4.3-12',
            {
              claims: { groups: Array.from({ length: 100 }, (_, index) => `group-${index}`) },
            },
          ],
        ] satisfies readonly Row[]
      ).map(([id, comment, ids, token]) =>
        valid<RequestTest>(id, comment, ids, {
          request: withToken(accessToken(token)),
          expect: OK,
        }),
      ),
      ...FAULTY.map(([id, comment, ids, token]) =>
        invalid<RequestTest>(id, comment, ids, {
          request: withToken(accessToken(token)),
          expect: BAD_TOKEN,
        }),
      ),
      invalid<RequestTest>(
        'proof-as-token',
        'The token is a proof, and the proof has its hash.',
        'JWTBCP-3.12-01 ATJWT-4-01',
        { request: withToken(proof()), expect: BAD_TOKEN },
      ),
      invalid<RequestTest>(
        'token-as-proof',
        'The proof is the access token.',
        'DPOP-4.3-04 JWTBCP-3.12-01',
        { request: request({ proofs: [GOOD] }), expect: BAD_PROOF },
      ),
      invalid<RequestTest>(
        'cnf-twice-last-other',
        'cnf twice: first of the key of the proof, then of another.',
        'JOSE-7515-4-01 DPOP-4.3-13',
        {
          request: withToken(
            accessToken({ payloadPart: objectText([...CLAIMS, ['cnf', { jkt: ec2.jkt }]]) }),
          ),
          expect: { ...BAD_TOKEN, errors: ['invalid_token', 'invalid_dpop_proof'] },
        },
        { flags: ['DuplicateMember'] },
      ),
      ...(
        [
          [
            'cnf-twice-last-right',
            'cnf twice: first of another key, then of the key of the proof.',
            objectText([['cnf', { jkt: ec2.jkt }], ...CLAIMS]),
          ],
          [
            'jkt-twice-last-right',
            'jkt twice in cnf: first of another key, then of the key of the proof.',
            objectText(CLAIMS).replace('"cnf":{', `"cnf":{"jkt":"${ec2.jkt}",`),
          ],
        ] as const
      ).map(([id, comment, payloadPart]) =>
        acceptable<RequestTest>(
          'reject',
          id,
          comment,
          'JOSE-7515-4-01',
          { request: withToken(accessToken({ payloadPart })), expect: BAD_TOKEN },
          {
            reason:
              'RFC 7515 §4 allows to refuse the repetition or to take the last; two parsers in a row may differ.',
            flags: ['DuplicateMember'],
          },
        ),
      ),
      invalid<RequestTest>(
        'rs256-under-fapi',
        'The token is signed with RS256, which FAPI does not have.',
        'FAPI-5.4-01 ATJWT-2.1-02',
        {
          request: withToken(accessToken({ key: KEYS.issuerRsa })),
          override: { preset: 'fapi', tokenAlgorithms: ['PS256', 'ES256', 'Ed25519', 'EdDSA'] },
          expect: BAD_TOKEN,
        },
        { base: 'rs256' },
      ),
      invalid<RequestTest>(
        'rs256-not-listed',
        'The token is signed with RS256, which the list does not have.',
        'JWTBCP-3.1-01',
        {
          request: withToken(accessToken({ key: KEYS.issuerRsa })),
          override: { tokenAlgorithms: ALGORITHMS },
          expect: BAD_TOKEN,
        },
        { base: 'rs256' },
      ),
    ]),
    group(
      'RsVerify',
      'bearer',
      'Tokens that are not bound, under Bearer.',
      rsConfig({ schemes: ['DPoP', 'Bearer'] }),
      [
        valid<RequestTest>('bearer-good', 'The token is good.', 'BEARER-2.1-01', {
          request: withToken(unbound(), 'Bearer'),
          expect: OK,
        }),
        ...FAULTY.filter(([id]) => FAULTY_BEARER.has(id)).map(([id, comment, ids, token]) =>
          invalid<RequestTest>(`bearer-${id}`, comment, ids, {
            request: withToken(unbound(token), 'Bearer'),
            expect: BAD_TOKEN,
          }),
        ),
        invalid<RequestTest>(
          'bearer-proof-as-token',
          'The token is a proof.',
          'JWTBCP-3.12-01 ATJWT-4-01',
          { request: withToken(proof(), 'Bearer'), expect: BAD_TOKEN },
        ),
      ],
    ),
    group(
      'RsVerify',
      'scope',
      'The resource demands notes:write.',
      rsConfig({ requiredScope: ['notes:write'] }),
      [
        valid<RequestTest>(
          'scope-among-others',
          'The scope is the second of two.',
          'BEARER-3.1-04',
          {
            request: request(),
            expect: OK,
          },
        ),
        ...(
          [
            ['scope-other', 'Another scope.', 'notes:read'],
            ['scope-missing', 'No scope.', undefined],
            [
              'scope-begins-alike',
              'A longer value that begins like the scope.',
              'notes:write-drafts',
            ],
            ['scope-upper-case', 'The scope in capitals.', 'NOTES:WRITE'],
            [
              'scope-comma',
              'Values with a comma between them, which are one value.',
              'notes:read,notes:write',
            ],
          ] as const
        ).map(([id, comment, scope]) =>
          invalid<RequestTest>(id, comment, 'BEARER-3.1-04 DPOP-7.1-06', {
            request: withToken(accessToken({ claims: { scope } })),
            expect: TOO_LITTLE,
          }),
        ),
      ],
    ),
  ],
};

export default rsTokens;
