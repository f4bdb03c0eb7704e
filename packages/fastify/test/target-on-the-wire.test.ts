import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TargetUriOptions } from '@keybound/dpop';
import {
  fieldValues,
  KEYS,
  mintProof,
  mintToken,
  RESOURCE,
  sendRaw,
  temporaryFolder,
} from '@keybound/test-kit';
import Fastify from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import keybound, { createTrustedProxies } from '../src/index.ts';
import { sendHttp2, sendHttp2Raw } from './support/http2.ts';
import { createSchemes, listen, showAuth } from './support/server.ts';

const EVIL = 'https://evil.example/r';
const API = 'https://api.example';
const token = mintToken({ boundTo: KEYS.alice });

/** The two fields of a request, the proof made for a URI. */
function credentials(htu: string, method = 'GET'): { authorization: string; dpop: string } {
  const dpop = mintProof({ token, claims: { htu, htm: method } });
  return { authorization: `DPoP ${token}`, dpop };
}

const ONE: Partial<TargetUriOptions> = {};
const TWO: Partial<TargetUriOptions> = { furtherOrigins: [API] };
const behind = (
  address: string,
  options: Partial<TargetUriOptions> = TWO,
): Partial<TargetUriOptions> => ({
  ...options,
  proxies: {
    trusts: createTrustedProxies([address]),
    fields: 'x-forwarded',
    mountPrefixes: ['/v1'],
  },
});

/** A server whose every path is protected. */
async function listenHttp1(options: Partial<TargetUriOptions>): Promise<number> {
  const { port } = await listen(async (app) => {
    await app.register(keybound, { authenticators: [createSchemes(options).dpop] });
    app.all('*', async ({ auth }) => auth);
  });
  return port;
}

async function listenHttp2(options: Partial<TargetUriOptions>): Promise<number> {
  const app = Fastify({ http2: true });
  await app.register(keybound, { authenticators: [createSchemes(options).dpop] });
  app.all('*', async ({ auth }) => auth);
  await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => app.close());
  return (app.server.address() as AddressInfo).port;
}

