import type { RequestTest } from '../../src/format.ts';
import { acceptedClaims, doubtfulClaims, refusedClaims, tolerableClaims } from '../claim-cases.ts';
import { ORIGIN, rsConfig } from '../deployment.ts';
import { acceptable, type Draft, type FileDraft, group, invalid, OK, valid } from '../draft.ts';
import { proof, request } from '../messages.ts';

const repaired = group(
  'RsVerify',
  'repaired-forms',
  'What the URL parser of browsers repairs is no URI.',
  rsConfig(),
  [
    acceptedClaims(['ordinary', 'The URI of the request.', 'URI-11', {}]),
    ...(
      [
        ['backslashes', 'backslashes for slashes', 'https:\\\\rs.example\\r'],
        ['one-slash', 'one slash behind the scheme', 'https:/rs.example/r'],
        ['no-slash', 'no slash behind the scheme', 'https:rs.example/r'],
        ['three-slashes', 'three slashes behind the scheme', 'https:///rs.example/r'],
        ['tab-inside', 'a tab inside', 'https://rs.exa\tmple/r'],
        ['newline-inside', 'a line feed inside', 'https://rs.example/\nr'],
        ['leading-blank', 'a blank before it', ` ${ORIGIN}/r`],
        ['trailing-blank', 'a blank behind it', `${ORIGIN}/r `],
        ['inner-blank', 'a blank in its path', `${ORIGIN}/ r`],
        ['blob', 'the scheme blob before it', `blob:${ORIGIN}/r`],
        ['javascript', 'another scheme before it', `javascript:${ORIGIN}/r`],
        ['fullwidth-host', 'fullwidth letters in the host', 'https://\uff52\uff53.example/r'],
        ['ideographic-dot', 'an ideographic full stop in the host', 'https://rs\u3002example/r'],
        ['soft-hyphen', 'a soft hyphen in the host', 'https://r\u00ads.example/r'],
        ['zero-width', 'a zero width joiner in the host', 'https://r\u200ds.example/r'],
        ['kelvin', 'a host with a letter that folds to one of ours', 'https://r\u017f.example/r'],
        ['nul', 'a NUL behind it', `${ORIGIN}/r\u0000`],
        ['bad-triplet', 'a percent sign that begins nothing', `${ORIGIN}/r%`],
        ['bad-triplet-digits', 'a percent sign before no digits', `${ORIGIN}/%zz`],
        ['brackets', 'brackets in its path', `${ORIGIN}/[r]`],
        ['quotes', 'quotation marks around it', `"${ORIGIN}/r"`],
        ['angle-brackets', 'angle brackets around it', `<${ORIGIN}/r>`],
        ['negative-port', 'a negative port', 'https://rs.example:-443/r'],
        ['port-65979', 'a port that is ours modulo 65536', 'https://rs.example:65979/r'],
        ['port-text', 'a port in letters', 'https://rs.example:https/r'],
        ['two-ports', 'two ports', 'https://rs.example:443:443/r'],
        ['no-host', 'no host', 'https:///r'],
      ] as const
    ).map(([id, what, htu]) =>
      refusedClaims([id, `htu has ${what}.`, 'URI-11 DPOP-4.3-09 SEP1932-RS-01', { htu }]),
    ),
  ],
);

/** A server with an origin of its own, and what proofs name in its place. */
function originGroup(
  id: string,
  comment: string,
  origin: string,
  rows: readonly ((origin: string) => Draft<RequestTest>)[],
): ReturnType<typeof group> {
  return group('RsVerify', id, comment, rsConfig({ origin, audience: ORIGIN }), [
    acceptedClaims([
      `${id}-same`,
      'The origin as it is configured.',
      'DPOP-4.3-09',
      { htu: `${origin}/r` },
    ]),
    ...rows.map((row) => row(origin)),
  ]);
}

