import type { Expect, RawTest, RsConfig } from '../../src/format.ts';
import { ORIGIN, rsConfig } from '../deployment.ts';
import { acceptable, BAD_PROOF, type FileDraft, group, invalid, OK, valid } from '../draft.ts';
import { proof, request } from '../messages.ts';
import { type RawVariation, rawRequest } from '../raw.ts';

const NOTES = '/dpop/notes';
const EVIL = 'https://evil.example';

/** Refused by the parser of HTTP, by the router or by the check of the target. */
const MALFORMED: Expect = { status: [400, 401, 403, 404, 405, 421, 426, 431, 501, 505] };

/** Refused for the proof, or for a host that is not the one of this server. */
const OTHER_HOST: Expect = {
  status: [401, 400, 421],
  errors: ['invalid_dpop_proof', 'invalid_request'],
};

interface Sent extends RawVariation {
  readonly method?: string;
  readonly target?: string;
  /** @defaultValue the address of the notes */
  readonly htu?: string;
  readonly htm?: string;
}

/** The bytes of a request whose proof names a target of its own. */
function bytes({ method = 'GET', target = NOTES, htu, htm, ...variation }: Sent = {}): string {
  const claims = { htm: htm ?? method, htu: htu ?? `${ORIGIN}${NOTES}` };
  return rawRequest(request({ method, target, proofs: [proof({ claims })] }), variation);
}

const target = group('RawHttp', 'request-target', 'What stands in the first line.', rsConfig(), [
  valid<RawTest>('ordinary', 'An ordinary request.', 'DPOP-4.3-09', { raw: bytes(), expect: OK }),
  valid<RawTest>('query', 'With a query that htu does not have.', 'DPOP-4.3-09', {
    raw: bytes({ target: `${NOTES}?admin=1` }),
    expect: OK,
  }),
  valid<RawTest>('head', 'A HEAD request with a proof for HEAD.', 'DPOP-4.3-08', {
    raw: bytes({ method: 'HEAD' }),
    expect: OK,
  }),
  invalid<RawTest>('head-by-get-proof', 'A HEAD request with a proof for GET.', 'DPOP-4.3-08', {
    raw: bytes({ method: 'HEAD', htm: 'GET' }),
    expect: BAD_PROOF,
  }),
  ...['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'].map((name) =>
    invalid<RawTest>(
      `override-${name.toLowerCase()}`,
      `A POST with ${name}: GET and a proof for GET.`,
      'DPOP-4.3-08',
      {
        raw: bytes({ method: 'POST', htm: 'GET', lines: [`${name}: GET`, 'Content-Length: 0'] }),
        expect: BAD_PROOF,
      },
    ),
  ),
  ...['X-Original-URL', 'X-Rewrite-URL', 'X-Forwarded-Uri'].map((name) =>
    invalid<RawTest>(
      `rewritten-${name.toLowerCase()}`,
      `${name} names the target of the proof, the first line another one.`,
      'URI-13 DPOP-4.3-09',
      {
        raw: bytes({ htu: `${ORIGIN}/public`, lines: [`${name}: /public`] }),
        expect: BAD_PROOF,
      },
    ),
  ),
  acceptable<RawTest>(
    'accept',
    'encoded-path',
    'A letter of the path is percent-encoded, as the router takes it.',
    'URI-02',
    { raw: bytes({ target: '/dpop/%6Eotes' }), expect: OK },
    {
      reason:
        'Unreserved characters are the same encoded or not, if the resource is served at all.',
    },
  ),
  acceptable<RawTest>(
    'accept',
    'absolute-form',
    'The first line has the whole URI of this server.',
    'URI-09',
    { raw: bytes({ requestLine: `GET ${ORIGIN}${NOTES} HTTP/1.1` }), expect: OK },
    { reason: 'RFC 9112 §3.2.2 has servers accept the absolute form.' },
  ),
  invalid<RawTest>(
    'absolute-form-other',
    'The first line has a URI of another server, and the proof is for that one.',
    'URI-09 URI-08',
    {
      raw: bytes({ requestLine: `GET ${EVIL}${NOTES} HTTP/1.1`, htu: `${EVIL}${NOTES}` }),
      expect: MALFORMED,
    },
  ),
  invalid<RawTest>(
    'absolute-form-other-scheme',
    'The first line has the URI with http, and so has the proof.',
    'URI-09 URI-08',
    {
      raw: bytes({
        requestLine: `GET http://rs.example${NOTES} HTTP/1.1`,
        htu: `http://rs.example${NOTES}`,
      }),
      expect: MALFORMED,
    },
  ),
  invalid<RawTest>(
    'absolute-form-good-proof',
    'The first line has a URI of another server; the proof is for this one.',
    'URI-09',
    { raw: bytes({ requestLine: `GET ${EVIL}${NOTES} HTTP/1.1` }), expect: MALFORMED },
  ),
  invalid<RawTest>(
    'absolute-form-userinfo',
    'The first line has the whole URI with userinfo.',
    'URI-07 URI-09',
    {
      raw: bytes({ requestLine: `GET https://u:p@rs.example${NOTES} HTTP/1.1` }),
      expect: MALFORMED,
    },
  ),
  invalid<RawTest>(
    'double-slash',
    'A path that a careless parser takes for a host, and a proof for that host.',
    'URI-09 URI-08',
    {
      raw: bytes({ target: `//evil.example${NOTES}`, htu: `${EVIL}${NOTES}` }),
      expect: MALFORMED,
    },
  ),
  ...(
    [
      ['dot-segments', '/dpop/x/../notes'],
      ['encoded-dot-segments', '/dpop/x/%2e%2e/notes'],
      ['single-dot', '/dpop/./notes'],
      ['backslash', '/dpop\\notes'],
      ['fragment', `${NOTES}#x`],
      ['bad-triplet', '/dpop/notes%'],
    ] as const
  ).map(([id, path]) =>
    acceptable<RawTest>(
      'reject',
      `target-${id}`,
      `The target is ${path}.`,
      'URI-09 DPOP-4.3-09',
      { raw: bytes({ target: path }), expect: MALFORMED },
      {
        reason:
          'No client of HTTP sends such a target; a router may take it for another path than the proof names.',
      },
    ),
  ),
  ...(
    [
      ['path-case', '/DPOP/notes'],
      ['trailing-slash', '/dpop/notes/'],
      ['inner-double-slash', '/dpop//notes'],
      ['encoded-slash', '/dpop%2Fnotes'],
      ['double-encoding', '/dpop/%256Eotes'],
    ] as const
  ).map(([id, path]) =>
    invalid<RawTest>(
      `target-${id}`,
      `The target is ${path}, the proof is for ${NOTES}.`,
      'URI-06 URI-03 URI-01',
      { raw: bytes({ target: path }), expect: MALFORMED },
    ),
  ),
  invalid<RawTest>('options-star', 'OPTIONS * belongs to no resource.', 'URI-09', {
    raw: bytes({ method: 'OPTIONS', target: '*' }),
    expect: MALFORMED,
  }),
  invalid<RawTest>('lower-case-method', 'The method is get, and so is htm.', 'DPOP-4.3-08', {
    raw: bytes({ method: 'get' }),
    expect: MALFORMED,
  }),
  invalid<RawTest>('target-without-slash', 'The target has no slash at its start.', 'URI-09', {
    raw: bytes({ target: 'dpop/notes' }),
    expect: MALFORMED,
  }),
]);