describe('HTTP/1.1, byte by byte', () => {
  interface Row {
    readonly name: string;
    readonly lines: readonly string[];
    readonly htu?: string;
    readonly options?: Partial<TargetUriOptions>;
    readonly status: number;
  }
  const rows: Row[] = [
    // the target
    {
      name: 'J06 absolute-form of another origin, with its Host',
      lines: [`GET ${EVIL} HTTP/1.1`, 'Host: evil.example'],
      htu: EVIL,
      status: 400,
    },
    {
      name: 'J06 absolute-form of another origin, with ours as Host',
      lines: [`GET ${EVIL} HTTP/1.1`, 'Host: rs.example'],
      htu: EVIL,
      status: 400,
    },
    {
      name: 'J06 absolute-form with our host as userinfo',
      lines: ['GET https://rs.example@evil.example/r HTTP/1.1', 'Host: rs.example'],
      status: 400,
    },
    {
      name: 'J06 absolute-form in plain http',
      lines: ['GET http://rs.example/r HTTP/1.1', 'Host: rs.example'],
      htu: 'http://rs.example/r',
      status: 400,
    },
    {
      name: 'J07 absolute-form of our origin',
      lines: [`GET ${RESOURCE}/r HTTP/1.1`, 'Host: rs.example'],
      status: 200,
    },
    {
      name: 'a path that looks like a host, and a proof for that host',
      lines: ['GET //evil.example/r HTTP/1.1', 'Host: rs.example'],
      htu: EVIL,
      status: 401,
    },
    {
      name: 'a path that looks like a host, and a proof for the path',
      lines: ['GET //evil.example/r HTTP/1.1', 'Host: rs.example'],
      htu: `${RESOURCE}//evil.example/r`,
      status: 200,
    },
    {
      name: 'J11 an encoded letter in the path',
      lines: ['GET /%72 HTTP/1.1', 'Host: rs.example'],
      status: 200,
    },
    { name: 'J15 OPTIONS *', lines: ['OPTIONS * HTTP/1.1', 'Host: rs.example'], status: 400 },
    {
      name: 'J17 another query',
      lines: ['GET /r?admin=1 HTTP/1.1', 'Host: rs.example'],
      status: 200,
    },
    { name: 'a fragment', lines: ['GET /r#x HTTP/1.1', 'Host: rs.example'], status: 400 },
    { name: 'dot segments', lines: ['GET /x/../r HTTP/1.1', 'Host: rs.example'], status: 400 },
    {
      name: 'encoded dot segments',
      lines: ['GET /x/%2e%2e/r HTTP/1.1', 'Host: rs.example'],
      status: 400,
    },
    // the host
    {
      name: 'J10 two Host lines',
      lines: ['GET /r HTTP/1.1', 'Host: rs.example', 'Host: evil.example'],
      status: 400,
    },
    {
      name: 'J10 two Host lines, ours last',
      lines: ['GET /r HTTP/1.1', 'Host: evil.example', 'Host: rs.example'],
      htu: EVIL,
      status: 400,
    },
    {
      name: 'J10 two equal Host lines',
      lines: ['GET /r HTTP/1.1', 'Host: rs.example', 'Host: rs.example'],
      status: 400,
    },
    { name: 'a Host with a path', lines: ['GET /r HTTP/1.1', 'Host: rs.example/x'], status: 400 },
    { name: 'a Host with userinfo', lines: ['GET /r HTTP/1.1', 'Host: x@rs.example'], status: 400 },
    { name: 'a Host with a query', lines: ['GET /r HTTP/1.1', 'Host: rs.example?x'], status: 400 },
    {
      name: 'a Host with a fragment',
      lines: ['GET /r HTTP/1.1', 'Host: rs.example#x'],
      status: 400,
    },
    {
      name: 'a Host with a blank',
      lines: ['GET /r HTTP/1.1', 'Host: rs.example evil.example'],
      status: 400,
    },
    {
      name: 'a Host above ASCII',
      lines: ['GET /r HTTP/1.1', 'Host: b\u00fccher.example'],
      status: 400,
    },
    {
      name: 'a Host of 13 000 characters',
      lines: ['GET /r HTTP/1.1', `Host: ${'a'.repeat(13_000)}@`],
      status: 400,
    },
    { name: 'an empty Host', lines: ['GET /r HTTP/1.1', 'Host:'], status: 200 },
    { name: 'no Host in HTTP/1.0', lines: ['GET /r HTTP/1.0'], status: 200 },
    {
      name: 'another Host, which is not read',
      lines: ['GET /r HTTP/1.1', 'Host: evil.example'],
      status: 200,
    },
    {
      name: 'another Host and a proof for it',
      lines: ['GET /r HTTP/1.1', 'Host: evil.example'],
      htu: EVIL,
      status: 401,
    },
    // several origins
    {
      name: 'the host of another configured origin',
      lines: ['GET /r HTTP/1.1', 'Host: api.example'],
      htu: `${API}/r`,
      options: TWO,
      status: 200,
    },
    {
      name: 'the host of another configured origin, the proof for the first',
      lines: ['GET /r HTTP/1.1', 'Host: api.example'],
      options: TWO,
      status: 401,
    },
    {
      name: 'a host that is not configured',
      lines: ['GET /r HTTP/1.1', 'Host: evil.example'],
      htu: EVIL,
      options: TWO,
      status: 400,
    },
    {
      name: 'an empty Host where several are configured',
      lines: ['GET /r HTTP/1.1', 'Host:'],
      options: TWO,
      status: 400,
    },
    {
      name: 'absolute-form and Host of two configured origins',
      lines: [`GET ${API}/r HTTP/1.1`, 'Host: rs.example'],
      htu: `${API}/r`,
      options: TWO,
      status: 400,
    },
    // fields
    {
      name: 'J02 X-Forwarded-Host of a stranger',
      lines: ['GET /r HTTP/1.1', 'Host: rs.example', 'X-Forwarded-Host: evil.example'],
      htu: EVIL,
      status: 401,
    },
    {
      name: 'X-Forwarded-Host of a stranger, a configured one',
      lines: ['GET /r HTTP/1.1', 'Host: rs.example', 'X-Forwarded-Host: api.example'],
      htu: `${API}/r`,
      options: behind('127.0.0.2'),
      status: 401,
    },
    {
      name: 'J03 X-Forwarded-Host of a listed proxy',
      lines: ['GET /r HTTP/1.1', 'Host: internal', 'X-Forwarded-Host: api.example'],
      htu: `${API}/r`,
      options: behind('127.0.0.1'),
      status: 200,
    },
    {
      name: 'X-Forwarded-Host of a listed proxy, not configured',
      lines: ['GET /r HTTP/1.1', 'Host: rs.example', 'X-Forwarded-Host: evil.example'],
      htu: EVIL,
      options: behind('127.0.0.1'),
      status: 400,
    },
    {
      name: 'X-Forwarded-Host twice',
      lines: [
        'GET /r HTTP/1.1',
        'Host: rs.example',
        'X-Forwarded-Host: rs.example',
        'X-Forwarded-Host: api.example',
      ],
      options: behind('127.0.0.1'),
      status: 400,
    },
    {
      name: 'X-Forwarded-Prefix of a listed proxy',
      lines: ['GET /r HTTP/1.1', 'Host: rs.example', 'X-Forwarded-Prefix: /v1'],
      htu: `${RESOURCE}/v1/r`,
      options: behind('127.0.0.1', ONE),
      status: 200,
    },
    {
      name: 'X-Forwarded-Prefix of a stranger',
      lines: ['GET /r HTTP/1.1', 'Host: rs.example', 'X-Forwarded-Prefix: /v1'],
      htu: `${RESOURCE}/v1/r`,
      options: behind('127.0.0.2', ONE),
      status: 401,
    },
    {
      name: 'X-Original-URI where nobody asked for it',
      lines: ['GET /x HTTP/1.1', 'Host: rs.example', 'X-Original-URI: /r'],
      options: behind('127.0.0.1', ONE),
      status: 401,
    },
  ];

  it.each(rows)(
    '$name → $status [URI-08, URI-09, DPOP-4.3-09, BCP-4.13-01]',
    async ({ lines, htu = `${RESOURCE}/r`, options = ONE, status }) => {
      const port = await listenHttp1(options);
      const method = lines[0]?.split(' ')[0];
      const { authorization, dpop } = credentials(htu, method);
      const response = await sendRaw(port, [
        ...lines,
        'Connection: close',
        `Authorization: ${authorization}`,
        `DPoP: ${dpop}`,
      ]);
      expect(response.status).toBe(status);
      expect(response.body).not.toContain('evil');
      if (status === 401) expect(fieldValues(response, 'www-authenticate')).toHaveLength(1);
    },
  );
});

