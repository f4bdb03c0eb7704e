import {
  type FieldLines,
  freePort,
  KEYS,
  mintProof,
  sendRaw,
  startServer,
} from '@keybound/test-kit';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CERTIFICATE, CERTIFICATE_KEY } from '../support/certificate.ts';
import { HAPROXY, startHaproxy } from '../support/haproxy.ts';
import { startIssuer, type TestIssuer } from '../support/issuer.ts';
import { NGINX, startNginx } from '../support/nginx.ts';
import { type Instance, startInstance } from '../support/resource-server.ts';
import { snippet } from '../support/snippet.ts';
import { sendRawTls } from '../support/tls.ts';

const ORIGIN = 'https://api.example';
const OTHER = 'https://api.example.org';
const CERTIFICATES = {
  'api.example.crt': CERTIFICATE,
  'api.example.key': CERTIFICATE_KEY,
  'api.example.pem': `${CERTIFICATE}${CERTIFICATE_KEY}`,
};

let issuer: TestIssuer;
let token: string;
beforeAll(async () => {
  issuer = await startIssuer();
  token = issuer.tokenFor(ORIGIN, KEYS.alice);
  return () => issuer.close();
});

/** The resource server behind a proxy of this machine, with these variables. */
async function api(variables: NodeJS.ProcessEnv): Promise<Instance> {
  const instance = await startInstance({
    PUBLIC_ORIGIN: ORIGIN,
    ISSUER: issuer.issuer,
    API_KEY: 'of the tests',
    INTROSPECTION_CLIENT_SECRET: 'of the tests',
    LOG_LEVEL: 'warn',
    ...variables,
  });
  onTestFinished(() => instance.stop());
  return instance;
}

/** What a thief or an odd client sends, starting from an honest `GET`. */
interface Attempt {
  /** The URI the proof is for. */
  readonly htu: string;
  /** The target in the request line. */
  readonly target: string;
  readonly host?: string;
  readonly method?: string;
  readonly htm?: string;
  /** Field lines that are added. */
  readonly fields?: FieldLines;
}

function linesOf({ htu, target, host = 'api.example', ...more }: Attempt): string[] {
  const { method = 'GET', htm = method, fields = {} } = more;
  const proof = mintProof({
    token,
    claims: { htm, htu, iat: Math.floor(Date.now() / 1000) },
  });
  return [
    `${method} ${target} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: close',
    `Authorization: DPoP ${token}`,
    `DPoP: ${proof}`,
    ...Object.entries(fields).flatMap(([name, values]) =>
      [values].flat().map((value) => `${name}: ${value}`),
    ),
  ];
}

/** Rows every deployment must refuse, made for the URI that an honest client uses. */
function thefts(uri: string): readonly (readonly [string, Attempt])[] {
  const { pathname: target } = new URL(uri);
  const evil = uri.replace(ORIGIN, 'https://evil.example');
  const honest = { htu: uri, target };
  return [
    ['a proof for another host', { ...honest, htu: evil }],
    ['… and that host in Host', { ...honest, htu: evil, host: 'evil.example' }],
    [
      '… and in X-Forwarded-Host from outside',
      { ...honest, htu: evil, fields: { 'X-Forwarded-Host': 'evil.example' } },
    ],
    [
      '… and in Forwarded from outside',
      { ...honest, htu: evil, fields: { Forwarded: 'host=evil.example;proto=https' } },
    ],
    ['… and an absolute target', { ...honest, htu: evil, target: evil }],
    ['… and //evil.example as path', { ...honest, htu: evil, target: `//evil.example${target}` }],
    ['a proof for plain http', { ...honest, htu: uri.replace('https', 'http') }],
    [
      '… and X-Forwarded-Proto from outside',
      { ...honest, htu: uri.replace('https', 'http'), fields: { 'X-Forwarded-Proto': 'http' } },
    ],
    ['a proof for another port', { ...honest, htu: uri.replace(ORIGIN, `${ORIGIN}:8443`) }],
    [
      '… and X-Forwarded-Port from outside',
      {
        ...honest,
        htu: uri.replace(ORIGIN, `${ORIGIN}:8443`),
        fields: { 'X-Forwarded-Port': '8443' },
      },
    ],
    ['a proof for another path', { ...honest, htu: `${ORIGIN}/other${target}` }],
    [
      '… and X-Forwarded-Prefix from outside',
      {
        ...honest,
        htu: `${ORIGIN}/other${target}`,
        fields: { 'X-Forwarded-Prefix': '/other', 'X-Original-URI': `/other${target}` },
      },
    ],
    ['a proof for another method', { ...honest, htm: 'POST' }],
    [
      '… and X-Original-Method from outside',
      { ...honest, htm: 'POST', fields: { 'X-Original-Method': 'POST' } },
    ],
    [
      'a proof for another path, and dot segments that lead from there',
      { htu: `${ORIGIN}/v1/x`, target: `/v1/x/../..${target}` },
    ],
    ['a Host with a path', { ...honest, host: 'api.example/x?' }],
    ['a Host with userinfo', { ...honest, host: 'api.example@evil.example' }],
    ['a Host with a fragment', { ...honest, host: 'api.example#' }],
    ['two Hosts', { ...honest, fields: { Host: 'evil.example' } }],
  ];
}

