import type { Expect, RequestTest } from '../../src/format.ts';
import { doubtfulClaims, refusedClaims } from '../claim-cases.ts';
import { ORIGIN, rsConfig } from '../deployment.ts';
import { acceptable, type Draft, type FileDraft, group, invalid, OK, valid } from '../draft.ts';
import { proof, request } from '../messages.ts';

/** Refused for the proof, or because nothing is served under such a target or host. */
const REFUSED: Expect = {
  status: [400, 401, 404, 421],
  errors: ['invalid_request', 'invalid_dpop_proof'],
};

interface Named {
  readonly htu?: string;
  readonly target?: string;
  readonly host?: readonly string[];
  readonly forwarded?: readonly string[];
  readonly proto?: string;
  readonly peerAddress?: string;
}

/** The fields by which a client or a proxy says whom the request is for. */
function fieldsOf({
  host = [],
  forwarded = [],
  proto,
}: Named): readonly (readonly [string, string])[] {
  return [
    ...host.map((value) => ['Host', value] as const),
    ...forwarded.map((value) => ['X-Forwarded-Host', value] as const),
    ...(proto === undefined ? [] : [['X-Forwarded-Proto', proto] as const]),
  ];
}

type Row = readonly [id: string, comment: string, requirements: string, named: Named];

function sent(named: Named): RequestTest['request'] {
  const { htu = `${ORIGIN}/r`, target = '/r', peerAddress } = named;
  return request({
    target,
    proofs: [proof({ claims: { htu } })],
    further: fieldsOf(named),
    ...(peerAddress && { peerAddress }),
  });
}

function accepted([id, comment, requirements, named]: Row): Draft<RequestTest> {
  return valid<RequestTest>(id, comment, requirements, { request: sent(named), expect: OK });
}

function refused([id, comment, requirements, named]: Row): Draft<RequestTest> {
  return invalid<RequestTest>(id, comment, requirements, { request: sent(named), expect: REFUSED });
}

function tolerable(reason: string, [id, comment, requirements, named]: Row): Draft<RequestTest> {
  const content = { request: sent(named), expect: OK };
  return acceptable<RequestTest>('accept', id, comment, requirements, content, { reason });
}

function doubtful(reason: string, [id, comment, requirements, named]: Row): Draft<RequestTest> {
  const content = { request: sent(named), expect: REFUSED };
  return acceptable<RequestTest>('reject', id, comment, requirements, content, { reason });
}

const API = 'https://api.example';

const hosts = group(
  'RsVerify',
  'host-chooses',
  'Two origins and no proxy: Host says which one is meant.',
  rsConfig({ furtherOrigins: [API] }),
  [
    accepted(['host-first', 'Host is the first origin.', 'URI-08', { host: ['rs.example'] }]),
    accepted([
      'host-second',
      'Host is the second origin, and so is htu.',
      'URI-08',
      { host: ['api.example'], htu: `${API}/r` },
    ]),
    tolerable('Hosts are compared without case (RFC 3986 §6.2.2.1).', [
      'host-capitals',
      'Host is the second origin in capitals.',
      'URI-01 URI-08',
      { host: ['API.Example'], htu: `${API}/r` },
    ]),
    tolerable('A default port is none (RFC 3986 §6.2.3).', [
      'host-default-port',
      'Host is the second origin with the default port.',
      'URI-05 URI-08',
      { host: ['api.example:443'], htu: `${API}/r` },
    ]),
    accepted([
      'host-and-stranger',
      'Host is the first origin; X-Forwarded-Host from a stranger names the second.',
      'URI-08 BCP-4.13-01',
      { host: ['rs.example'], forwarded: ['api.example'] },
    ]),
    ...(
      [
        ['host-crossed', 'Host is one origin, htu the other.', { host: ['api.example'] }],
        [
          'host-evil',
          'Host is neither, and htu is for it.',
          { host: ['evil.example'], htu: 'https://evil.example/r' },
        ],
        [
          'host-other-port',
          'Host has another port, and so has htu.',
          { host: ['api.example:8443'], htu: 'https://api.example:8443/r' },
        ],
        [
          'host-twice',
          'Host comes twice, once for each origin.',
          { host: ['rs.example', 'api.example'] },
        ],
        [
          'host-list',
          'Host has both origins, a comma between them.',
          { host: ['rs.example, api.example'] },
        ],
        [
          'host-below',
          'Host is a name below the first origin, and so is htu.',
          { host: ['a.rs.example'], htu: 'https://a.rs.example/r' },
        ],
      ] as const
    ).map(([id, comment, named]) => refused([id, comment, 'URI-08 URI-09', named])),
    doubtful('Without Host nothing says which origin is meant; a server may have one it prefers.', [
      'host-missing',
      'No Host.',
      'URI-08',
      {},
    ]),
    doubtful(
      'RFC 9112 §3.2.2 has the absolute form replace Host; a request with two targets is refused here.',
      [
        'absolute-against-host',
        'The target is an absolute URI of the second origin, and so is htu; Host is the first.',
        'URI-09',
        { host: ['rs.example'], target: `${API}/r`, htu: `${API}/r` },
      ],
    ),
    refused([
      'absolute-against-htu',
      'The target is an absolute URI of the second origin; Host and htu are the first.',
      'URI-09 DPOP-4.3-09',
      { host: ['rs.example'], target: `${API}/r` },
    ]),
  ],
);

