import { Readable } from 'node:stream';
import { createUserAgent } from '@keybound/user-agent';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { describe, expect, it } from 'vitest';
import { useDatabase } from './support/database.ts';
import { CALLBACK, CHALLENGE, VERIFIER } from './support/grants.ts';
import { basic, ISSUER, startServer } from './support/server.ts';

const database = useDatabase();

/** Stands in what is sent, and must not stand in any answer. */
const MARK = 'ec7f0ad3';

type Form = Readonly<Record<string, string>>;

/** A place that takes parameters, with a request it would understand. */
interface Place {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly form: Form;
  readonly headers?: Readonly<Record<string, string>>;
  readonly type: 'json' | 'html';
  /** Statuses beside 4xx: where the protocol says so. */
  readonly also?: readonly number[];
}

const client = { client_id: 'notes-app' };
const authorization = {
  ...client,
  response_type: 'code',
  redirect_uri: CALLBACK,
  code_challenge: CHALLENGE,
  code_challenge_method: 'S256',
  state: 'state',
  scope: 'notes:read',
  resource: 'https://rs.example',
  max_age: '10',
  prompt: 'login',
  acr_values: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
  dpop_jkt: CHALLENGE,
  response_mode: 'query',
};
const machine = { authorization: basic('notes-opaque') };

const PLACES: Readonly<Record<string, Place>> = {
  'a code': {
    method: 'POST',
    url: '/token',
    form: {
      grant_type: 'authorization_code',
      ...client,
      code: 'code',
      redirect_uri: CALLBACK,
      code_verifier: VERIFIER,
      resource: 'https://rs.example',
    },
    type: 'json',
  },
  'a refresh token': {
    method: 'POST',
    url: '/token',
    form: { grant_type: 'refresh_token', ...client, refresh_token: 'token', scope: 'notes:read' },
    type: 'json',
  },
  'client credentials': {
    method: 'POST',
    url: '/token',
    form: { grant_type: 'client_credentials', scope: 'notes:read', resource: 'https://rs.example' },
    headers: machine,
    type: 'json',
  },
  'a client secret': {
    method: 'POST',
    url: '/token',
    form: { grant_type: 'refresh_token', client_id: 'notes-web-post', client_secret: 'secret' },
    type: 'json',
  },
  'a client assertion': {
    method: 'POST',
    url: '/token',
    form: {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: 'e30.e30.e30',
    },
    type: 'json',
  },
  'a pushed request': {
    method: 'POST',
    url: '/par',
    form: authorization,
    type: 'json',
    // prompt may have values nobody knows.
    also: [201],
  },
  introspection: {
    method: 'POST',
    url: '/introspect',
    form: { token: 'token', token_type_hint: 'access_token' },
    headers: { authorization: basic('notes-api') },
    type: 'json',
    // RFC 7662 §2.2: a token nobody knows is inactive, whatever it looks like.
    also: [200],
  },
  revocation: {
    method: 'POST',
    url: '/revoke',
    form: { ...client, token: 'token', token_type_hint: 'refresh_token' },
    type: 'json',
    // RFC 7009 §2.2: a token nobody knows is as good as revoked.
    also: [200],
  },
  'an authorization request': {
    method: 'GET',
    url: '/authorize',
    form: authorization,
    type: 'html',
    // Faults go back to the client (RFC 6749 §4.1.2.1).
    also: [303],
  },
  'a pushed request at the browser': {
    method: 'GET',
    url: '/authorize',
    form: { ...client, request_uri: 'urn:ietf:params:oauth:request_uri:none' },
    type: 'html',
  },
  'a page of nobody': {
    method: 'POST',
    url: '/interaction/none/login',
    form: { csrf: 'csrf', username: 'alice', password: 'password' },
    type: 'html',
  },
};

/** Values as they stand in a form, percent-encoded or broken. */
const VALUES: Readonly<Record<string, string>> = {
  'U+0000': `${MARK}%00${MARK}`,
  'U+0000 alone': '%00',
  'a lone surrogate': `${MARK}%ED%A0%80`,
  'an overlong encoding': `${MARK}%C0%80`,
  'broken percent-encoding': `${MARK}%`,
  'percent-encoding of no digits': `${MARK}%zz`,
  'line breaks': `${MARK}%0d%0aset-cookie:+x=1`,
  markup: `%22%3E%3Cscript%3E${MARK}%3C/script%3E`,
  SQL: `${MARK}'+or+1=1;--`,
  'characters beyond the first plane': `${MARK}%F0%9F%94%91`,
  'a name of every object': '__proto__',
  'a number beyond all': '9'.repeat(400),
  '8000 characters': MARK.repeat(1000),
};

const RAW = 'application/x-www-form-urlencoded';

function send(app: FastifyInstance, place: Place, text: string): Promise<LightMyRequestResponse> {
  const { method, url, headers } = place;
  if (method === 'GET') return app.inject({ method, url: `${url}?${text}` });
  return app.inject({ method, url, headers: { 'content-type': RAW, ...headers }, payload: text });
}

