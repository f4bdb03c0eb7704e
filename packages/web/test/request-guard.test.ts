import { readFileSync } from 'node:fs';
import type { Authenticator, Decision } from '@keybound/core';
import { KEYS, mintProof, mintToken, RESOURCE } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import {
  createRequestGuard,
  type GrantedAccess,
  type RefusedAccess,
  type RequestGuardOptions,
} from '../src/index.ts';
import { createNote } from './examples/form.ts';
import { createSchemes } from './support/schemes.ts';

const token = mintToken({ boundTo: KEYS.alice });

function proven(init: RequestInit = {}, claims: Record<string, unknown> = {}): Request {
  return new Request(`${RESOURCE}/r`, {
    ...init,
    headers: {
      authorization: `DPoP ${token}`,
      dpop: mintProof({ token, claims: { htm: init.method ?? 'GET', ...claims } }),
      ...init.headers,
    },
  });
}

async function granted(options: RequestGuardOptions, request: Request): Promise<GrantedAccess> {
  const access = await createRequestGuard(options).decide(request);
  if (!access.granted) throw access.error;
  return access;
}

/** Access to a place whose nonce is about to end, so that the response must carry a new one. */
async function withNewNonce(): Promise<{ access: GrantedAccess; nonce: string }> {
  const { dpopWithNonce, nonces, clock } = createSchemes();
  const nonce = await nonces.current();
  clock.advance(120);
  const request = proven({}, { nonce, iat: clock() });
  const access = await granted({ authenticators: [dpopWithNonce] }, request);
  return { access, nonce: await nonces.current() };
}

describe('apply', () => {
  it('nothing to carry → the very response, untouched', async () => {
    const access = await granted({ authenticators: [createSchemes().dpop] }, proven());
    const response = new Response('x', { headers: { 'cache-control': 'public' } });
    expect(access.apply(response)).toBe(response);
    expect(response.headers.get('cache-control')).toBe('public');
  });

  it.each<[string, () => Response]>([
    ['headers that can be changed', () => Response.json({ a: 1 }, { status: 201 })],
    ['headers that cannot', () => Response.redirect('https://rs.example/x', 303)],
    ['no body', () => new Response(null, { status: 204, statusText: 'Nothing' })],
  ])(
    'a new nonce, and a response with %s → the same response with it, never stored [DPOP-8.2-02]',
    async (_name, create) => {
      const { access, nonce } = await withNewNonce();
      const response = access.apply(create());
      const original = create();
      expect([response.status, response.statusText]).toEqual([
        original.status,
        original.statusText,
      ]);
      expect(await response.text()).toBe(await original.text());
      expect(Object.fromEntries(response.headers)).toEqual({
        ...Object.fromEntries(original.headers),
        'dpop-nonce': nonce,
        'cache-control': 'no-store',
      });
    },
  );

  it('a response of `fetch`, whose headers cannot be changed → body and cookies stay [DPOP-8.2-02]', async () => {
    const { access, nonce } = await withNewNonce();
    const fetched = await fetch(`data:text/plain,hello`);
    expect(() => fetched.headers.set('x', 'y')).toThrow(TypeError);
    const response = access.apply(fetched);
    expect(await response.text()).toBe('hello');
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(response.headers.get('dpop-nonce')).toBe(nonce);
  });

  it("the handler's own Cache-Control and nonce → replaced; its cookies stay", async () => {
    const { access, nonce } = await withNewNonce();
    const headers = new Headers({ 'cache-control': 'public, max-age=60', 'dpop-nonce': 'old' });
    headers.append('set-cookie', 'a=1');
    headers.append('set-cookie', 'b=2');
    const response = access.apply(new Response('x', { headers }));
    expect(response.headers.get('dpop-nonce')).toBe(nonce);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });
});

it('an authenticator that gives a nonce and nothing else → never stored all the same [DPOP-8.2-02]', async () => {
  const { dpop } = createSchemes();
  const renewing: Authenticator = {
    scheme: 'DPoP',
    challenge: [],
    authenticate: async (...request) => ({
      ...(await dpop.authenticate(...request)),
      headers: [['dpop-nonce', 'new']],
    }),
  };
  const access = await granted({ authenticators: [renewing] }, proven());
  const headers = { 'cache-control': 'public' };
  const response = access.apply(new Response('x', { headers }));
  expect(response.headers.get('cache-control')).toBe('no-store');
});