/** Sends every theft; those that were let in, by name. */
async function letIn(port: number, uri: string): Promise<string[]> {
  const passed: string[] = [];
  for (const [name, attempt] of thefts(uri)) {
    const { status } = await sendRawTls(port, linesOf(attempt));
    // 404: it came to a place that does not exist. Never the notes, never an internal error.
    if (![400, 401, 404, 421].includes(status)) passed.push(`${name} → ${status}`);
  }
  return passed;
}

const honest = (uri: string, host?: string): string[] =>
  linesOf({ htu: uri, target: new URL(uri).pathname, ...(host && { host }) });

describe.runIf(NGINX)('behind nginx, configured as docs/proxies.md says', () => {
  async function nginx(block: number, places: (port: number) => Record<string, string>) {
    const port = await freePort();
    const proxy = await startNginx(
      snippet('nginx', block, {
        'listen 443 ssl': `listen 127.0.0.1:${port} ssl`,
        ...places(port),
      }),
      port,
      CERTIFICATES,
    );
    onTestFinished(() => proxy.close());
    return port;
  }

  it('one origin, TLS ended, prefix stripped → an honest client passes, nothing else does [URI-08, URI-09, URI-13]', async () => {
    const instance = await api({ MOUNT_PREFIX: '/v1' });
    const port = await nginx(0, () => ({ '127.0.0.1:3000': `127.0.0.1:${instance.port}` }));
    const uri = `${ORIGIN}/v1/dpop/notes`;
    expect((await sendRawTls(port, honest(uri))).status).toBe(200);
    expect(await letIn(port, uri)).toEqual([]);
    expect((await sendRawTls(port, honest(uri))).status).toBe(200);
    expect(instance.program.output()).toContain('They differ in the host');
  });

  it('several origins by host → each with its own proofs, none with those of another [URI-08, BCP-4.13-01]', async () => {
    const instance = await api({ FURTHER_ORIGINS: OTHER, TRUSTED_PROXIES: '127.0.0.1' });
    const port = await nginx(1, () => ({ '127.0.0.1:3000': `127.0.0.1:${instance.port}` }));
    const uri = `${ORIGIN}/dpop/notes`;
    const other = `${OTHER}/dpop/notes`;
    expect((await sendRawTls(port, honest(uri))).status).toBe(200);
    expect((await sendRawTls(port, honest(other, 'api.example.org'))).status).toBe(200);
    expect((await sendRawTls(port, honest(other))).status).toBe(401);
    expect((await sendRawTls(port, honest(uri, 'api.example.org'))).status).toBe(401);
    for (const fields of [
      { 'X-Forwarded-Host': 'api.example.org' },
      { 'X-Forwarded-Host': ['api.example.org', 'api.example'] },
      { Forwarded: 'host=api.example.org' },
    ] as FieldLines[]) {
      const attempt = linesOf({ htu: other, target: '/dpop/notes', fields });
      expect((await sendRawTls(port, attempt)).status).toBe(401);
    }
    expect(await letIn(port, uri)).toEqual([]);
  });

  it('auth_request in front of another server → it gets honest requests only [URI-08, URI-09, BCP-4.13-01]', async () => {
    const behind = await startServer();
    onTestFinished(() => behind.close());
    behind.routes.set('/files/1', { body: { file: 1 } });
    const instance = await api({ TRUSTED_PROXIES: '127.0.0.1', FORWARD_AUTH: 'x-original' });
    const port = await nginx(2, () => ({
      '127.0.0.1:3000': `127.0.0.1:${instance.port}`,
      'http://127.0.0.1:8080': behind.origin,
    }));
    const uri = `${ORIGIN}/files/1`;
    const passed = await sendRawTls(port, honest(uri));
    expect(passed.status).toBe(200);
    expect(passed.body).toContain('{"file":1}');
    expect(behind.count('/files/1')).toBe(1);

    const bare = await sendRawTls(port, [
      'GET /files/1 HTTP/1.1',
      'Host: api.example',
      'Connection: close',
    ]);
    expect(bare.status).toBe(401);
    expect(bare.fields.filter(([name]) => name === 'www-authenticate')[0]?.[1]).toMatch(
      /^(Bearer|DPoP) /,
    );
    for (const [name, attempt] of thefts(uri)) {
      const { status } = await sendRawTls(port, linesOf(attempt));
      expect([400, 401, 404, 421, 500], name).toContain(status);
    }
    expect(behind.received.length).toBe(1);
  });

  it('the place of forward auth, asked by somebody who is no listed proxy → refused [BCP-4.13-01]', async () => {
    const instance = await api({ TRUSTED_PROXIES: '127.0.0.2', FORWARD_AUTH: 'x-original' });
    const attempt = linesOf({
      htu: `${ORIGIN}/files/1`,
      target: '/forward-auth',
      fields: { 'X-Original-Method': 'GET', 'X-Original-URI': '/files/1' },
    });
    expect((await sendRaw(instance.port, attempt)).status).toBe(400);
  });
});

