import {
  acceptedClaims,
  type ClaimRow,
  doubtfulClaims,
  refusedClaims,
  tolerableClaims,
} from '../claim-cases.ts';
import { ORIGIN, rsConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';

type PathRow = readonly [id: string, comment: string, htu: string, target: string];

/** A request for a target, and a proof for a path of the same origin. */
function row([id, comment, htu, target]: PathRow, requirements: string): ClaimRow {
  return [id, comment, requirements, { htu: `${ORIGIN}${htu}` }, { target }];
}

const asTheyStand = group(
  'RsVerify',
  'as-they-stand',
  'Unusual paths, the same in both: nothing in them needs to be changed.',
  rsConfig(),
  [
    acceptedClaims(row(['plain', 'An ordinary path.', '/r', '/r'], 'DPOP-4.3-09')),
    ...(
      [
        ['slash-behind', 'A slash at the end.', '/r/', '/r/'],
        ['empty-segment', 'Two slashes inside.', '/a//b', '/a//b'],
        ['slashes-before', 'Two slashes at the start.', '//r', '//r'],
        ['parameters', 'Path parameters.', '/r;v=1;w', '/r;v=1;w'],
        ['capitals', 'Small letters and capitals.', '/Notes/mY', '/Notes/mY'],
        [
          'dots-in-names',
          'Names with dots that are no dot segments.',
          '/.a/b../...',
          '/.a/b../...',
        ],
        ['encoded-percent', 'An encoded percent sign.', '/100%25', '/100%25'],
        ['no-utf-8', 'An encoded octet that is no UTF-8.', '/%FF', '/%FF'],
        ['encoded-question', 'An encoded question mark.', '/a%3Fb', '/a%3Fb'],
        ['encoded-blank', 'An encoded blank.', '/a%20b', '/a%20b'],
        [
          'uri-inside',
          'A URI of another server in the path.',
          `/https://evil.example/r`,
          `/https://evil.example/r`,
        ],
      ] as const
    ).map((path) => acceptedClaims(row(path, 'DPOP-4.3-09 URI-06'))),
    ...(
      [
        ['query-empty', 'A question mark without a query.', '/r', '/r?'],
        [
          'query-with-uri',
          'A URI of another server in the query.',
          '/r',
          '/r?next=https://evil.example/s',
        ],
        [
          'query-with-dots',
          'Slashes, dots and a question mark in the query.',
          '/r',
          '/r?a=/../s?b',
        ],
      ] as const
    ).map((path) => acceptedClaims(row(path, 'DPOP-4.3-09'))),
    tolerableClaims([
      'The query is left out of the comparison; browsers send brackets in it as they are.',
      ...row(['query-with-brackets', 'Brackets in the query.', '/r', '/r?a[]=1'], 'DPOP-4.3-09'),
    ]),
    tolerableClaims([
      'The query is left out of the comparison, however long it is.',
      ...row(
        ['query-long', 'A query of 3000 characters.', '/r', `/r?q=${'q'.repeat(3000)}`],
        'DPOP-4.3-09',
      ),
    ]),
    tolerableClaims([
      'RFC 3986 has a slash that is encoded in no dot segment; some servers refuse it altogether.',
      ...row(
        ['dots-and-encoded-slash', 'Dots before an encoded slash.', '/..%2Fr', '/..%2Fr'],
        'URI-04 URI-03',
      ),
    ]),
    tolerableClaims([
      'RFC 3986 allows each octet to be encoded; some servers refuse this one.',
      ...row(['encoded-nul', 'An encoded NUL.', '/a%00b', '/a%00b'], 'URI-03'),
    ]),
    tolerableClaims([
      'RFC 9110 §4.1 recommends that URIs of 8000 octets are supported, and demands no length.',
      ...row(
        [
          'path-of-2000',
          'A path of 2000 characters.',
          `/${'p'.repeat(1999)}`,
          `/${'p'.repeat(1999)}`,
        ],
        'DPOP-4.3-09',
      ),
    ]),
    doubtfulClaims([
      'RFC 9110 §4.1 only recommends a length; this suite holds 2048 characters of htu to be enough.',
      'path-of-3000',
      'A path of 3000 characters.',
      'JOSE-LIMIT-P1',
      { htu: `${ORIGIN}/${'p'.repeat(2999)}` },
      { target: `/${'p'.repeat(2999)}`, flags: ['Oversize'] },
    ]),
  ],
);

const inRequest = group(
  'RsVerify',
  'more-in-the-request',
  'The request has in its path what htu has not, so that both ways of comparing are tried.',
  rsConfig(),
  [
    acceptedClaims(row(['same', 'The path of the request.', '/r', '/r'], 'DPOP-4.3-09')),
    ...(
      [
        ['request-slash-behind', 'A slash at the end.', '/r', '/r/'],
        ['request-slashes-before', 'Two slashes at the start.', '/r', '//r'],
        ['request-empty-segment', 'Two slashes inside.', '/a/b', '/a//b'],
        ['request-parameters', 'A path parameter.', '/r', '/r;v=1'],
        ['request-capital', 'A capital.', '/r', '/R'],
        ['request-below', 'A segment more.', '/r', '/r/s'],
        ['request-longer', 'A character more.', '/r', '/r2'],
        ['request-extension', 'The extension of a file.', '/r', '/r.json'],
        [
          'request-encoded-question',
          'An encoded question mark and what looks like a query.',
          '/r',
          '/r%3Fa=1',
        ],
        [
          'request-encoded-hash',
          'An encoded number sign and what looks like a fragment.',
          '/r',
          '/r%23a',
        ],
        ['request-encoded-twice', 'A letter encoded twice.', '/r', '/%2572'],
        ['request-nul', 'An encoded NUL and more.', '/r', '/r%00.json'],
        ['request-blank-behind', 'An encoded blank at the end.', '/r', '/r%20'],
      ] as const
    ).map((path) => refusedClaims(row(path, 'URI-06 DPOP-4.3-09'))),
  ],
);

const decoded = group(
  'RsVerify',
  'decoders',
  'Two paths that functions which decode or normalize texts make one, and RFC 3986 does not.',
  rsConfig(),
  [
    acceptedClaims(row(['alike', 'One path.', '/a%21b', '/a%21b'], 'URI-03')),
    ...(
      [
        ['exclamation-encoded', 'An encoded exclamation mark in htu alone.', '/a%21b', '/a!b'],
        ['at-encoded', 'An encoded @ in the request alone.', '/a@b', '/a%40b'],
        [
          'overlong-slash',
          'A slash in two octets, which is no UTF-8, in htu alone.',
          '/a%C0%AFb',
          '/a/b',
        ],
        [
          'overlong-dots',
          'Dot segments in overlong UTF-8 in htu alone.',
          '/a/%C0%AE%C0%AE/r',
          '/r',
        ],
        ['fullwidth-slash', 'A fullwidth slash in htu alone.', '/a%EF%BC%8Fb', '/a/b'],
        [
          'decomposed',
          'An umlaut in two characters in htu, in one in the request.',
          '/u%CC%88',
          '/%C3%BC',
        ],
        ['latin-1', 'An umlaut as ISO 8859-1 in htu, as UTF-8 in the request.', '/%FC', '/%C3%BC'],
        [
          'other-octet',
          'Two octets that are no UTF-8, which decoders replace alike.',
          '/%FE',
          '/%FF',
        ],
        [
          'capital-umlaut',
          'A capital umlaut in htu, a small one in the request.',
          '/%C3%9C',
          '/%C3%BC',
        ],
      ] as const
    ).map((path) => refusedClaims(row(path, 'URI-03 DPOP-4.3-09'))),
    refusedClaims(
      row(['percent-u', 'A letter as %u0072 in htu.', '/%u0072', '/r'], 'URI-11 DPOP-4.3-09'),
    ),
  ],
);

const EQUAL = 'RFC 9449 §4.3 recommends the normalization of RFC 3986, by which both are one.';

const dots = group(
  'RsVerify',
  'dot-segments',
  'Where dot segments lead by RFC 3986 §5.2.4, and where they do not.',
  rsConfig(),
  [
    acceptedClaims(row(['without-dots', 'No dots.', '/a/b', '/a/b'], 'URI-04')),
    ...(
      [
        ['dots-inside', 'Dot segments of both kinds in htu.', '/a/./x/../b', '/a/b'],
        ['dot-at-end', 'A dot at the end of htu, for a path with a slash there.', '/r/.', '/r/'],
        [
          'dots-at-end',
          'Two dots at the end of htu, for a path with a slash there.',
          '/r/x/..',
          '/r/',
        ],
        ['dots-behind-empty', 'Dots that take an empty segment away.', '/a//../b', '/a/b'],
        ['digits-encoded', 'Encoded digits, which are unreserved like letters.', '/%30%39', '/09'],
        [
          'capitals-in-triplet',
          'An encoded slash, in small digits in the request.',
          '/a%2Fb',
          '/a%2fb',
        ],
      ] as const
    ).map((path) => tolerableClaims([EQUAL, ...row(path, 'URI-04 URI-02 DPOP-4.3-14')])),
    ...(
      [
        [
          'dot-for-nothing',
          'A dot at the end of htu, for a path without a slash there.',
          '/r/.',
          '/r',
        ],
        [
          'dots-for-nothing',
          'Two dots at the end of htu, for a path without a slash there.',
          '/r/x/..',
          '/r',
        ],
        [
          'dots-take-more',
          'Dots behind an empty segment, as if they took the one before it.',
          '/a/x//../b',
          '/a/b',
        ],
        ['three-dots', 'Three dots in htu.', '/a/.../b', '/b'],
        ['dots-with-parameter', 'Dots with a path parameter in htu.', '/x/..;/a/b', '/a/b'],
        ['dots-encoded-twice', 'Dots encoded twice in htu.', '/x/%252e%252e/a/b', '/a/b'],
        [
          'dots-before-encoded-slash',
          'Dots before an encoded slash in htu.',
          '/x/..%2Fa/b',
          '/a/b',
        ],
      ] as const
    ).map((path) => refusedClaims(row(path, 'URI-06 URI-04 DPOP-4.3-09'))),
  ],
);

const BROWSERS =
  'Browsers send some characters that a URI must encode; a client that puts a URI into htu encodes them.';

const unencoded = group(
  'RsVerify',
  'unencoded',
  'Characters in the request that no URI has.',
  rsConfig(),
  [
    acceptedClaims(
      row(['encoded', 'Brackets, encoded in both.', '/%5Br%5D', '/%5Br%5D'], 'URI-03'),
    ),
    ...(
      [
        ['brackets-sent', 'Brackets in the request, encoded in htu.', '/%5Br%5D', '/[r]'],
        ['bar-sent', 'A vertical bar in the request, encoded in htu.', '/a%7Cb', '/a|b'],
        ['backslash-sent', 'A backslash in the request, encoded in htu.', '/a%5Cb', '/a\\b'],
      ] as const
    ).map((path) => tolerableClaims([BROWSERS, ...row(path, 'URI-11 DPOP-4.3-14')])),
    refusedClaims(
      row(
        ['backslash-for-slash', 'A backslash in the request, a slash in htu.', '/a/b', '/a\\b'],
        'URI-11 DPOP-4.3-09',
      ),
    ),
    doubtfulClaims([
      'RFC 3986 has no brackets in a path; browsers leave them there.',
      ...row(['brackets-in-both', 'Brackets in both.', '/[r]', '/[r]'], 'URI-11'),
    ]),
  ],
);

const rsTargetPaths: FileDraft = {
  file: 'rs-target-paths',
  title: 'Which paths are one and which are two',
  groups: [asTheyStand, inRequest, decoded, dots, unencoded],
};

export default rsTargetPaths;