/** The text of a form in which one parameter is exactly this. */
function formWith(form: Form, name: string, raw: string): string {
  return [...new URLSearchParams(form)]
    .map(([key, value]) => `${key}=${key === name ? raw : encodeURIComponent(value)}`)
    .join('&');
}

/** A refusal in the form of the place, which says nothing that was said to it. */
function expectRefusal(response: LightMyRequestResponse, { type, also = [] }: Place): void {
  const { statusCode: status, headers, body } = response;
  if (!also.includes(status)) expect(Math.floor(status / 100), body).toBe(4);
  const expected = type === 'json' ? 'application/json' : 'text/html';
  if (body !== '') expect(headers['content-type']).toBe(`${expected}; charset=utf-8`);
  expect(body).not.toContain(MARK);
  expect(headers['set-cookie'] ?? '').not.toContain(MARK);
  if (status === 400 && type === 'json') {
    expect(response.json()).toEqual({
      error: expect.stringMatching(/^[a-z_]+$/),
      error_description: expect.any(String),
    });
  }
}

const everyParameter = Object.entries(PLACES).flatMap(([name, place]) =>
  Object.keys(place.form).map((parameter) => ({ name, parameter, place })),
);

describe.each(everyParameter)('$name: $parameter', ({ place, parameter }) => {
  it('hostile text → refused, nothing repeated', async () => {
    const { app } = await startServer(database);
    for (const raw of Object.values(VALUES)) {
      expectRefusal(await send(app, place, formWith(place.form, parameter, raw)), place);
    }
  });

  it('repeated → 400', async () => {
    if (parameter === 'resource') return; // may be (RFC 8707 §2)
    const { app } = await startServer(database);
    const text = `${formWith(place.form, '', '')}&${parameter}=a&${parameter}=${MARK}`;
    const response = await send(app, place, text);
    expect(response.statusCode).toBe(400);
    expectRefusal(response, place);
  });
});

describe.each(Object.entries(PLACES))('%s', (_name, place) => {
  it.each([
    ['1000 parameters nobody knows', Array.from({ length: 1000 }, (_, i) => `p${i}=`).join('&')],
    ['names that every object has', '__proto__=a&constructor=b&toString=c&hasOwnProperty=d'],
    ['brackets, as some parsers read them', 'client_id[]=a&client_id[b]=c&code[$ne]=d'],
    ['separators alone', '&&=&&'],
    ['U+0000 in a name', `%00${MARK}=a`],
  ])('%s → no fault of the server', async (_what, text) => {
    const { app } = await startServer(database);
    const good = formWith(place.form, '', '');
    const usual = await send(app, place, good);
    expect((await send(app, place, `${good}&${text}`)).statusCode).toBe(usual.statusCode);
    expectRefusal(await send(app, place, text), { ...place, also: [] });
  });
});

const posts = Object.entries(PLACES).filter(([, { method }]) => method === 'POST');

describe.each(posts)('%s', (_name, place) => {
  it.each([
    ['none', undefined, ''],
    ['JSON', 'application/json', '{"client_id":"notes-app","grant_type":"client_credentials"}'],
    ['several parts', 'multipart/form-data; boundary=x', '--x--'],
    ['text', 'text/plain', 'grant_type=client_credentials'],
    ['no media type at all', ';;;', 'grant_type=client_credentials'],
    ['an empty form', RAW, ''],
  ])('body: %s → 4xx', async (_what, type, payload) => {
    const { app } = await startServer(database);
    const { method, url, headers } = place;
    const fields = { ...headers, ...(type !== undefined && { 'content-type': type }) };
    expectRefusal(await app.inject({ method, url, headers: fields, payload }), {
      ...place,
      also: [],
    });
  });

  it.each([
    ['with its length', () => MARK.repeat(131_072)],
    ['in chunks', () => Readable.from(Array.from({ length: 128 }, () => MARK.repeat(1024)))],
  ])('a body of 1 MiB, %s → 413', async (_what, payload) => {
    const { app } = await startServer(database);
    const { method, url, headers } = place;
    const fields = { ...headers, 'content-type': RAW };
    const response = await app.inject({ method, url, headers: fields, payload: payload() });
    expect(response.statusCode).toBe(413);
    expectRefusal(response, place);
  });
});

it('a body of 1 MiB in chunks over a connection → 413, and the server answers the next', async () => {
  const { app } = await startServer(database);
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  const body = new ReadableStream({
    start(controller): void {
      for (let i = 0; i < 1024; i++) controller.enqueue(new Uint8Array(1024));
      controller.close();
    },
  });
  const init = { method: 'POST', headers: { 'content-type': RAW }, body, duplex: 'half' };
  // The server may close the connection before it has read everything.
  const status = await fetch(`${origin}/token`, init as RequestInit).then(
    (response) => response.status,
    () => 413,
  );
  expect(status).toBe(413);
  expect((await fetch(`${origin}/healthz`)).status).toBe(200);
});

