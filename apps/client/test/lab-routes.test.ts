import { expect, it, onTestFinished } from 'vitest';
import { buildClient } from '../src/app.ts';
import type { LabOptions } from '../src/node/lab-routes.ts';
import { startCarelessServer } from './support/careless-server.ts';
import { LAB_STUB } from './support/lab-stub.ts';

async function appWith(overrides: Partial<LabOptions> = {}) {
  const app = await buildClient({
    play: async () => {
      throw new Error('not played here');
    },
    lab: { ...LAB_STUB, ...overrides },
    logLevel: 'silent',
  });
  onTestFinished(() => app.close());
  return app;
}

const FILE = {
  type: 'text/html',
  body: Buffer.from('page'),
  gzipped: Buffer.from('zip'),
  isImmutable: false,
};
const FILES = new Map(['/index.html', '/desk.html', '/callback.html'].map((path) => [path, FILE]));
const { issuer } = LAB_STUB.config;
const LAB = { origin: 'http://localhost:3', host: 'localhost:3' };

it('the lab under another name than its own → sent to its own, where the thief is a stranger', async () => {
  const app = await appWith({ files: FILES });
  const other = await app.inject({ url: '/', headers: { host: '127.0.0.1:3' } });
  expect([other.statusCode, other.headers.location]).toEqual([303, 'http://localhost:3']);
  const own = await app.inject({ url: '/', headers: { host: 'localhost:3' } });
  expect([own.statusCode, own.body]).toEqual([200, 'page']);
});

const COMMON =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; " +
  "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; ";

it.each([
  [
    '/',
    "connect-src 'self' http://localhost:1 http://localhost:2 http://127.0.0.1:3; frame-src http://127.0.0.1:3; frame-ancestors 'none'",
  ],
  ['/callback.html', "connect-src 'none'; frame-ancestors 'none'"],
  [
    '/desk.html',
    "connect-src 'self' http://localhost:1 http://localhost:2; frame-ancestors http://localhost:3",
  ],
])(
  '%s may load its own files, call whom it must, and be framed by whom it must',
  async (url, rest) => {
    const app = await appWith({ files: FILES });
    const { headers } = await app.inject({ url, headers: { host: 'localhost:3' } });
    expect(headers['content-security-policy']).toBe(COMMON + rest);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  },
);

it('a browser that takes gzip gets it, another does not', async () => {
  const app = await appWith({ files: FILES });
  const encodings = { 'accept-encoding': 'br, gzip' };
  const zipped = await app.inject({ url: '/desk.html', headers: encodings });
  expect([zipped.body, zipped.headers['content-encoding']]).toEqual(['zip', 'gzip']);
  const plain = await app.inject('/desk.html');
  expect([plain.body, plain.headers['content-encoding']]).toEqual(['page', undefined]);
});

it.each([
  ['the lab, the authorization server', LAB, { url: `${issuer}/authorize` }, 200],
  ['the lab, an address elsewhere', LAB, { url: 'http://localhost:9/authorize' }, 400],
  ['the lab, an address that is none', LAB, { url: 'authorize' }, 400],
  ['the lab, no address', LAB, {}, 403],
  ['another site', { ...LAB, origin: 'https://evil.example' }, { url: issuer }, 403],
  ['the desk', { origin: 'http://127.0.0.1:3', host: '127.0.0.1:3' }, { url: issuer }, 403],
  ['a foreign name for this machine', { ...LAB, host: 'evil.example:3' }, { url: issuer }, 403],
  ['no browser at all', { host: 'localhost:3' }, { url: issuer }, 403],
])('Alice is asked to approve by %s → %4$i', async (_name, headers, payload, status) => {
  const visited: string[] = [];
  const app = await appWith({
    person: {
      approve: async (url) => {
        visited.push(url);
        return new URL('http://localhost:3/callback.html?code=c');
      },
    },
  });
  const response = await app.inject({ method: 'POST', url: '/person', headers, payload });
  expect(response.statusCode).toBe(status);
  expect(visited).toEqual(status === 200 ? [`${issuer}/authorize`] : []);
});

it('where the account is not the published one, nobody is scripted → 404', async () => {
  const app = await appWith({ person: undefined });
  const payload = { url: `${issuer}/authorize` };
  const response = await app.inject({ method: 'POST', url: '/person', headers: LAB, payload });
  expect(response.statusCode).toBe(404);
});

it.each([
  ['key-change', LAB, 200],
  ['key-change', { ...LAB, origin: 'http://127.0.0.1:3' }, 403],
  ['key-change', {}, 403],
  ['replay', LAB, 404],
])('the scenario %s with a secret, fetched with %j → %i', async (scenario, headers, status) => {
  const app = await appWith();
  const response = await app.inject({ method: 'POST', url: `/with-secret/${scenario}`, headers });
  expect(response.statusCode).toBe(status);
});

it('the malicious API calls its victim and nobody else, answers the lab alone, and the thief finds each play once', async () => {
  const resource = await startCarelessServer({ tokenSeconds: 4 });
  const app = await appWith({ config: { ...LAB_STUB.config, resource } });
  const ask = (target: string, dpop = '') =>
    app.inject({
      url: `/malicious-api/p1/notes?${new URLSearchParams({ target })}`,
      headers: { authorization: 'Bearer stolen', dpop },
    });
  const received = (play: string) => app.inject(`/malicious-api/${play}/received`);
  for (const target of [`${resource}.evil.example/`, `${resource}@evil.example/`, issuer, '']) {
    expect((await ask(target)).statusCode).toBe(400);
  }
  expect((await received('p1')).json()).toBeNull();
  const response = await ask(`${resource}/dpop/notes`, 'no.proof.at-all');
  expect(response.statusCode).toBe(200);
  expect(response.headers['access-control-allow-origin']).toBe('http://localhost:3');
  expect((await received('p2')).json()).toBeNull();
  const found = await received('p1');
  expect(found.json().headers.authorization).toBe('Bearer stolen');
  expect(found.headers['access-control-allow-origin']).toBeUndefined();
  expect((await received('p1')).json()).toBeNull();
});