const idn = originGroup(
  'idn',
  'A host with a name beyond ASCII.',
  'https://xn--bcher-kva.example',
  [
    () =>
      tolerableClaims([
        'Hosts are compared without case (RFC 3986 §6.2.2.1).',
        'idn-upper-case',
        'The ASCII form in capitals.',
        'URI-01 DPOP-4.3-14',
        { htu: 'https://XN--BCHER-KVA.example/r' },
      ]),
    () =>
      doubtfulClaims([
        'An IRI is no URI (RFC 3986 §1.2.1); browsers fold it.',
        'idn-unicode',
        'The name as people write it.',
        'URI-11',
        { htu: 'https://bücher.example/r' },
      ]),
    () =>
      refusedClaims([
        'idn-lookalike',
        'A name with a letter that looks alike.',
        'DPOP-4.3-09',
        { htu: 'https://xn--bher-1kd8b.example/r' },
      ]),
  ],
);

const ipv6 = originGroup('ipv6', 'An IPv6 address.', 'https://[2001:db8::1]', [
  () =>
    tolerableClaims([
      'Hosts are compared without case (RFC 3986 §6.2.2.1).',
      'ipv6-upper-case',
      'The address with capital digits.',
      'URI-01',
      { htu: 'https://[2001:DB8::1]/r' },
    ]),
  () =>
    doubtfulClaims([
      'RFC 3986 does not shorten addresses; RFC 5952 is no part of it.',
      'ipv6-long',
      'The address written in full.',
      'URI-06',
      { htu: 'https://[2001:0db8:0:0:0:0:0:1]/r' },
    ]),
  () =>
    refusedClaims([
      'ipv6-other',
      'Another address.',
      'DPOP-4.3-09',
      { htu: 'https://[2001:db8::2]/r' },
    ]),
  () =>
    refusedClaims([
      'ipv6-without-brackets',
      'The address without brackets.',
      'URI-11',
      { htu: 'https://2001:db8::1/r' },
    ]),
  () =>
    refusedClaims([
      'ipv6-zone',
      'The address with a zone.',
      'URI-11 DPOP-4.3-09',
      { htu: 'https://[2001:db8::1%25eth0]/r' },
    ]),
]);

const ipv4 = originGroup('ipv4', 'An IPv4 address.', 'https://192.0.2.1', [
  ...(
    [
      ['ipv4-decimal', 'The address as one number.', 'https://3221225985/r'],
      ['ipv4-octal', 'The address with octal parts.', 'https://0300.0.2.1/r'],
      ['ipv4-hexadecimal', 'The address in hexadecimal.', 'https://0xc0000201/r'],
      ['ipv4-short', 'The address with a part left out.', 'https://192.0.513/r'],
    ] as const
  ).map(
    ([id, comment, htu]) =>
      () =>
        refusedClaims([id, comment, 'URI-11 DPOP-4.3-09', { htu }]),
  ),
]);

const port = originGroup('port', 'A port of its own.', 'https://rs.example:8443', [
  () =>
    refusedClaims([
      'port-missing',
      'htu without the port.',
      'URI-05 DPOP-4.3-09',
      { htu: `${ORIGIN}/r` },
    ]),
  () =>
    refusedClaims([
      'port-default',
      'htu with the default port.',
      'URI-05 DPOP-4.3-09',
      { htu: 'https://rs.example:443/r' },
    ]),
]);

const mounted = group(
  'RsVerify',
  'mounted',
  'A proxy strips /v1 from the path.',
  rsConfig({ mountPrefix: '/v1' }),
  [
    acceptedClaims([
      'external',
      'htu is the path that clients use.',
      'URI-13',
      { htu: `${ORIGIN}/v1/r` },
    ]),
    refusedClaims([
      'internal',
      'htu is the path behind the proxy.',
      'URI-13 DPOP-4.3-09',
      { htu: `${ORIGIN}/r` },
    ]),
    refusedClaims([
      'prefix-twice',
      'htu has the prefix twice.',
      'URI-13 DPOP-4.3-09',
      { htu: `${ORIGIN}/v1/v1/r` },
    ]),
    refusedClaims([
      'other-prefix',
      'htu has another prefix.',
      'URI-13 DPOP-4.3-09',
      { htu: `${ORIGIN}/v2/r` },
    ]),
  ],
);

