import { CLOCK, ISSUER, ORIGIN, tokenConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import { rawJson } from '../encode/json.ts';
import {
  acceptedToken,
  doubtfulToken,
  type OpenTokenRow,
  refusedToken,
  type TokenRow,
  tolerableToken,
} from '../token-cases.ts';

type Members = Readonly<Record<string, unknown>>;
/** A case that differs in its claims alone. */
type ClaimRow = readonly [id: string, comment: string, requirements: string, claims: Members];
type OpenClaimRow = readonly [reason: string, ...row: ClaimRow];

function row([id, comment, requirements, claims]: ClaimRow): TokenRow {
  return [id, comment, requirements, { claims }];
}

function openRow([reason, ...claimRow]: OpenClaimRow): OpenTokenRow {
  return [reason, ...row(claimRow)];
}

const REQUIRED = ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'];
const ROLES = Array.from({ length: 60 }, (_, index) => `team-${index}:member`);

const NAMES_NOBODY = 'No RFC gives these claims a least length; an empty one identifies nothing.';
const NO_STRING = 'RFC 7519 §4.1 makes it a string; no sentence tells a verifier to look.';

/** What a token says: RFC 9068 §2.2 and §4. */
const jwtAccessToken: FileDraft = {
  file: 'jwt-access-token',
  title: 'Claims and types of JWT access tokens',
  groups: [
    group(
      'JwtAccessToken',
      'claims',
      'Which claims a token must have, and of which type.',
      tokenConfig(),
      [
        acceptedToken(['good', 'A token as RFC 9068 wants it.', 'ATJWT-2.2-01 ATJWT-4-01', {}]),
        ...REQUIRED.map((name) =>
          refusedToken([
            `${name.replace('_', '-')}-missing`,
            `A token without ${name}.`,
            'ATJWT-2.2-01',
            { claims: { [name]: undefined } },
          ]),
        ),
        ...(
          [
            [
              'scope-missing',
              'A token without scope, which RFC 9068 does not demand.',
              'ATJWT-2.2-01',
              { scope: undefined },
            ],
            [
              'further-claims',
              'A token with claims about the sign-in, with roles and with private claims.',
              'ATJWT-2.2-01',
              { auth_time: CLOCK - 60, acr: '1', amr: ['pwd'], roles: ROLES, tenant: { id: 7 } },
            ],
            [
              'sub-is-client',
              'A token of a client for itself: sub equals client_id.',
              'ATJWT-2.2-01',
              { sub: 'app' },
            ],
          ] as const
        ).map((one) => acceptedToken(row(one))),
        ...(
          [
            ['iat-text', 'iat is a string of digits.', 'JOSE-7519-2-01', { iat: `${CLOCK}` }],
            ['exp-null', 'exp is null.', 'ATJWT-2.2-01 JOSE-7519-2-01', { exp: null }],
            [
              'exp-text',
              'exp is a string of digits.',
              'JOSE-7519-2-01 ATJWT-4-05',
              { exp: `${CLOCK + 300}` },
            ],
            ['exp-true', 'exp is true.', 'JOSE-7519-2-01', { exp: true }],
            [
              'nbf-text',
              'nbf is a string that is no number at all.',
              'JOSE-7519-2-01 JOSE-7519-4.1-01',
              { nbf: 'soon' },
            ],
          ] as const
        ).map((one) => refusedToken(row(one))),
        ...(
          [
            [NO_STRING, 'sub-number', 'sub is a number.', 'ATJWT-2.2-01', { sub: 4711 }],
            [
              NO_STRING,
              'client-id-list',
              'client_id is a list.',
              'ATJWT-2.2-01',
              {
                client_id: ['app'],
              },
            ],
            [NO_STRING, 'jti-number', 'jti is a number.', 'ATJWT-2.2-01', { jti: 4711 }],
            [
              'RFC 7519 §2 has a JSON number, and this is one; a time beyond all numbers is no end.',
              'exp-infinite',
              'exp is 1e999, which many parsers read as infinity.',
              'JOSE-7519-2-01',
              { exp: rawJson('1e999') },
            ],
            [NAMES_NOBODY, 'sub-empty', 'sub is empty.', 'ATJWT-2.2-01', { sub: '' }],
            [
              NAMES_NOBODY,
              'client-id-empty',
              'client_id is empty.',
              'ATJWT-2.2-01',
              { client_id: '' },
            ],
            [NAMES_NOBODY, 'jti-empty', 'jti is empty.', 'ATJWT-2.2-01', { jti: '' }],
            [
              'RFC 9068 §2.2.3 takes the string of RFC 8693 §4.2; a reader of lists is a courtesy to other issuers.',
              'scope-list',
              'scope is a list of values.',
              'ATJWT-2.2-01',
              { scope: ['notes:read', 'notes:write'] },
            ],
          ] as const
        ).map((one) => doubtfulToken(openRow(one))),
      ],
    ),
    group(
      'JwtAccessToken',
      'audience',
      'The audience is compared as whole strings, without any normalization (RFC 7519 §4.1.3).',
      tokenConfig(),
      [
        acceptedToken([
          'aud-list',
          'This resource alone, in a list.',
          'ATJWT-4-03',
          { claims: { aud: [ORIGIN] } },
        ]),
        acceptedToken([
          'aud-among-others',
          'This resource is the last of three.',
          'ATJWT-4-03',
          { claims: { aud: ['https://a.example', 'urn:b', ORIGIN] } },
        ]),
        ...(
          [
            [
              'aud-other',
              'Another resource.',
              'ATJWT-4-03 MCP-AUD-01',
              { aud: 'https://other.example' },
            ],
            [
              'aud-others',
              'A list without this resource.',
              'ATJWT-4-03',
              {
                aud: ['https://a.example', 'https://b.example'],
              },
            ],
            ['aud-empty', 'The empty string.', 'ATJWT-4-03', { aud: '' }],
            ['aud-empty-list', 'A list of nobody.', 'ATJWT-4-03', { aud: [] }],
            [
              'aud-begins-alike',
              'A longer name that begins like this resource.',
              'ATJWT-4-03',
              {
                aud: `${ORIGIN}.evil.example`,
              },
            ],
            [
              'aud-part',
              'The beginning of the name of this resource.',
              'ATJWT-4-03',
              {
                aud: 'https://rs',
              },
            ],
            [
              'aud-in-text',
              'One string that has this resource within it.',
              'ATJWT-4-03',
              {
                aud: `https://other.example ${ORIGIN} urn:b`,
              },
            ],
            [
              'aud-slash',
              'This resource with a slash behind it.',
              'ATJWT-4-03',
              { aud: `${ORIGIN}/` },
            ],
            ['aud-path', 'A place at this resource.', 'ATJWT-4-03', { aud: `${ORIGIN}/r` }],
            [
              'aud-upper-case',
              'This resource in capital letters.',
              'ATJWT-4-03',
              {
                aud: ORIGIN.toUpperCase(),
              },
            ],
            ['aud-star', 'An asterisk.', 'ATJWT-4-03', { aud: '*' }],
            ['aud-number', 'A number.', 'ATJWT-4-03', { aud: 1 }],
            [
              'aud-object',
              'An object that has this resource as a member.',
              'ATJWT-4-03',
              {
                aud: { [ORIGIN]: true },
              },
            ],
            [
              'aud-list-in-list',
              'This resource in a list within the list.',
              'ATJWT-4-03',
              {
                aud: [[ORIGIN]],
              },
            ],
          ] as const
        ).map((one) => refusedToken(row(one))),
        doubtfulToken([
          'RFC 7519 §4.1.3 has strings only; a claim of another form is not understood.',
          'aud-list-with-number',
          'A list of this resource and a number.',
          'ATJWT-4-03',
          { claims: { aud: [ORIGIN, 5] } },
        ]),
      ],
    ),
    group('JwtAccessToken', 'issuer', 'The issuer is compared to the letter.', tokenConfig(), [
      acceptedToken(['iss-exact', 'The issuer as configured.', 'ATJWT-4-02', {}]),
      ...(
        [
          [
            'iss-other',
            'Another issuer.',
            'ATJWT-4-02 JWTBCP-3.8-01',
            { iss: 'https://other.example' },
          ],
          ['iss-slash', 'The issuer with a slash behind it.', 'ATJWT-4-02', { iss: `${ISSUER}/` }],
          [
            'iss-upper-case',
            'The host of the issuer in capital letters.',
            'ATJWT-4-02',
            {
              iss: 'https://AS.EXAMPLE',
            },
          ],
          ['iss-port', 'The issuer with its default port.', 'ATJWT-4-02', { iss: `${ISSUER}:443` }],
          [
            'iss-begins-alike',
            'A longer name that begins like the issuer.',
            'ATJWT-4-02',
            {
              iss: `${ISSUER}.evil.example`,
            },
          ],
          ['iss-empty', 'The empty string.', 'ATJWT-4-02', { iss: '' }],
          [
            'iss-list',
            'The issuer in a list, which equals it where types are converted.',
            'ATJWT-4-02',
            {
              iss: [ISSUER],
            },
          ],
        ] as const
      ).map((one) => refusedToken(row(one))),
    ]),
    group(
      'JwtAccessToken',
      'lifetime',
      'Refusals lie more than five minutes beyond a limit, so that every sensible leeway refuses them.',
      tokenConfig(),
      [
        acceptedToken([
          'exp-ahead',
          'The token ends in a second.',
          'ATJWT-4-05',
          { claims: { exp: CLOCK + 1 } },
        ]),
        ...(
          [
            [
              'exp-fraction',
              'The token ends at a fraction of a second.',
              'JOSE-7519-2-01',
              {
                exp: CLOCK + 299.5,
              },
            ],
            ['nbf-now', 'The token begins this very second.', 'JOSE-7519-4.1-01', { nbf: CLOCK }],
            [
              'iat-long-ago',
              'The token was issued a week ago and lasts.',
              'ATJWT-4-05',
              {
                iat: CLOCK - 604_800,
              },
            ],
          ] as const
        ).map((one) => acceptedToken(row(one))),
        ...(
          [
            [
              'exp-past',
              'The token ended 301 seconds ago.',
              'ATJWT-4-05 BEARER-3.1-03',
              {
                iat: CLOCK - 601,
                exp: CLOCK - 301,
              },
            ],
            [
              'exp-zero',
              'exp is 0, which counts as absent where truth is asked for.',
              'ATJWT-4-05',
              {
                exp: 0,
              },
            ],
            ['exp-negative', 'exp lies before 1970.', 'ATJWT-4-05', { exp: -1 }],
            [
              'nbf-ahead',
              'The token begins in 301 seconds.',
              'JOSE-7519-4.1-01',
              {
                nbf: CLOCK + 301,
                exp: CLOCK + 900,
              },
            ],
            [
              'nbf-milliseconds',
              'nbf counts milliseconds, and so lies far ahead.',
              'JOSE-7519-4.1-01',
              {
                nbf: CLOCK * 1000,
              },
            ],
          ] as const
        ).map((one) => refusedToken(row(one))),
        ...(
          [
            [
              'RFC 9068 §4 allows some leeway for clocks that differ.',
              'exp-now',
              'The token ends this very second.',
              'ATJWT-4-05',
              { exp: CLOCK },
            ],
            [
              'No RFC makes iat a beginning; nbf is there for that.',
              'iat-ahead',
              'The token was issued an hour ahead of the clock.',
              'ATJWT-4-05',
              { iat: CLOCK + 3600, exp: CLOCK + 3900 },
            ],
          ] as const
        ).map((one) => tolerableToken(openRow(one))),
      ],
    ),
  ],
};

export default jwtAccessToken;