const host = group('RawHttp', 'host', 'What Host and the fields of proxies say.', rsConfig(), [
  valid<RawTest>('own-host', 'Host is the one of this server.', 'URI-08', {
    raw: bytes(),
    expect: OK,
  }),
  invalid<RawTest>(
    'host-other',
    'Host is another server, and the proof is for that one.',
    'URI-08',
    {
      raw: bytes({ host: 'evil.example', htu: `${EVIL}${NOTES}` }),
      expect: OTHER_HOST,
    },
  ),
  ...(
    [
      ['path', 'rs.example/evil'],
      ['query', 'rs.example?x='],
      ['userinfo', 'rs.example@evil.example'],
      ['fragment', 'rs.example#x'],
    ] as const
  ).map(([id, value]) =>
    invalid<RawTest>(
      `host-${id}`,
      `Host is ${value}, and the proof is for what a careless parser makes of it.`,
      'URI-09 URI-08',
      {
        raw: bytes({
          host: value,
          htu: new URL(`https://${value}${NOTES}`).href.split('?')[0]?.split('#')[0] ?? '',
        }),
        expect: OTHER_HOST,
      },
    ),
  ),
  invalid<RawTest>('host-missing', 'HTTP/1.1 without Host.', 'URI-09', {
    raw: bytes({ host: null }),
    expect: MALFORMED,
  }),
  ...(
    [
      ['X-Forwarded-Host', 'evil.example', 'host'],
      ['Forwarded', 'host=evil.example;proto=https', 'forwarded'],
      ['X-Original-Host', 'evil.example', 'original-host'],
      ['X-Host', 'evil.example', 'x-host'],
    ] as const
  ).map(([name, value, id]) =>
    invalid<RawTest>(
      `untrusted-${id}`,
      `${name} from a peer that is no proxy names another server, and the proof is for that one.`,
      'URI-08 BCP-4.13-01',
      {
        raw: bytes({ htu: `${EVIL}${NOTES}`, lines: [`${name}: ${value}`] }),
        expect: OTHER_HOST,
      },
    ),
  ),
  invalid<RawTest>(
    'untrusted-proto',
    'X-Forwarded-Proto from a peer that is no proxy says http, and so does the proof.',
    'URI-08 BCP-4.13-01',
    {
      raw: bytes({ htu: `http://rs.example${NOTES}`, lines: ['X-Forwarded-Proto: http'] }),
      expect: BAD_PROOF,
    },
  ),
  invalid<RawTest>(
    'untrusted-prefix',
    'X-Forwarded-Prefix from a peer that is no proxy names a prefix, and so does the proof.',
    'URI-08 URI-13',
    {
      raw: bytes({ htu: `${ORIGIN}/evil${NOTES}`, lines: ['X-Forwarded-Prefix: /evil'] }),
      expect: BAD_PROOF,
    },
  ),
  valid<RawTest>(
    'untrusted-ignored',
    'X-Forwarded-Host from a peer that is no proxy names another server; the proof is for this one.',
    'URI-08 BCP-4.13-01',
    { raw: bytes({ lines: ['X-Forwarded-Host: evil.example'] }), expect: OK },
  ),
]);