describe('HTTP/2', () => {
  interface Row {
    readonly name: string;
    readonly fields: Readonly<Record<string, string>>;
    readonly htu?: string;
    readonly options?: Partial<TargetUriOptions>;
    /** Several where some releases of Node reset the stream and others leave the refusal to us. */
    readonly outcome: readonly (number | 'reset')[];
  }
  const authority = { ':authority': 'rs.example' };
  const refused = ['reset', 400] as const;
  const rows: Row[] = [
    { name: 'a path', fields: { ...authority, ':path': '/r' }, outcome: [200] },
    { name: 'a path and a query', fields: { ...authority, ':path': '/r?a=1' }, outcome: [200] },
    { name: 'an encoded letter', fields: { ...authority, ':path': '/%72' }, outcome: [200] },
    {
      name: 'octets above ASCII',
      fields: { ...authority, ':path': '/\u00c3\u00bc' },
      htu: `${RESOURCE}/%C3%BC`,
      outcome: [200],
    },
    { name: 'asterisk', fields: { ...authority, ':path': '*' }, outcome: refused },
    {
      name: 'OPTIONS with an asterisk',
      fields: { ...authority, ':method': 'OPTIONS', ':path': '*' },
      outcome: refused,
    },
    {
      name: 'absolute-form of another origin',
      fields: { ...authority, ':path': EVIL },
      htu: EVIL,
      outcome: refused,
    },
    {
      name: 'absolute-form of ours',
      fields: { ...authority, ':path': `${RESOURCE}/r` },
      outcome: ['reset', 200],
    },
    {
      name: 'a path that looks like a host, and a proof for that host',
      fields: { ...authority, ':path': '//evil.example/r' },
      htu: EVIL,
      outcome: [401],
    },
    { name: 'a fragment', fields: { ...authority, ':path': '/r#x' }, outcome: refused },
    { name: 'dot segments', fields: { ...authority, ':path': '/x/../r' }, outcome: refused },
    { name: 'a path without slash', fields: { ...authority, ':path': 'r' }, outcome: refused },
    { name: 'an empty path', fields: { ...authority, ':path': '' }, outcome: refused },
    {
      name: 'another scheme, which is not read',
      fields: { ...authority, ':path': '/r', ':scheme': 'https' },
      outcome: [200],
    },
    {
      name: 'another authority, which is not read',
      fields: { ':authority': 'evil.example', ':path': '/r' },
      outcome: [200],
    },
    {
      name: 'another authority and a proof for it',
      fields: { ':authority': 'evil.example', ':path': '/r' },
      htu: EVIL,
      outcome: [401],
    },
    {
      name: 'an authority with userinfo',
      fields: { ':authority': 'x@rs.example', ':path': '/r' },
      outcome: refused,
    },
    {
      name: 'an authority with a path',
      fields: { ':authority': 'rs.example/x', ':path': '/r' },
      outcome: refused,
    },
    {
      name: 'an authority with a query',
      fields: { ':authority': 'rs.example?x', ':path': '/r' },
      outcome: refused,
    },
    {
      name: 'an authority with a fragment',
      fields: { ':authority': 'rs.example#x', ':path': '/r' },
      outcome: refused,
    },
    {
      name: 'an authority with percent-encoding',
      fields: { ':authority': 'rs%2eexample', ':path': '/r' },
      outcome: refused,
    },
    {
      name: 'Host and authority alike',
      fields: { ...authority, host: 'rs.example', ':path': '/r' },
      outcome: [200],
    },
    {
      name: 'Host and authority different',
      fields: { ...authority, host: 'evil.example', ':path': '/r' },
      outcome: refused,
    },
    { name: 'Host alone', fields: { host: 'rs.example', ':path': '/r' }, outcome: [200] },
    {
      name: 'Host alone with userinfo',
      fields: { host: 'x@rs.example', ':path': '/r' },
      outcome: refused,
    },
    {
      name: 'the authority of another configured origin',
      fields: { ':authority': 'api.example', ':path': '/r' },
      htu: `${API}/r`,
      options: TWO,
      outcome: [200],
    },
    {
      name: 'the authority of another configured origin, the proof for the first',
      fields: { ':authority': 'api.example', ':path': '/r' },
      options: TWO,
      outcome: [401],
    },
    {
      name: 'an authority that is not configured',
      fields: { ':authority': 'evil.example', ':path': '/r' },
      htu: EVIL,
      options: TWO,
      outcome: [400],
    },
    {
      name: 'the hosts of two configured origins in Host and authority',
      fields: { ...authority, host: 'api.example', ':path': '/r' },
      htu: `${API}/r`,
      options: TWO,
      outcome: refused,
    },
    {
      name: 'Host alone, of another configured origin',
      fields: { host: 'api.example', ':path': '/r' },
      htu: `${API}/r`,
      options: TWO,
      outcome: [200],
    },
    {
      name: 'X-Forwarded-Host of a stranger',
      fields: { ...authority, ':path': '/r', 'x-forwarded-host': 'api.example' },
      htu: `${API}/r`,
      options: behind('127.0.0.2'),
      outcome: [401],
    },
    {
      name: 'X-Forwarded-Host of a listed proxy',
      fields: { ':authority': 'internal', ':path': '/r', 'x-forwarded-host': 'api.example' },
      htu: `${API}/r`,
      options: behind('127.0.0.1'),
      outcome: [200],
    },
  ];

  it.each(rows)(
    '$name → $outcome [URI-08, URI-09, BCP-4.13-01]',
    async ({ fields, htu = `${RESOURCE}/r`, options = ONE, outcome }) => {
      const port = await listenHttp2(options);
      expect(outcome).toContain(
        await sendHttp2(port, { ...fields, ...credentials(htu, fields[':method']) }),
      );
    },
  );

  it.each<[string, [string, string][], string[]]>([
    [
      'one of each, to see that they get through',
      [
        [':authority', 'rs.example'],
        [':path', '/r'],
      ],
      ['200'],
    ],
    [
      'two Host fields',
      [
        [':path', '/r'],
        ['host', 'rs.example'],
        ['host', 'evil.example'],
      ],
      ['reset', 'refused'],
    ],
    [
      'two equal Host fields',
      [
        [':path', '/r'],
        ['host', 'rs.example'],
        ['host', 'rs.example'],
      ],
      ['reset', 'refused'],
    ],
    [
      'two authorities',
      [
        [':authority', 'rs.example'],
        [':authority', 'evil.example'],
        [':path', '/r'],
      ],
      ['reset', 'refused'],
    ],
    [
      'two paths',
      [
        [':authority', 'rs.example'],
        [':path', '/r'],
        [':path', '/x'],
      ],
      ['reset', 'refused'],
    ],
  ])('%s → %j, never 200 for two [URI-08, URI-09]', async (_name, fields, outcomes) => {
    const port = await listenHttp2(ONE);
    const common: [string, string][] = [
      [':method', 'GET'],
      [':scheme', 'http'],
    ];
    const all = [...common, ...fields, ...Object.entries(credentials(`${RESOURCE}/r`))];
    expect(outcomes).toContain(await sendHttp2Raw(port, all));
  });
});