/** A proxy at this address is believed; others are not. */
const PROXY = '203.0.113.7';

const proxied = group(
  'RsVerify',
  'proxied',
  'Two origins behind a proxy that says which one was used.',
  rsConfig({ furtherOrigins: ['https://api.example'], trustedProxies: [PROXY] }),
  [
    acceptedClaims([
      'first-origin',
      'The proxy names the first origin.',
      'URI-08',
      {},
      { peerAddress: PROXY, further: [['X-Forwarded-Host', 'rs.example']] },
    ]),
    acceptedClaims([
      'second-origin',
      'The proxy names the second origin, and so does htu.',
      'URI-08',
      { htu: 'https://api.example/r' },
      { peerAddress: PROXY, further: [['X-Forwarded-Host', 'api.example']] },
    ]),
    refusedClaims([
      'origins-crossed',
      'The proxy names the second origin, htu the first.',
      'URI-08 DPOP-4.3-09',
      {},
      { peerAddress: PROXY, further: [['X-Forwarded-Host', 'api.example']] },
    ]),
    refusedClaims([
      'no-proxy',
      'Somebody else names the second origin; Host is the first, htu the second.',
      'URI-08 BCP-4.13-01',
      { htu: 'https://api.example/r' },
      {
        peerAddress: '203.0.113.8',
        further: [
          ['Host', 'rs.example'],
          ['X-Forwarded-Host', 'api.example'],
        ],
      },
    ]),
  ],
);

/** Refused for the proof, or because nothing is served under such a target. */
const REFUSED_TARGET = {
  status: [400, 401, 404],
  errors: ['invalid_request', 'invalid_dpop_proof'],
};

/** A target that is no path of this server. */
function refusedTarget(id: string, target: string, htu: string): Draft<RequestTest> {
  return invalid<RequestTest>(
    `target-${id}`,
    `The target is ${target}, htu ${htu}.`,
    'URI-09 URI-08',
    { request: request({ target, proofs: [proof({ claims: { htu } })] }), expect: REFUSED_TARGET },
  );
}

const UNSENT =
  'No client of HTTP sends such a target; a router may take it for another path than the proof names.';

const targets = group(
  'RsVerify',
  'request-targets',
  'The target of the request itself.',
  rsConfig(),
  [
    valid<RequestTest>('origin-form', 'A path.', 'URI-09', { request: request(), expect: OK }),
    ...(
      [
        ['host-like', '//evil.example/r', 'https://evil.example/r'],
        ['absolute-other', 'https://evil.example/r', 'https://evil.example/r'],
        ['absolute-http', 'http://rs.example/r', 'http://rs.example/r'],
        ['star', '*', ORIGIN],
        ['authority', 'rs.example:443', ORIGIN],
      ] as const
    ).map(([id, target, htu]) => refusedTarget(id, target, htu)),
    ...(
      [
        ['dot-segments', '/a/../r', `${ORIGIN}/r`],
        ['encoded-dot-segments', '/a/%2e%2e/r', `${ORIGIN}/r`],
        ['fragment', '/r#x', `${ORIGIN}/r`],
        ['bad-triplet', '/%7', `${ORIGIN}/%7`],
      ] as const
    ).map(([id, target, htu]) =>
      acceptable<RequestTest>(
        'reject',
        `target-${id}`,
        `The target is ${target}, htu ${htu}.`,
        'URI-09 URI-08',
        {
          request: request({ target, proofs: [proof({ claims: { htu } })] }),
          expect: REFUSED_TARGET,
        },
        { reason: UNSENT },
      ),
    ),
  ],
);

const rsTargetForms: FileDraft = {
  file: 'rs-target-forms',
  title: 'Forms of the target URI, and servers with origins of their own',
  groups: [repaired, idn, ipv6, ipv4, port, mounted, proxied, targets],
};

export default rsTargetForms;