/** Two origins behind a proxy on the same machine. */
const BEHIND_PROXY: RsConfig = rsConfig({
  furtherOrigins: ['https://api.example'],
  trustedProxies: ['127.0.0.1'],
});

const proxy = group(
  'RawHttp',
  'trusted-proxy',
  'A proxy whose fields are believed, in front of a server with two origins.',
  BEHIND_PROXY,
  [
    valid<RawTest>('first-origin', 'X-Forwarded-Host is the first origin.', 'URI-08', {
      raw: bytes({ host: '127.0.0.1', lines: ['X-Forwarded-Host: rs.example'] }),
      expect: OK,
    }),
    valid<RawTest>(
      'second-origin',
      'X-Forwarded-Host is the second one, and so is the proof.',
      'URI-08',
      {
        raw: bytes({
          host: '127.0.0.1',
          htu: `https://api.example${NOTES}`,
          lines: ['X-Forwarded-Host: api.example'],
        }),
        expect: OK,
      },
    ),
    invalid<RawTest>(
      'crossed',
      'X-Forwarded-Host is one origin, the proof is for the other.',
      'URI-08 DPOP-4.3-09',
      {
        raw: bytes({ host: '127.0.0.1', lines: ['X-Forwarded-Host: api.example'] }),
        expect: BAD_PROOF,
      },
    ),
    invalid<RawTest>('unknown', 'X-Forwarded-Host is neither, and the proof is for it.', 'URI-08', {
      raw: bytes({
        host: '127.0.0.1',
        htu: `${EVIL}${NOTES}`,
        lines: ['X-Forwarded-Host: evil.example'],
      }),
      expect: { status: [400, 401, 421] },
    }),
    invalid<RawTest>('twice', 'X-Forwarded-Host comes twice.', 'URI-08 URI-09', {
      raw: bytes({
        host: '127.0.0.1',
        lines: ['X-Forwarded-Host: rs.example', 'X-Forwarded-Host: api.example'],
      }),
      expect: { status: [400, 401, 421] },
    }),
  ],
);

const mounted = group(
  'RawHttp',
  'mounted',
  'A proxy strips /v1 from the path.',
  rsConfig({ mountPrefix: '/v1' }),
  [
    valid<RawTest>('external', 'The proof names the path that clients use.', 'URI-13', {
      raw: bytes({ htu: `${ORIGIN}/v1${NOTES}` }),
      expect: OK,
    }),
    invalid<RawTest>(
      'internal',
      'The proof names the path behind the proxy.',
      'URI-13 DPOP-4.3-09',
      {
        raw: bytes(),
        expect: BAD_PROOF,
      },
    ),
  ],
);

const rawTarget: FileDraft = {
  file: 'raw-target',
  title: 'The target URI of requests on the wire',
  groups: [target, host, proxy, mounted],
};

export default rawTarget;
