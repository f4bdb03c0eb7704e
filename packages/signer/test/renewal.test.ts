import { createTestClock } from '@keybound/test-kit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type AuthorizationCodeOptions,
  createAuthorizationCodeTokens,
  createMemoryStore,
  createSigner,
} from '../src/index.ts';
import {
  createFakeAuthorizationServer,
  METADATA,
  REDIRECT_URI,
  tokens,
} from './support/authorization-server.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Two tabs of one browser in which somebody is signed in, with a token that lives 300 s. */
async function twoTabs() {
  const server = createFakeAuthorizationServer();
  const clock = createTestClock();
  const options: AuthorizationCodeOptions = {
    metadata: METADATA,
    clientId: 'app',
    redirectUri: REDIRECT_URI,
    signer: await createSigner(),
    store: createMemoryStore(),
    fetch: server.fetch,
    clock,
  };
  const one = createAuthorizationCodeTokens(options);
  const two = createAuthorizationCodeTokens(options);
  await one.complete(server.answerTo(await one.begin()));
  server.received.length = 0;
  server.tokenAnswers = [
    tokens({ access_token: 'a2', refresh_token: 'r2' }),
    tokens({ access_token: 'a3', refresh_token: undefined }),
    tokens({ access_token: 'a4', refresh_token: 'r4' }),
  ];
  const spent = (): readonly unknown[] =>
    server.formsTo('/token').map(({ form }) => form.refresh_token);
  return { server, clock, one, two, spent };
}

describe('the access token', () => {
  it('is the kept one until 30 s before its end, then a new one; a refresh token that is not replaced goes on', async () => {
    const { clock, one, two, spent, server } = await twoTabs();
    clock.advance(269);
    expect([await one.accessToken(), await two.accessToken()]).toEqual(['a1', 'a1']);
    expect(spent()).toEqual([]);
    clock.advance(1);
    expect([await one.accessToken(), await two.accessToken()]).toEqual(['a2', 'a2']);
    clock.advance(270);
    expect(await one.accessToken()).toBe('a3');
    clock.advance(270);
    expect(await two.accessToken()).toBe('a4');
    expect(spent()).toEqual(['r1', 'r2', 'r2']);
    expect(server.formsTo('/token')[0]).toMatchObject({
      form: { grant_type: 'refresh_token', client_id: 'app' },
      proof: { htm: 'POST', htu: METADATA.token_endpoint },
    });
  });

  it('named as rejected → a new one; named again by a tab that is late → the new one, not a third', async () => {
    const { one, two, spent } = await twoTabs();
    expect(await one.accessToken('a1')).toBe('a2');
    expect(await two.accessToken('a1')).toBe('a2');
    expect(spent()).toEqual(['r1']);
  });

  it.each([
    ['Web Locks', true],
    ['no Web Locks', false],
  ])('with %s, fifty callers in two tabs at once → one refresh', async (_name, hasLocks) => {
    if (!hasLocks) vi.stubGlobal('navigator', undefined);
    const { clock, one, two, spent } = await twoTabs();
    clock.advance(290);
    const callers = Array.from({ length: 50 }, (_, i) => (i % 2 ? one : two).accessToken());
    expect(new Set(await Promise.all(callers))).toEqual(new Set(['a2']));
    expect(spent()).toEqual(['r1']);
  });

  it('fifty callers while the server is down → each is told, one request; then it works again', async () => {
    const { clock, one, server, spent } = await twoTabs();
    server.tokenAnswers = [new TypeError('fetch failed'), tokens({ access_token: 'a2' })];
    clock.advance(290);
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => one.accessToken()));
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(spent()).toEqual(['r1']);
    expect(await one.accessToken()).toBe('a2');
  });
});

describe('a refresh that fails', () => {
  it.each([
    ['nobody answers', new TypeError('fetch failed')],
    ['the server has trouble', 503],
    ['the server has no words for it', { error: 'temporarily_unavailable' }],
  ])(
    'because %s → token_request_failed, still signed in, and the next one may work',
    async (_name, answer) => {
      const { clock, one, server } = await twoTabs();
      server.tokenAnswers = [answer, tokens({ access_token: 'a2' })];
      clock.advance(290);
      await expect(one.accessToken()).rejects.toMatchObject({ code: 'token_request_failed' });
      expect(await one.isSignedIn()).toBe(true);
      expect(await one.accessToken()).toBe('a2');
    },
  );

  it('because the grant is over → grant_ended, for every tab, and no token is ever offered again', async () => {
    const { clock, one, two, server, spent } = await twoTabs();
    server.tokenAnswers = [{ error: 'invalid_grant' }];
    clock.advance(290);
    await expect(one.accessToken()).rejects.toMatchObject({ code: 'grant_ended' });
    await expect(two.accessToken()).rejects.toMatchObject({ code: 'signed_out' });
    await expect(one.accessToken()).rejects.toMatchObject({ code: 'signed_out' });
    expect(spent()).toEqual(['r1']);
  });

  it('because there is no refresh token → grant_ended without a request', async () => {
    const { clock, one, server, spent } = await twoTabs();
    server.tokenAnswers = [tokens({ refresh_token: undefined })];
    await one.complete(server.answerTo(await one.begin()));
    server.received.length = 0;
    clock.advance(290);
    await expect(one.accessToken()).rejects.toMatchObject({ code: 'grant_ended' });
    expect(spent()).toEqual([]);
    expect(await one.isSignedIn()).toBe(false);
  });

  it('because another type of token comes → token_type_downgraded, and the bearer token is not kept [DPOP-5-09]', async () => {
    const { clock, one, server } = await twoTabs();
    server.tokenAnswers = [
      tokens({ access_token: 'b', token_type: 'Bearer' }),
      tokens({ access_token: 'a2' }),
    ];
    clock.advance(290);
    await expect(one.accessToken()).rejects.toMatchObject({ code: 'token_type_downgraded' });
    expect(await one.accessToken()).toBe('a2');
  });

  it('signed out by another tab while this one waits for its turn → signed_out, nothing is renewed', async () => {
    const { clock, one, two, spent } = await twoTabs();
    clock.advance(290);
    const [ended, renewed] = await Promise.allSettled([two.end(), one.accessToken()]);
    expect(ended.status).toBe('fulfilled');
    expect(renewed).toMatchObject({ status: 'rejected', reason: { code: 'signed_out' } });
    expect(spent()).toEqual([]);
  });
});
