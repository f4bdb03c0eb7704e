import type { JsonObject, SignerCall } from '../../src/format.ts';
import { CLOCK, ISSUER, ORIGIN } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import {
  absent,
  count,
  equals,
  fetched,
  good,
  scenario,
  TOKEN,
  tokenAnswer,
  tokenRequest,
  URL_R,
} from '../scenarios.ts';

const MOVED = `${ORIGIN}/moved`;
const ELSEWHERE = 'https://evil.example/collect';

/** A redirect, and what answers behind it. */
function redirected(status: number, location: string, method = 'GET'): SignerCall {
  return fetched({
    method,
    responses: [
      { status, fields: [['Location', location]] },
      { status: 200, fields: [] },
    ],
  });
}

const redirects = group(
  'Signer',
  'redirects',
  'What a client does when it is sent on.',
  { clock: CLOCK },
  [
    ...[301, 302, 303, 307, 308].map((status) =>
      scenario(
        `same-origin-${status}`,
        `A redirect with ${status} on the same origin needs a proof for the new target.`,
        'DPOP-4-01',
        {
          calls: [redirected(status, MOVED)],
          assertions: [
            count(2),
            good(1),
            equals(1, 'proof.payload.htu', MOVED),
            { kind: 'distinct', path: 'proof.payload.jti' },
            equals(1, 'fields.authorization', `DPoP ${TOKEN}`),
          ],
        },
      ),
    ),
    scenario(
      'post-303',
      'A POST is answered with 303: the next request is a GET.',
      'DPOP-4-01 DPOP-4.2-04',
      {
        calls: [redirected(303, MOVED, 'POST')],
        assertions: [count(2), equals(1, 'method', 'GET'), equals(1, 'proof.payload.htm', 'GET')],
      },
    ),
    scenario('post-307', 'A POST is answered with 307 and stays a POST.', 'DPOP-4-01 DPOP-4.2-04', {
      calls: [redirected(307, MOVED, 'POST')],
      assertions: [count(2), equals(1, 'method', 'POST'), equals(1, 'proof.payload.htm', 'POST')],
    }),
    ...[302, 307].map((status) =>
      scenario(
        `other-origin-${status}`,
        `A redirect with ${status} to another origin: neither token nor proof goes there.`,
        'BEARER-5.2-01',
        {
          calls: [redirected(status, ELSEWHERE)],
          assertions: [absent(1, 'fields.authorization'), absent(1, 'fields.dpop')],
        },
      ),
    ),
    scenario('other-port', 'Another port is another origin.', 'BEARER-5.2-01', {
      calls: [redirected(307, 'https://rs.example:8443/r')],
      assertions: [absent(1, 'fields.authorization'), absent(1, 'fields.dpop')],
    }),
    scenario(
      'there-and-back',
      'From another origin back to the first: the way led through strange hands.',
      'BEARER-5.2-01',
      {
        calls: [
          fetched({
            responses: [
              { status: 307, fields: [['Location', ELSEWHERE]] },
              { status: 307, fields: [['Location', URL_R]] },
              { status: 200, fields: [] },
            ],
          }),
        ],
        assertions: [absent(1, 'fields.authorization'), absent(2, 'fields.authorization')],
      },
    ),
  ],
);

