import {
  acceptedClaims,
  type ClaimRow,
  doubtfulClaims,
  refusedClaims,
  tolerableClaims,
} from '../claim-cases.ts';
import { ORIGIN, rsConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';

const EQUAL = 'RFC 9449 §4.3 recommends the normalization of RFC 3986, by which both are one.';
const NOT_IN_RFC_3986 = 'RFC 3986 does not make these one; some parsers of URLs do.';

/** A request for a target with an htu. */
function row(
  id: string,
  comment: string,
  requirements: string,
  htu: unknown,
  target = '/r',
): ClaimRow {
  return [id, comment, requirements, { htu }, { target }];
}

const claim = group('RsVerify', 'claim', 'htu is there and is a text.', rsConfig(), [
  acceptedClaims(row('plain', 'The URI of the request.', 'DPOP-4.3-09', `${ORIGIN}/r`)),
  acceptedClaims(
    row(
      'query',
      'The request has a query, htu has none.',
      'DPOP-4.3-09',
      `${ORIGIN}/r`,
      '/r?a=1&b=2',
    ),
  ),
  ...(
    [
      ['missing', 'No htu.', undefined],
      ['null', 'htu is null.', null],
      ['number', 'htu is a number.', 4711],
      ['list', 'htu is a list of the right URI.', [`${ORIGIN}/r`]],
      ['object', 'htu is an object.', { uri: `${ORIGIN}/r` }],
      ['empty', 'htu is empty.', ''],
    ] as const
  ).map(([id, comment, htu]) =>
    refusedClaims(row(`htu-${id}`, comment, 'DPOP-4.3-03 DPOP-4.3-09 SEP1932-RS-01', htu)),
  ),
]);

const other = group('RsVerify', 'other-targets', 'htu names something else.', rsConfig(), [
  acceptedClaims(row('same', 'The URI of the request.', 'DPOP-4.3-09', `${ORIGIN}/r`)),
  ...(
    [
      ['other-host', 'another host', 'https://evil.example/r', 'DPOP-4.3-09'],
      ['host-as-prefix', 'a host that begins like ours', `${ORIGIN}.evil/r`, 'DPOP-4.3-09'],
      ['host-as-suffix', 'a host that ends like ours', 'https://evilrs.example/r', 'DPOP-4.3-09'],
      ['subdomain', 'a host below ours', 'https://a.rs.example/r', 'DPOP-4.3-09'],
      [
        'host-in-path',
        'our URI in the path of another host',
        'https://evil.example/https://rs.example/r',
        'DPOP-4.3-09',
      ],
      [
        'host-in-userinfo',
        'our host as the user of another',
        'https://rs.example@evil.example/r',
        'DPOP-4.3-09 URI-07',
      ],
      [
        'host-in-query',
        'our URI in the query of another host',
        'https://evil.example/r?x=https://rs.example/r',
        'DPOP-4.3-09',
      ],
      ['other-port', 'another port', 'https://rs.example:8443/r', 'DPOP-4.3-09 URI-05'],
      [
        'port-80',
        'the default port of the other scheme',
        'https://rs.example:80/r',
        'DPOP-4.3-09 URI-05',
      ],
      ['http', 'http in the place of https', 'http://rs.example/r', 'DPOP-4.3-09'],
      ['http-443', 'http on the port of https', 'http://rs.example:443/r', 'DPOP-4.3-09'],
      ['other-path', 'another path', `${ORIGIN}/s`, 'DPOP-4.3-09'],
      ['path-as-prefix', 'a path that begins like ours', `${ORIGIN}/r2`, 'DPOP-4.3-09'],
      ['path-cut', 'the beginning of our path', `${ORIGIN}/`, 'DPOP-4.3-09'],
      ['path-below', 'a path below ours', `${ORIGIN}/r/s`, 'DPOP-4.3-09'],
      ['path-case', 'our path in capitals', `${ORIGIN}/R`, 'URI-01 DPOP-4.3-09'],
      ['trailing-slash', 'our path with a slash behind it', `${ORIGIN}/r/`, 'URI-06 DPOP-4.3-09'],
      ['double-slash', 'our path with two slashes', `${ORIGIN}//r`, 'URI-06 DPOP-4.3-09'],
      ['parameters', 'our path with a parameter', `${ORIGIN}/r;v=1`, 'URI-06 DPOP-4.3-09'],
      [
        'trailing-dot',
        'our host with a dot behind it',
        'https://rs.example./r',
        'URI-06 DPOP-4.3-09',
      ],
      ['index', 'a file that some servers mean by the path', `${ORIGIN}/r/index.html`, 'URI-06'],
      ['origin-only', 'our origin alone', ORIGIN, 'DPOP-4.3-09'],
      ['path-only', 'the path alone', '/r', 'URI-11 DPOP-4.3-09'],
      ['no-scheme', 'host and path without a scheme', 'rs.example/r', 'URI-11 DPOP-4.3-09'],
      ['scheme-relative', 'the URI without its scheme', '//rs.example/r', 'URI-11 DPOP-4.3-09'],
      ['wildcard', 'a star', '*', 'DPOP-4.3-09'],
      ['ws', 'the scheme of WebSockets', 'wss://rs.example/r', 'DPOP-4.3-09 URI-11'],
    ] as const
  ).map(([id, what, htu, requirements]) =>
    refusedClaims(row(id, `htu is ${what}.`, requirements, htu)),
  ),
  refusedClaims([
    'forwarded-host',
    'X-Forwarded-Host names the host of the proof, and nobody is trusted.',
    'URI-08 BCP-4.13-01',
    { htu: 'https://evil.example/r' },
    { further: [['X-Forwarded-Host', 'evil.example']] },
  ]),
  refusedClaims([
    'host-field',
    'Host names the host of the proof, which is not the configured origin.',
    'URI-08',
    { htu: 'https://evil.example/r' },
    { further: [['Host', 'evil.example']] },
  ]),
]);

const equal = group(
  'RsVerify',
  'equal-targets',
  'htu is another spelling of the same.',
  rsConfig(),
  [
    acceptedClaims(row('spelled-alike', 'The URI of the request.', 'DPOP-4.3-14', `${ORIGIN}/r`)),
    ...(
      [
        ['upper-case-scheme', 'the scheme in capitals', 'HTTPS://rs.example/r', '/r', 'URI-01'],
        ['upper-case-host', 'the host in capitals', 'https://RS.Example/r', '/r', 'URI-01'],
        ['default-port', 'the default port', 'https://rs.example:443/r', '/r', 'URI-05'],
        ['empty-port', 'a colon without a port', 'https://rs.example:/r', '/r', 'URI-05'],
        ['no-path', 'no path, for the request of /', ORIGIN, '/', 'URI-05'],
        ['encoded-unreserved', 'a letter percent-encoded', `${ORIGIN}/%72`, '/r', 'URI-02'],
        ['encoded-tilde', 'an encoded tilde', `${ORIGIN}/%7Eu`, '/~u', 'URI-02'],
        [
          'encoded-tilde-small',
          'an encoded tilde in small digits',
          `${ORIGIN}/%7eu`,
          '/~u',
          'URI-02',
        ],
        ['plain-tilde', 'a tilde, encoded in the request', `${ORIGIN}/~u`, '/%7Eu', 'URI-02'],
        [
          'small-digits',
          'an encoded octet in small digits',
          `${ORIGIN}/%c3%bc`,
          '/%C3%BC',
          'URI-02',
        ],
        [
          'encoded-hyphen',
          'encoded hyphen, dot and underscore',
          `${ORIGIN}/a%2Db%2Ec%5Fd`,
          '/a-b.c_d',
          'URI-02',
        ],
        [
          'small-digits-reserved',
          'an encoded slash in small digits',
          `${ORIGIN}/a%2fb`,
          '/a%2Fb',
          'URI-02',
        ],
        ['dot-segments', 'dot segments', `${ORIGIN}/a/../r`, '/r', 'URI-04'],
        ['single-dot', 'a single dot', `${ORIGIN}/./r`, '/r', 'URI-04'],
        ['encoded-dots', 'encoded dot segments', `${ORIGIN}/a/%2e%2E/r`, '/r', 'URI-04'],
        [
          'dots-above-the-root',
          'dot segments beyond the root',
          `${ORIGIN}/../../r`,
          '/r',
          'URI-04',
        ],
      ] as const
    ).map(([id, what, htu, target, requirements]) =>
      tolerableClaims([
        EQUAL,
        ...row(id, `htu has ${what}.`, `${requirements} DPOP-4.3-14`, htu, target),
      ]),
    ),
  ],
);

const LEFT_OUT =
  'RFC 9449 §4.3 has query and fragment left out on both sides; §4.2 has clients not write them.';

const ignored = group(
  'RsVerify',
  'query-and-fragment',
  'Parts of htu that do not count.',
  rsConfig(),
  [
    acceptedClaims(row('without', 'Neither.', 'DPOP-4.3-09', `${ORIGIN}/r`)),
    ...(
      [
        ['with-query', 'a query', `${ORIGIN}/r?a=1`, '/r?a=1'],
        ['with-other-query', 'another query than the request', `${ORIGIN}/r?a=1`, '/r?b=2'],
        ['with-fragment', 'a fragment', `${ORIGIN}/r#part`, '/r'],
        ['with-both', 'both', `${ORIGIN}/r?a=1#part`, '/r'],
        ['with-empty-query', 'a question mark alone', `${ORIGIN}/r?`, '/r'],
      ] as const
    ).map(([id, what, htu, target]) =>
      tolerableClaims([LEFT_OUT, ...row(id, `htu has ${what}.`, 'DPOP-4.3-09', htu, target)]),
    ),
  ],
);

const reserved = group(
  'RsVerify',
  'reserved-characters',
  'An encoded character of those that RFC 3986 reserves is another path.',
  rsConfig(),
  [
    acceptedClaims(
      row('encoded-alike', 'An encoded slash in both.', 'URI-03', `${ORIGIN}/a%2Fb`, '/a%2Fb'),
    ),
    acceptedClaims(
      row(
        'sub-delims',
        'Characters that need no encoding.',
        'URI-03',
        `${ORIGIN}/a!$&'()*+,;=:@b`,
        "/a!$&'()*+,;=:@b",
      ),
    ),
    ...(
      [
        ['slash-decoded', 'An encoded slash in the request alone.', `${ORIGIN}/a/b`, '/a%2Fb'],
        ['slash-encoded', 'An encoded slash in htu alone.', `${ORIGIN}/a%2Fb`, '/a/b'],
        ['semicolon-encoded', 'An encoded semicolon in htu alone.', `${ORIGIN}/a%3Bb`, '/a;b'],
        ['plus-encoded', 'An encoded plus in htu alone.', `${ORIGIN}/a%2Bb`, '/a+b'],
        ['blank-as-plus', 'A plus in htu for an encoded blank.', `${ORIGIN}/a+b`, '/a%20b'],
        [
          'question-mark-encoded',
          'An encoded question mark in htu.',
          `${ORIGIN}/r%3Fa=1`,
          '/r?a=1',
        ],
        ['percent-encoded', 'An octet encoded twice in htu.', `${ORIGIN}/%2572`, '/r'],
        [
          'percent-encoded-once',
          'An octet encoded twice in htu and once in the request.',
          `${ORIGIN}/%2572`,
          '/%72',
        ],
        ['nul-encoded', 'An encoded NUL behind the path in htu.', `${ORIGIN}/r%00`, '/r'],
      ] as const
    ).map(([id, comment, htu, target]) =>
      refusedClaims(row(id, comment, 'URI-03 URI-02 DPOP-4.3-09', htu, target)),
    ),
  ],
);

const doubtful = group(
  'RsVerify',
  'beyond-rfc-3986',
  'Spellings that parsers of URLs make one, and RFC 3986 does not.',
  rsConfig(),
  [
    acceptedClaims(row('ordinary', 'The URI of the request.', 'DPOP-4.3-09', `${ORIGIN}/r`)),
    doubtfulClaims([
      NOT_IN_RFC_3986,
      ...row(
        'port-leading-zero',
        'The port has a leading zero.',
        'URI-05',
        'https://rs.example:0443/r',
      ),
    ]),
    doubtfulClaims([
      NOT_IN_RFC_3986,
      ...row(
        'raw-unicode-path',
        'A character beyond ASCII is not encoded in htu.',
        'URI-11',
        `${ORIGIN}/ü`,
        '/%C3%BC',
      ),
    ]),
    doubtfulClaims([
      'RFC 3986 §6.2.2.2 makes these one; hosts are looked up in the DNS, where percent-encoding means nothing.',
      ...row(
        'encoded-host',
        'A letter of the host is percent-encoded.',
        'URI-11',
        'https://r%73.example/r',
      ),
    ]),
    doubtfulClaims([
      'No RFC sets a limit; what no honest client writes need not be compared.',
      'htu-long',
      'htu has a query of 3000 characters.',
      'JOSE-LIMIT-P1',
      { htu: `${ORIGIN}/r?q=${'q'.repeat(3000)}` },
      { flags: ['Oversize'] },
    ]),
    doubtfulClaims([
      'RFC 9110 §4.2.4 has userinfo treated as an error.',
      ...row('userinfo', 'htu has user and password.', 'URI-07', 'https://u:p@rs.example/r'),
    ]),
    doubtfulClaims([
      'RFC 9110 §4.2.4 has userinfo treated as an error.',
      ...row('empty-userinfo', 'htu has an @ before the host.', 'URI-07', 'https://@rs.example/r'),
    ]),
  ],
);

const rsTargetUri: FileDraft = {
  file: 'rs-target-uri',
  title: 'The target of a proof and of the request',
  groups: [claim, other, equal, ignored, reserved, doubtful],
};

export default rsTargetUri;