describe('decide', () => {
  it('the same Request twice → the proof is spent once, and the scope is looked at each time', async () => {
    const guard = createRequestGuard({ authenticators: [createSchemes().dpop] });
    const request = proven();
    expect((await guard.decide(request)).granted).toBe(true);
    expect((await guard.decide(request, { scopes: ['notes:read'] })).granted).toBe(true);
    const refused = (await guard.decide(request, { scopes: ['admin'] })) as RefusedAccess;
    expect(refused.response.status).toBe(403);
    const copy = (await guard.decide(new Request(request))) as RefusedAccess;
    expect(copy.error).toMatchObject({ reason: 'proof_replayed' });
  });

  it.each<[string, unknown]>([
    ['a misspelt member', { scope: ['admin'] }],
    ['a text for a list', { scopes: 'admin' }],
    ['two values in one entry', { scopes: ['a b'] }],
    ['a scheme that is not offered', { schemes: ['Bearer'] }],
  ])('a requirement with %s → TypeError, never granted', async (_name, requirement) => {
    const guard = createRequestGuard({ authenticators: [createSchemes().dpop] });
    await expect(guard.decide(proven(), requirement as object)).rejects.toThrow(TypeError);
  });

  it('a path with a backslash → 400 with challenges', async () => {
    const { dpop } = createSchemes();
    const { headers, method } = proven();
    const request = { headers, method, url: `${RESOURCE}/a\\b` } as Request;
    const refused = (await createRequestGuard({ authenticators: [dpop] }).decide(
      request,
    )) as RefusedAccess;
    expect(refused.response.status).toBe(400);
    expect(refused.response.headers.get('www-authenticate')).toMatch(/^DPoP /);
  });

  it('a refusal → the error for logs, and a JSON response', async () => {
    const { bearer, dpop } = createSchemes();
    const guard = createRequestGuard({ authenticators: [bearer, dpop], realm: 'notes' });
    const access = await guard.decide(new Request(`${RESOURCE}/r`));
    expect(access).toMatchObject({ granted: false, error: { reason: 'credentials_missing' } });
    const { response } = access as RefusedAccess;
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(response.headers.get('www-authenticate')).toMatch(
      /^Bearer realm="notes", DPoP realm="notes", algs="[^"]+"$/,
    );
    expect(await response.json()).toEqual({ error_description: 'An access token is required' });
  });

  it('options of the guard → passed on: every decision is told', async () => {
    const told: Decision[] = [];
    const { dpop } = createSchemes();
    const guard = createRequestGuard({
      authenticators: [dpop],
      onDecision: (decision) => told.push(decision),
    });
    await guard.decide(proven());
    await guard.decide(new Request(`${RESOURCE}/r`));
    expect(told).toMatchObject([
      { outcome: 'granted', scheme: 'DPoP', clientId: 'notes-client' },
      { outcome: 'refused', reason: 'credentials_missing' },
    ]);
  });

  it('an error that is no refusal → thrown, not granted', async () => {
    const failing: Authenticator = {
      scheme: 'DPoP',
      challenge: [],
      authenticate: () => Promise.reject(new Error('a bug')),
    };
    const guard = createRequestGuard({ authenticators: [failing] });
    await expect(guard.decide(proven())).rejects.toThrow('a bug');
  });
});

describe('peerAddress', () => {
  const proxies = { trusts: (address: string) => address === '10.0.0.1', fields: 'x-forwarded' };
  const options = { furtherOrigins: ['https://api.example'], proxies: proxies as never };

  it.each([
    ['a listed proxy', () => '10.0.0.1', true],
    ['somebody else', () => '192.0.2.1', false],
    ['not known', undefined, false],
  ])('%s → its forwarded host counts: $2 [URI-08]', async (_name, peerAddress, expected) => {
    const { dpop } = createSchemes(options);
    const guard = createRequestGuard({
      authenticators: [dpop],
      ...(peerAddress && { peerAddress }),
    });
    const headers = { 'x-forwarded-host': 'api.example', host: 'rs.example' };
    const request = proven({ headers }, { htu: 'https://api.example/r' });
    expect((await guard.decide(request)).granted).toBe(expected);
  });

  it('no function → TypeError', () => {
    const { dpop } = createSchemes();
    const peerAddress = '10.0.0.1' as never;
    expect(() => createRequestGuard({ authenticators: [dpop], peerAddress })).toThrow(
      new TypeError('peerAddress: give a function from a request to an address'),
    );
  });
});

it('several origins over HTTP/2, which has no Host field → the host of the URL chooses', async () => {
  const { dpop } = createSchemes({ furtherOrigins: ['https://api.example'] });
  const guard = createRequestGuard({ authenticators: [dpop] });
  for (const [url, expected] of [
    ['https://api.example/r', true],
    ['https://rs.example/r', false],
    ['https://evil.example/r', false],
  ] as const) {
    const request = new Request(url, proven({}, { htu: 'https://api.example/r' }));
    expect((await guard.decide(request)).granted).toBe(expected);
  }
});

describe('refuseTokenInForm', () => {
  async function post(body: BodyInit): Promise<{ request: Request; access: GrantedAccess }> {
    const { bearer, dpop } = createSchemes();
    const request = proven({ method: 'POST', body });
    return { request, access: await granted({ authenticators: [bearer, dpop] }, request) };
  }

  async function ask(body: BodyInit): Promise<RefusedAccess | undefined> {
    const { request, access } = await post(body);
    return access.refuseTokenInForm(await request.formData());
  }

  it('the example of the README → stands there as it runs here: 201, and 400 with a token', async () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const example = readFileSync(new URL('./examples/form.ts', import.meta.url), 'utf8');
    expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
    for (const [form, status] of [
      [{ text: 'hello' }, 201],
      [{ text: 'hello', access_token: token }, 400],
    ] as const) {
      const { request, access } = await post(new URLSearchParams(form));
      expect((await createNote(request, access)).status).toBe(status);
    }
  });

  it('a urlencoded form with a token → 400 [BEARER-2-02]', async () => {
    const refused = await ask(new URLSearchParams({ text: 'hello', access_token: token }));
    expect(refused?.response.status).toBe(400);
    expect(refused?.error).toMatchObject({ reason: 'credentials_repeated' });
  });

  it('a urlencoded form without → nothing', async () => {
    expect(await ask(new URLSearchParams({ text: 'access_token' }))).toBeUndefined();
  });

  it('a multipart form with a member of that name, which is no way to present a token → nothing', async () => {
    const form = new FormData();
    form.set('access_token', 'of somebody else');
    expect(await ask(form)).toBeUndefined();
  });
});