describe('what is not in a form', () => {
  it.each([
    ['the path of a page', '/interaction/%00'],
    ['a path that cannot be decoded', '/interaction/%zz'],
    ['a long path', `/interaction/${MARK.repeat(200)}`],
    ['a path nobody knows', `/${MARK}?x=${MARK}`],
    ['a path with markup', `/%3Cscript%3E${MARK}`],
  ])('%s → 4xx, nothing repeated', async (_name, url) => {
    const { app } = await startServer(database);
    const response = await app.inject({ url, headers: { cookie: `browser=${'b'.repeat(43)}` } });
    expect(Math.floor(response.statusCode / 100)).toBe(4);
    expect(response.body).not.toContain(MARK);
  });

  it.each([
    ['no base64', 'Basic %%%'],
    ['U+0000', `Basic ${Buffer.from(`a\0${MARK}:b\0`).toString('base64')}`],
    ['no UTF-8', `Basic ${Buffer.from([0xff, 0xfe, 0x3a, 0xc0]).toString('base64')}`],
    ['broken percent-encoding', `Basic ${Buffer.from(`${MARK}%zz:%`).toString('base64')}`],
    ['another scheme', `Bearer ${MARK}`],
  ])(
    'Authorization with %s → 401 at every endpoint that authenticates clients',
    async (_name, field) => {
      const { app } = await startServer(database);
      for (const url of ['/token', '/par', '/introspect', '/revoke']) {
        const headers = { 'content-type': RAW, authorization: field };
        const response = await app.inject({ method: 'POST', url, headers, payload: 'token=a' });
        expect([response.statusCode, response.json().error]).toEqual([401, 'invalid_client']);
        expect(response.body).not.toContain(MARK);
      }
    },
  );

  it.each([
    ['U+0000', '\0'],
    ['half a character', '\ud800'],
    ['markup', '"><script>'],
    ['a long text', 'x'.repeat(2500)],
  ])('registration with %s in any member → 400, or a client without it', async (_name, text) => {
    const { app } = await startServer(database, { registration: 'open' });
    const hostile = `${MARK}${text}`;
    const jwk = { kty: 'EC', crv: 'P-256', x: hostile, y: hostile, kid: hostile, alg: hostile };
    const members: Readonly<Record<string, unknown>> = {
      redirect_uris: [hostile],
      grant_types: [hostile],
      response_types: [hostile],
      token_endpoint_auth_method: hostile,
      client_name: hostile,
      client_uri: hostile,
      scope: hostile,
      application_type: hostile,
      access_token_format: hostile,
      jwks: { keys: [jwk] },
      jwks_uri: hostile,
      introspects: [hostile],
      [hostile]: hostile,
    };
    const good = { redirect_uris: ['https://client.example/callback'] };
    for (const [name, value] of Object.entries(members)) {
      const keys = name === 'jwks' ? { token_endpoint_auth_method: 'private_key_jwt' } : {};
      const response = await app.inject({
        method: 'POST',
        url: '/register',
        headers: { 'content-type': 'application/json' },
        payload: JSON.stringify({ ...good, ...keys, [name]: value }),
      });
      expect([201, 400], `${name}: ${response.body}`).toContain(response.statusCode);
      // A name that can be shown is the client's own, and registration repeats it (RFC 7591 §3.2.1).
      if (name !== 'client_name') expect(response.body).not.toContain(MARK);
    }
  });

  it.each([
    ['no JSON', `{"${MARK}`],
    ['a list', `["${MARK}"]`],
    ['a text', `"${MARK}"`],
    ['nothing', 'null'],
    ['deeper than any stack', `${'['.repeat(8000)}${']'.repeat(8000)}`],
  ])('registration of %s → 400', async (_name, payload) => {
    const { app } = await startServer(database, { registration: 'open' });
    const headers = { 'content-type': 'application/json' };
    const response = await app.inject({ method: 'POST', url: '/register', headers, payload });
    expect([response.statusCode, response.json().error]).toEqual([400, 'invalid_client_metadata']);
    expect(response.body).not.toContain(MARK);
  });
});

describe('the login page of a browser', () => {
  const inject = (app: FastifyInstance) => async (url: RequestInfo | URL, init?: RequestInit) => {
    const response = await app.inject({
      method: (init?.method ?? 'GET') as 'GET',
      url: String(url).slice(ISSUER.length),
      headers: Object.fromEntries(new Headers(init?.headers)),
      ...(init?.body && { payload: String(init.body) }),
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(response.headers)) {
      for (const one of [value].flat()) headers.append(name, String(one));
    }
    return new Response(response.body, { status: response.statusCode, headers });
  };

  it.each(Object.entries(VALUES))(
    '%s as name and password → refused, and never as markup',
    async (_name, raw) => {
      const { app } = await startServer(database);
      const browser = createUserAgent(inject(app));
      const page = await browser.open(`${ISSUER}/authorize?${new URLSearchParams(authorization)}`);
      const [form] = page.forms;
      if (form === undefined) throw new Error('no form');
      const text = new URLSearchParams(`v=${raw}`).get('v') ?? '';
      for (const fields of [
        { username: text, password: 'password' },
        { username: 'alice', password: text },
        { username: 'alice', password: 'password', csrf: text },
      ]) {
        const answer = await browser.submit(page, form, fields);
        expect(Math.floor(answer.status / 100), answer.html).toBe(4);
        expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
        expect(answer.html).not.toContain('<script');
      }
    },
  );
});
