import type { AddressInfo } from 'node:net';
import { sendRaw } from '@keybound/test-kit';
import type { InjectOptions } from 'fastify';
import { describe, expect, it } from 'vitest';
import { useDatabase } from './support/database.ts';
import { CALLBACK, CHALLENGE } from './support/grants.ts';
import { basic, formText, NONCE_SECRET, post, startServer } from './support/server.ts';

const database = useDatabase();

/** What is put in the place of every parameter, and must come back nowhere. */
const VALUES: readonly [string, string][] = [
  ['U+0000', 'evil\0evil'],
  ['a line break', 'evil\r\nSet-Cookie: evil=1'],
  ['a lone surrogate', 'evil\ud800'],
  ['other scripts', 'evil日本語\u202e'],
  ['eight thousand characters', `evil${'x'.repeat(8000)}`],
  ['SQL', "evil'; drop table grants; --"],
  ['markup', '<script>evil</script>'],
  ['a member of objects', '__proto__'],
  ['a list that is none', 'evil[]=1'],
];

/** Requests whose parameters reach a query, with the name of each parameter to be spoilt. */
const REQUESTS: readonly {
  readonly url: string;
  readonly form: Readonly<Record<string, string>>;
  readonly authorization?: string;
}[] = [
  {
    url: '/token',
    form: {
      grant_type: 'authorization_code',
      client_id: 'notes-app',
      code: 'x',
      code_verifier: 'x'.repeat(43),
      redirect_uri: CALLBACK,
    },
  },
  {
    url: '/token',
    form: { grant_type: 'refresh_token', client_id: 'notes-app', refresh_token: 'x', scope: 'x' },
  },
  {
    url: '/token',
    form: { grant_type: 'client_credentials', scope: 'notes:read', resource: 'https://rs.example' },
    authorization: basic('notes-jwt'),
  },
  {
    url: '/token',
    form: {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: 'e30.e30.',
    },
  },
  { url: '/token', form: { client_id: 'notes-web-post', client_secret: 'x' } },
  { url: '/introspect', form: { token: 'x' }, authorization: basic('notes-api') },
  { url: '/revoke', form: { token: 'x', token_type_hint: 'x', client_id: 'notes-app' } },
  {
    url: '/par',
    form: {
      client_id: 'notes-app',
      response_type: 'code',
      redirect_uri: CALLBACK,
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
      state: 'x',
      scope: 'notes:read',
      resource: 'https://rs.example',
      acr_values: 'x',
      prompt: 'x',
      max_age: '1',
      dpop_jkt: 'x',
    },
  },
];

const CASES = REQUESTS.flatMap(({ form, ...request }) =>
  Object.keys(form).map((name) => ({ ...request, form, name })),
);

describe.each(VALUES)('%s', (_value, text) => {
  it.each(CASES)('as $name at $url → an answer, no fault of the server', async (row) => {
    const { app } = await startServer(database);
    const headers = row.authorization === undefined ? {} : { authorization: row.authorization };
    const response = await post(app, row.url, { ...row.form, [row.name]: text }, headers);
    expect(response.statusCode).toBeLessThan(500);
    expect(response.body + JSON.stringify(response.headers)).not.toContain('evil');
  });

  it('as every parameter of the authorization endpoint → a page or a redirect', async () => {
    const { app } = await startServer(database);
    const form = REQUESTS.find(({ url }) => url === '/par')?.form ?? {};
    for (const name of [...Object.keys(form), 'request_uri']) {
      const response = await app.inject(`/authorize?${formText({ ...form, [name]: text })}`);
      expect([303, 400]).toContain(response.statusCode);
      // The state of a request that can be answered goes back to the client, as it must.
      if (name !== 'state') expect(response.body).not.toContain('evil');
    }
  });

  it('as an interaction, a cookie, a client of the Authorization field → an answer', async () => {
    const { app } = await startServer(database);
    const escaped = encodeURIComponent(text.replace('\ud800', ''));
    const answers = await Promise.all([
      app.inject(`/interaction/${escaped}`),
      app.inject({ url: '/interaction/x', headers: { cookie: `__Host-browser=${escaped}` } }),
      post(app, `/interaction/${escaped}/login`, { username: text, password: text, csrf: text }),
      post(app, '/token', { grant_type: 'x' }, { authorization: basic(text, text) }),
      post(app, '/token', { grant_type: 'x' }, { authorization: `Basic ${escaped}` }),
    ]);
    for (const { statusCode } of answers) {
      expect(statusCode).toBeGreaterThanOrEqual(400);
      expect(statusCode).toBeLessThan(500);
    }
  });
});