const tokens = group(
  'Signer',
  'token-responses',
  'What a client takes from a token endpoint.',
  { clock: CLOCK },
  [
    scenario(
      'request',
      'A token request carries a proof for the token endpoint without ath.',
      'DPOP-5-01 DPOP-4.2-09',
      {
        token: null,
        calls: [tokenRequest(tokenAnswer('DPoP'))],
        assertions: [
          count(1),
          good(0),
          equals(0, 'proof.payload.htm', 'POST'),
          equals(0, 'proof.payload.htu', `${ISSUER}/token`),
          absent(0, 'proof.payload.ath'),
          { kind: 'outcome', call: 0, is: 'response' },
        ],
      },
    ),
    ...['dpop', 'DPOP', 'DPoP'].map((type, index) =>
      scenario(`type-${index}`, `The token type is spelled ${type}.`, 'OAUTH-7.1-01', {
        token: null,
        calls: [tokenRequest(tokenAnswer(type))],
        assertions: [{ kind: 'outcome', call: 0, is: 'response' }],
      }),
    ),
    ...['Bearer', 'bearer'].map((type) =>
      scenario(`type-${type}`, `A proof was sent and the token type is ${type}.`, 'DPOP-5-09', {
        token: null,
        calls: [tokenRequest(tokenAnswer(type))],
        assertions: [{ kind: 'outcome', call: 0, is: 'error' }],
      }),
    ),
    ...['mac', 'N_A', ''].map((type) =>
      scenario(
        `type-unknown-${type || 'empty'}`,
        `The token type is ${type || 'empty'}.`,
        'OAUTH-7.1-01',
        {
          token: null,
          calls: [tokenRequest(tokenAnswer(type))],
          assertions: [{ kind: 'outcome', call: 0, is: 'error' }],
        },
      ),
    ),
    scenario(
      'no-downgrade',
      'The API challenges with Bearer alone: the token is not sent as Bearer.',
      'DPOP-7.2-05 DPOP-7.1-01',
      {
        calls: [
          fetched({
            responses: [
              { status: 401, fields: [['WWW-Authenticate', 'Bearer realm="api"']] },
              { status: 200, fields: [] },
            ],
          }),
        ],
        assertions: [count(1), { kind: 'outcome', call: 0, is: 'response', status: 401 }],
      },
    ),
  ],
);

/** An authorization response at the redirect URI of the client. */
function authorizationResponse(query: string, issParameterSupported = true): SignerCall {
  const url = `https://app.example/callback?${query}`;
  return { kind: 'authorization-response', url, issuer: ISSUER, issParameterSupported };
}

const ISS = encodeURIComponent(ISSUER);

const issuers = group(
  'Signer',
  'authorization-responses',
  'Whose authorization response a client takes for that of its issuer (RFC 9207).',
  { clock: CLOCK },
  (
    [
      ['good', 'iss is the issuer.', `code=abc&iss=${ISS}`, true, 'response'],
      [
        'good-unadvertised',
        'iss is the issuer, though not advertised.',
        `code=abc&iss=${ISS}`,
        false,
        'response',
      ],
      ['absent', 'No iss, though it is advertised.', 'code=abc', true, 'error'],
      ['absent-unadvertised', 'No iss, and none is advertised.', 'code=abc', false, 'response'],
      ['other', 'iss is another issuer.', 'code=abc&iss=https%3A%2F%2Fevil.example', true, 'error'],
      [
        'other-unadvertised',
        'iss is another issuer, and none is advertised.',
        'code=abc&iss=https%3A%2F%2Fevil.example',
        false,
        'error',
      ],
      ['slash', 'iss has a slash more.', `code=abc&iss=${ISS}%2F`, true, 'error'],
      [
        'upper-case',
        'iss has a host in capitals.',
        'code=abc&iss=https%3A%2F%2FAS.example',
        true,
        'error',
      ],
      ['default-port', 'iss names the default port.', `code=abc&iss=${ISS}%3A443`, true, 'error'],
      ['empty', 'iss is empty.', 'code=abc&iss=', true, 'error'],
      [
        'twice',
        'iss occurs twice, first the good one.',
        `code=abc&iss=${ISS}&iss=https%3A%2F%2Fevil.example`,
        true,
        'error',
      ],
    ] as const
  )
    .map(([id, comment, query, isSupported, is]) =>
      scenario(id, comment, 'ISS-2.4-01', {
        token: null,
        calls: [authorizationResponse(query, isSupported)],
        assertions: [{ kind: 'outcome', call: 0, is }],
      }),
    )
    .concat(
      scenario(
        'error-of-another',
        'An error of another issuer: its text is not shown.',
        'ISS-2.4-01',
        {
          token: null,
          calls: [
            authorizationResponse(
              'error=access_denied&error_description=Call%20555-0100&iss=https%3A%2F%2Fevil.example',
            ),
          ],
          assertions: [
            { kind: 'outcome', call: 0, is: 'error' },
            { kind: 'error-hides', call: 0, text: '555-0100' },
          ],
        },
      ),
    ),
);