/** A proxy at this address is believed; others are not. */
const PROXY = '203.0.113.7';
const BY_PROXY: Named = { peerAddress: PROXY, host: ['internal.example'] };

const proxies = group(
  'RsVerify',
  'proxy-chooses',
  'Two origins behind a proxy that says which one was used.',
  rsConfig({ furtherOrigins: [API], trustedProxies: [PROXY] }),
  [
    accepted([
      'proxy-second',
      'The proxy names the second origin, and so does htu.',
      'URI-08',
      { ...BY_PROXY, forwarded: ['api.example'], htu: `${API}/r` },
    ]),
    tolerable('A default port is none (RFC 3986 §6.2.3).', [
      'proxy-port',
      'The proxy names the second origin with the default port.',
      'URI-05 URI-08',
      { ...BY_PROXY, forwarded: ['api.example:443'], htu: `${API}/r` },
    ]),
    refused([
      'proxy-evil',
      'The proxy names neither, and htu is for it.',
      'URI-08',
      { ...BY_PROXY, forwarded: ['evil.example'], htu: 'https://evil.example/r' },
    ]),
    refused([
      'proxy-alike',
      'A stranger whose address begins like that of the proxy names the second origin; Host is the first.',
      'BCP-4.13-01 URI-08',
      {
        peerAddress: `${PROXY}0`,
        host: ['rs.example'],
        forwarded: ['api.example'],
        htu: `${API}/r`,
      },
    ]),
    doubtful('Whether a list begins with what a proxy or what a client wrote is for it to say.', [
      'proxy-list',
      'The proxy passes on a list of both origins; htu is the one at its start.',
      'URI-08 BCP-4.13-01',
      { ...BY_PROXY, forwarded: ['api.example, rs.example'], htu: `${API}/r` },
    ]),
    doubtful('Fields choose among origins that are configured, here; elsewhere they make one.', [
      'proxy-http',
      'The proxy says http, and so does htu; no origin is configured so.',
      'URI-08',
      { ...BY_PROXY, forwarded: ['api.example'], proto: 'http', htu: 'http://api.example/r' },
    ]),
    doubtful(
      'A proxy that names no host leaves open which origin was used; Host is that of the proxy.',
      [
        'proxy-silent',
        'The proxy names no host; Host is the first origin.',
        'URI-08',
        { peerAddress: PROXY, host: ['rs.example'] },
      ],
    ),
  ],
);