describe('bodies', () => {
  const form = 'application/x-www-form-urlencoded';
  const MIB = 'x'.repeat(1024 * 1024);
  const rows: readonly [string, string | undefined, string, number][] = [
    ['1 MiB', form, `token=${MIB}`, 413],
    ['1 MiB of JSON', 'application/json', JSON.stringify({ token: MIB }), 413],
    [
      'a thousand parameters',
      form,
      Array.from({ length: 1000 }, (_, i) => `p${i}=1`).join('&'),
      401,
    ],
    ['a parameter a thousand times', form, 'token=1&'.repeat(1000), 400],
    ['half a percent sign', form, 'token=%&client_id=%E0%A4%A', 401],
    ['nothing', form, '', 401],
    ['no media type', undefined, 'token=1', 400],
    ['another media type', 'text/plain', 'token=1', 400],
    ['multipart', 'multipart/form-data; boundary=x', '--x--', 400],
    ['__proto__ and constructor', form, '__proto__=1&constructor=2&client_id=__proto__', 401],
  ];
  for (const url of ['/token', '/par', '/introspect', '/revoke']) {
    it.each(rows)(
      `%s at ${url} → JSON and no fault of the server`,
      async (_name, type, payload, status) => {
        const { app } = await startServer(database);
        const headers: InjectOptions['headers'] =
          type === undefined ? {} : { 'content-type': type };
        const response = await app.inject({ method: 'POST', url, headers, payload });
        const got = type === 'application/json' ? [400, 413] : [status];
        expect(got).toContain(response.statusCode);
        expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
        expect(response.json()).toEqual({
          error: expect.any(String),
          error_description: expect.any(String),
        });
      },
    );
  }

  it('1 MiB in pieces, without a length → 413', async () => {
    const { app } = await startServer(database);
    await app.listen({ host: '127.0.0.1', port: 0 });
    const head = [
      'POST /token HTTP/1.1',
      'Host: as.example',
      'Connection: close',
      `Content-Type: ${form}`,
      'Transfer-Encoding: chunked',
    ];
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    const { port } = app.server.address() as AddressInfo;
    const response = await sendRaw(port, head, `${chunk.repeat(4)}0\r\n\r\n`);
    expect(response.status).toBe(413);
  });

  it.each([
    '{',
    '[]',
    'null',
    '"x"',
    '{"__proto__":{"redirect_uris":["https://a.example"]}}',
    `{"client_name":"${'\\u0000'}","redirect_uris":["https://a.example/cb"]}`,
    `{"redirect_uris":${'['.repeat(2000)}${']'.repeat(2000)}}`,
    '{"redirect_uris":[1]}',
    '{"redirect_uris":{"length":1}}',
  ])('%s at /register → 400 and no fault of the server', async (payload) => {
    const { app } = await startServer(database, {
      registration: 'open',
      nonceSecrets: [NONCE_SECRET],
    });
    const headers = { 'content-type': 'application/json' };
    const response = await app.inject({ method: 'POST', url: '/register', headers, payload });
    expect(response.statusCode).toBe(400);
    expect(response.json().error).toMatch(/^invalid_/);
  });
});
