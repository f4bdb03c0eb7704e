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
const FILES = new Map([
  ['/index.html', FILE],
  ['/desk.html', FILE],
  ['/callback.html', FILE],
]);
const { issuer } = LAB_STUB.config;

it('the lab under another name than its own → sent to its own, where the thief is a stranger', async () => {
  const app = await appWith({ files: FILES });
  const other = await app.inject({ url: '/', headers: { host: '127.0.0.1:3' } });
  expect([other.statusCode, other.headers.location]).toEqual([303, 'http://localhost:3']);
  const own = await app.inject({ url: '/', headers: { host: 'localhost:3' } });
  expect([own.statusCode, own.body]).toEqual([200, 'page']);
});

it.each([
  [
    '/',
    /connect-src 'self' http:\/\/localhost:1 http:\/\/localhost:2 http:\/\/127\.0\.0\.1:3; frame-src http:\/\/127\.0\.0\.1:3; frame-ancestors 'none'$/,
  ],
  ['/callback.html', /connect-src 'none'; frame-ancestors 'none'$/],
  [
    '/desk.html',
    /connect-src 'self' http:\/\/localhost:1 http:\/\/localhost:2; frame-ancestors http:\/\/localhost:3$/,
  ],
])(
  '%s may load its own files, call who it must, and be framed by whom it must',
  async (url, rest) => {
    const response = await (await appWith({ files: FILES })).inject({
      url,
      headers: { host: 'localhost:3' },
    });
    const policy = String(response.headers['content-security-policy']);
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';/,
    );
    expect(policy).toMatch(rest);
  },
);

it('a browser that takes gzip gets it, another does not', async () => {
  const app = await appWith({ files: FILES });
  const zipped = await app.inject({
    url: '/desk.html',
    headers: { 'accept-encoding': 'br, gzip' },
  });
  expect([zipped.body, zipped.headers['content-encoding']]).toEqual(['zip', 'gzip']);
  const plain = await app.inject('/desk.html');
  expect([plain.body, plain.headers['content-encoding']]).toEqual(['page', undefined]);
});

it.each([
  [
    'a page of another site',
    { 'sec-fetch-site': 'cross-site' },
    { url: `${issuer}/authorize` },
    403,
  ],
  ['no address', {}, {}, 403],
  ['an address elsewhere', {}, { url: 'http://localhost:9/authorize' }, 400],
  ['an address that is none', {}, { url: 'authorize' }, 400],
  ['the authorization server', {}, { url: `${issuer}/authorize` }, 200],
])('Alice is asked to approve by %s → %#', async (_name, headers, payload, status) => {
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

it.each([
  ['key-change', {}, 200],
  ['key-change', { 'sec-fetch-site': 'same-site' }, 403],
  ['replay', {}, 404],
])('the scenario %s with a secret, fetched with %j → %i', async (scenario, headers, status) => {
  const app = await appWith();
  const response = await app.inject({ method: 'POST', url: `/with-secret/${scenario}`, headers });
  expect(response.statusCode).toBe(status);
});

it('the malicious API calls its victim and nobody else, answers the lab alone, and the thief finds what came', async () => {
  const resource = await startCarelessServer({ tokenSeconds: 4 });
  const app = await appWith({ config: { ...LAB_STUB.config, resource } });
  const ask = (target: string) =>
    app.inject({
      url: `/malicious-api/notes?${new URLSearchParams({ target })}`,
      headers: { authorization: 'Bearer stolen' },
    });
  for (const target of [`${resource}.evil.example/`, `${resource}@evil.example/`, issuer, '']) {
    expect((await ask(target)).statusCode).toBe(400);
  }
  expect((await app.inject('/malicious-api/received')).json()).toBeNull();
  const response = await ask(`${resource}/dpop/notes`);
  expect(response.statusCode).toBe(200);
  expect(response.headers['access-control-allow-origin']).toBe('http://localhost:3');
  const received = await app.inject('/malicious-api/received');
  expect(received.json().headers.authorization).toBe('Bearer stolen');
  expect(received.headers['access-control-allow-origin']).toBeUndefined();
});