const mounted = group(
  'RsVerify',
  'mounted',
  'A proxy strips /v1 from the path.',
  rsConfig({ mountPrefix: '/v1' }),
  [
    accepted(['mounted-same', 'The path that clients use.', 'URI-13', { htu: `${ORIGIN}/v1/r` }]),
    accepted([
      'mounted-twice',
      'A path that begins like the prefix itself.',
      'URI-13',
      { target: '/v1/r', htu: `${ORIGIN}/v1/v1/r` },
    ]),
    accepted([
      'mounted-root',
      'The root behind the prefix.',
      'URI-13',
      { target: '/', htu: `${ORIGIN}/v1/` },
    ]),
    refusedClaims([
      'mounted-taken-for-whole',
      'The path behind the proxy begins like the prefix; htu is that path.',
      'URI-13 DPOP-4.3-09',
      { htu: `${ORIGIN}/v1/r` },
      { target: '/v1/r' },
    ]),
    refusedClaims([
      'mounted-without-slash',
      'htu has no slash behind the prefix.',
      'URI-13 DPOP-4.3-09',
      { htu: `${ORIGIN}/v1r` },
    ]),
    refusedClaims([
      'mounted-capital',
      'htu has the prefix in capitals.',
      'URI-13 URI-01',
      { htu: `${ORIGIN}/V1/r` },
    ]),
    refusedClaims([
      'mounted-left',
      'Dot segments in htu lead out of the prefix.',
      'URI-13 URI-04',
      { htu: `${ORIGIN}/v1/../r` },
    ]),
    doubtfulClaims([
      'A proxy may strip the prefix from both; the target URI is put together with a slash.',
      'mounted-root-without-slash',
      'The root behind the prefix; htu has no slash there.',
      'URI-13 URI-06',
      { htu: `${ORIGIN}/v1` },
      { target: '/' },
    ]),
  ],
);

const ABSOLUTE = 'RFC 9112 §3.2.2 has servers accept the absolute form.';

const forms = group(
  'RsVerify',
  'absolute-form',
  'The target of the request is a whole URI.',
  rsConfig(),
  [
    accepted(['path', 'A path, as usual.', 'URI-09', {}]),
    ...(
      [
        ['absolute', 'Our URI.', `${ORIGIN}/r`],
        ['absolute-query', 'Our URI with a query.', `${ORIGIN}/r?a=1`],
        ['absolute-port', 'Our URI with the default port.', 'https://rs.example:443/r'],
        ['absolute-capitals', 'Our URI with scheme and host in capitals.', 'HTTPS://RS.EXAMPLE/r'],
      ] as const
    ).map(([id, comment, target]) => tolerable(ABSOLUTE, [id, comment, 'URI-09', { target }])),
    ...(
      [
        [
          'absolute-evil',
          'A URI of another server, with a proof for ours.',
          { target: 'https://evil.example/r' },
        ],
        [
          'absolute-other-port',
          'Our URI with another port, with a proof for it.',
          { target: 'https://rs.example:8443/r', htu: 'https://rs.example:8443/r' },
        ],
        [
          'absolute-userinfo-evil',
          'Our host as the user of another one.',
          { target: 'https://rs.example@evil.example/r' },
        ],
        ['no-slash', 'A path without the slash before it.', { target: 'r' }],
        ['query-only', 'A query alone.', { target: '?a=1', htu: `${ORIGIN}/` }],
      ] as const
    ).map(([id, comment, named]) => refused([`target-${id}`, comment, 'URI-09', named])),
    doubtful('RFC 3986 has an empty path equal /; HTTP has clients write the slash.', [
      'target-absolute-without-path',
      'Our origin without a path, with a proof for /.',
      'URI-09 URI-05',
      { target: ORIGIN, htu: `${ORIGIN}/` },
    ]),
    doubtful('Some routers cut the parameter off and resolve the dots that are left.', [
      'target-dots-with-parameter',
      'A path with ..; in it, with a proof for just that.',
      'URI-09 URI-04',
      { target: '/a/..;/r', htu: `${ORIGIN}/a/..;/r` },
    ]),
  ],
);

const rsTargetHosts: FileDraft = {
  file: 'rs-target-hosts',
  title: 'Who says which server a request is for',
  groups: [hosts, proxies, mounted, forms],
};

export default rsTargetHosts;