describe('the peer', () => {
  it('over a unix socket → `unix:`', async () => {
    const folder = temporaryFolder();
    onTestFinished(folder.remove);
    const path = `${folder.path}/socket`;
    const app = Fastify();
    await app.register(keybound, { authenticators: [createSchemes(behind('unix:')).dpop] });
    await showAuth(app);
    await app.listen({ path });
    onTestFinished(() => app.close());
    const send = (fields: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        get(
          {
            socketPath: path,
            path: '/r',
            headers: { host: 'internal', ...fields, ...credentials(`${API}/r`) },
          },
          (response) => {
            response.resume();
            resolve(response.statusCode);
          },
        ).on('error', reject);
      });
    expect(await send({ 'x-forwarded-host': 'api.example' })).toBe(200);
    expect(await send({ 'x-forwarded-host': 'rs.example' })).toBe(401);
    expect(await send({})).toBe(400);
  });

  it('on a dual-stack socket, IPv4 in IPv6 notation → matches the IPv4 entry', async () => {
    const { app } = await listen(async (instance) => {
      await instance.register(keybound, {
        authenticators: [createSchemes(behind('10.1.2.3')).dpop],
      });
      await showAuth(instance);
    });
    const send = async (remoteAddress: string) =>
      (
        await app.inject({
          url: '/r',
          remoteAddress,
          headers: {
            host: 'internal',
            'x-forwarded-host': 'api.example',
            ...credentials(`${API}/r`),
          },
        })
      ).statusCode;
    expect(await send('::ffff:10.1.2.3')).toBe(200);
    expect(await send('10.1.2.3')).toBe(200);
    expect(await send('::ffff:10.1.2.4')).toBe(400);
  });

  it('trustProxy of Fastify has no say', async () => {
    const { app } = await listen(
      async (instance) => {
        await instance.register(keybound, {
          authenticators: [createSchemes(behind('10.1.2.3')).dpop],
        });
        await showAuth(instance);
      },
      { trustProxy: true },
    );
    const headers = {
      host: 'rs.example',
      'x-forwarded-for': '10.1.2.3',
      'x-forwarded-host': 'api.example',
      ...credentials(`${API}/r`),
    };
    const response = await app.inject({ url: '/r', remoteAddress: '192.0.2.1', headers });
    expect(response.statusCode).toBe(401);
  });
});