/** Parsing the values of `WWW-Authenticate`. */
function parsed(values: readonly string[]): SignerCall {
  return { kind: 'parse-challenges', values };
}

type Expected = readonly (readonly [scheme: string, parameters: JsonObject])[];

const challenges = group(
  'Signer',
  'challenges',
  'How a client reads challenges (RFC 9110 §11.6.1).',
  { clock: CLOCK },
  (
    [
      [
        'one',
        'One challenge.',
        ['DPoP algs="ES256 EdDSA", error="invalid_token"'],
        [['DPoP', { algs: 'ES256 EdDSA', error: 'invalid_token' }]],
      ],
      ['bare', 'A scheme without parameters.', ['Bearer'], [['Bearer', {}]]],
      [
        'two-in-one-field',
        'Two challenges in one field.',
        ['Bearer realm="a", DPoP algs="ES256"'],
        [
          ['Bearer', { realm: 'a' }],
          ['DPoP', { algs: 'ES256' }],
        ],
      ],
      [
        'two-fields',
        'Two challenges in two fields.',
        ['Bearer realm="a"', 'DPoP algs="ES256"'],
        [
          ['Bearer', { realm: 'a' }],
          ['DPoP', { algs: 'ES256' }],
        ],
      ],
      [
        'quoted-comma',
        'A comma and a challenge inside quotes.',
        ['Bearer realm="a, DPoP x=\\"1\\"", DPoP algs="ES256", foo=bar'],
        [
          ['Bearer', { realm: 'a, DPoP x="1"' }],
          ['DPoP', { algs: 'ES256', foo: 'bar' }],
        ],
      ],
      [
        'unknown-parameters',
        'Parameters nobody knows.',
        ['DPoP foo=bar, algs="ES256", baz="x y"'],
        [['DPoP', { foo: 'bar', algs: 'ES256', baz: 'x y' }]],
      ],
      [
        'scheme-case',
        'The scheme in capitals, names in mixed case.',
        ['DPOP Algs="ES256", ERROR="use_dpop_nonce"'],
        [['DPoP', { algs: 'ES256', error: 'use_dpop_nonce' }]],
      ],
      [
        'unquoted',
        'Values without quotes.',
        ['DPoP error=use_dpop_nonce, algs=ES256'],
        [['DPoP', { error: 'use_dpop_nonce', algs: 'ES256' }]],
      ],
      [
        'blanks',
        'Blanks around the equals sign and the commas.',
        ['DPoP  algs = "ES256" , error = "invalid_token"'],
        [['DPoP', { algs: 'ES256', error: 'invalid_token' }]],
      ],
      [
        'empty-elements',
        'Commas with nothing between them.',
        [',, DPoP algs="ES256",, error="invalid_token",'],
        [['DPoP', { algs: 'ES256', error: 'invalid_token' }]],
      ],
      [
        'three',
        'Three challenges, one of a scheme nobody knows.',
        ['Basic realm="x", Custom a=b, DPoP algs="ES256"'],
        [
          ['Basic', { realm: 'x' }],
          ['Custom', { a: 'b' }],
          ['DPoP', { algs: 'ES256' }],
        ],
      ],
      [
        'resource-metadata',
        'A URL as a parameter.',
        ['DPoP resource_metadata="https://rs.example/.well-known/oauth-protected-resource?x=1,2"'],
        [
          [
            'DPoP',
            { resource_metadata: 'https://rs.example/.well-known/oauth-protected-resource?x=1,2' },
          ],
        ],
      ],
    ] as const satisfies readonly (readonly [string, string, readonly string[], Expected])[]
  ).map(([id, comment, values, expected]) =>
    scenario(id, comment, 'DPOP-7.1-09', {
      token: null,
      calls: [parsed(values)],
      assertions: [
        {
          kind: 'challenges',
          call: 0,
          are: expected.map(([scheme, parameters]) => ({ scheme, parameters })),
        },
      ],
    }),
  ),
);

const signerAnswers: FileDraft = {
  file: 'signer-answers',
  title: 'What a client makes of answers',
  groups: [redirects, tokens, issuers, challenges],
};

export default signerAnswers;