describe.runIf(HAPROXY)('behind HAProxy, configured as docs/proxies.md says', () => {
  async function haproxy(block: number, instance: Instance) {
    const port = await freePort();
    const sections = snippet('haproxy', block, {
      'bind :443': `bind 127.0.0.1:${port}`,
      '127.0.0.1:3000': `127.0.0.1:${instance.port}`,
    });
    const proxy = await startHaproxy(sections, port, CERTIFICATES);
    onTestFinished(() => proxy.close());
    return port;
  }

  it('one origin, TLS ended, prefix stripped → an honest client passes, nothing else does [URI-08, URI-09, URI-13]', async () => {
    const port = await haproxy(0, await api({ MOUNT_PREFIX: '/v1' }));
    const uri = `${ORIGIN}/v1/dpop/notes`;
    expect((await sendRawTls(port, honest(uri))).status).toBe(200);
    expect(await letIn(port, uri)).toEqual([]);
  });

  it('several origins by RFC 7239 → each with its own proofs, none with those of another [URI-08, BCP-4.13-01]', async () => {
    const instance = await api({
      FURTHER_ORIGINS: OTHER,
      TRUSTED_PROXIES: '127.0.0.1',
      FORWARDED: 'forwarded',
    });
    const port = await haproxy(1, instance);
    const uri = `${ORIGIN}/dpop/notes`;
    const other = `${OTHER}/dpop/notes`;
    expect((await sendRawTls(port, honest(uri))).status).toBe(200);
    expect((await sendRawTls(port, honest(other, 'api.example.org'))).status).toBe(200);
    expect((await sendRawTls(port, honest(other))).status).toBe(401);
    for (const fields of [
      { Forwarded: 'host=api.example.org' },
      { Forwarded: ['for=127.0.0.1;host=api.example.org', 'for=127.0.0.1'] },
      { 'X-Forwarded-Host': 'api.example.org' },
    ] as FieldLines[]) {
      const attempt = linesOf({ htu: other, target: '/dpop/notes', fields });
      expect((await sendRawTls(port, attempt)).status).toBe(401);
    }
    expect(await letIn(port, uri)).toEqual([]);
  });
});

describe('straight to a server that listens for its proxy', () => {
  it('forwarded fields from an address that is not listed → not believed [URI-08, BCP-4.13-01]', async () => {
    const instance = await api({ FURTHER_ORIGINS: OTHER, TRUSTED_PROXIES: '127.0.0.2' });
    const { port } = instance;
    const fields = { 'X-Forwarded-Host': 'api.example.org' };
    const attempt = linesOf({ htu: `${OTHER}/dpop/notes`, target: '/dpop/notes', fields });
    expect((await sendRaw(port, attempt)).status).toBe(401);
    expect((await sendRaw(port, honest(`${ORIGIN}/dpop/notes`))).status).toBe(200);
    expect(instance.program.output()).toMatch(/X-Forwarded-Host/i);
  });
});
