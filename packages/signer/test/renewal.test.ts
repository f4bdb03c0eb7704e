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
import { createGate } from './support/gate.ts';

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
  return { server, clock, one, two, spent, options };
}

/** A `fetch` whose requests with something in their body are answered only when the test says so. */
function gated(send: typeof fetch, part: string) {
  const [arrival, answer] = [createGate(), createGate()];
  const slow: typeof fetch = async (input, init) => {
    if (String(init?.body).includes(part)) {
      arrival.open();
      await answer.isOpen;
    }
    return send(input, init);
  };
  return { fetch: slow, arrived: arrival.isOpen, answerNow: answer.open };
}

/** Long enough for whoever waits for nothing to do all that it does. */
async function turnsOfTheLoop(): Promise<void> {
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
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

/** One page renews, and its answer is held back; another page has no patience. */
async function hastyPage() {
  const all = await twoTabs();
  const { fetch: slowFetch, arrived, answerNow } = gated(all.server.fetch, 'refresh_token=');
  all.clock.advance(290);
  const slow = createAuthorizationCodeTokens({ ...all.options, fetch: slowFetch });
  const renewing = slow.accessToken();
  await arrived;
  const hasty = createAuthorizationCodeTokens({ ...all.options, timeoutSeconds: 0.01 });
  return { ...all, renewing, answerNow, hasty };
}

describe.each([
  ['Web Locks', true],
  ['no Web Locks', false],
])('with %s, a page that waits for its turn', (_name, hasLocks) => {
  it('renews nothing of a grant in whose place another page is signing in', async () => {
    if (!hasLocks) vi.stubGlobal('navigator', undefined);
    const { clock, one, server, spent, options } = await twoTabs();
    const answer = server.answerTo(await one.begin());
    server.tokenAnswers = [tokens({ access_token: 'a2' })];
    clock.advance(290);
    const { fetch: slowFetch, arrived, answerNow } = gated(server.fetch, 'code=');
    const redeeming = createAuthorizationCodeTokens({ ...options, fetch: slowFetch });
    const completing = redeeming.complete(answer);
    await arrived;
    server.received.length = 0;
    const renewing = one.accessToken();
    await turnsOfTheLoop();
    answerNow();
    await completing;
    expect(await renewing).toBe('a2');
    expect(spent()).toEqual([undefined]);
  });

  it('another page asks for longer than one may wait → token_request_failed, and it stays signed in', async () => {
    if (!hasLocks) vi.stubGlobal('navigator', undefined);
    const { one, renewing, answerNow, hasty } = await hastyPage();
    const outcome = await hasty.accessToken().catch((error: unknown) => error);
    answerNow();
    expect(await renewing).toBe('a2');
    expect(outcome).toMatchObject({
      code: 'token_request_failed',
      cause: { name: 'TimeoutError' },
    });
    expect(await one.isSignedIn()).toBe(true);
  });

  it('signing out while another page asks for longer than one may wait → forgotten at once, and what comes is not kept', async () => {
    if (!hasLocks) vi.stubGlobal('navigator', undefined);
    const { one, renewing, answerNow, hasty } = await hastyPage();
    await expect(hasty.end()).rejects.toMatchObject({ code: 'revocation_failed' });
    expect(await one.isSignedIn()).toBe(false);
    answerNow();
    await expect(renewing).rejects.toMatchObject({ code: 'signed_out' });
    expect(await one.isSignedIn()).toBe(false);
  });
});

it('a store that is forbidden while it is our turn → told as it is, and asked once', async () => {
  const { options } = await twoTabs();
  let times = 0;
  const store = {
    ...createMemoryStore(),
    get: async () => {
      times++;
      throw new DOMException('no', 'SecurityError');
    },
  };
  const session = createAuthorizationCodeTokens({ ...options, store });
  await expect(session.begin()).rejects.toMatchObject({ name: 'SecurityError' });
  expect(times).toBe(1);
});

it('signing out while another page renews → it waits for what comes, and that is what it revokes', async () => {
  const { one, clock, server, options } = await twoTabs();
  const { fetch: slowFetch, arrived, answerNow } = gated(server.fetch, 'refresh_token=');
  clock.advance(290);
  const renewing = createAuthorizationCodeTokens({ ...options, fetch: slowFetch }).accessToken();
  await arrived;
  const ending = one.end();
  await turnsOfTheLoop();
  answerNow();
  await Promise.all([renewing, ending]);
  expect(server.formsTo('/revoke').map(({ form }) => form.token)).toEqual(['r2']);
  expect(await one.isSignedIn()).toBe(false);
});

it('somebody signs in anew while the sign-out before is told to the server in vain → still signed in', async () => {
  const { one, server, options } = await twoTabs();
  const { fetch: slowFetch, arrived, answerNow } = gated(server.fetch, 'token=r1');
  server.revocationStatus = 503;
  const ending = createAuthorizationCodeTokens({ ...options, fetch: slowFetch }).end();
  await arrived;
  expect(await one.isSignedIn()).toBe(false);
  await one.complete(server.answerTo(await one.begin()));
  answerNow();
  await expect(ending).rejects.toMatchObject({ code: 'revocation_failed' });
  expect(await one.accessToken()).toBe('a2');
});

const FORBIDDEN = { request: () => Promise.reject(new DOMException('no', 'SecurityError')) };

it.each([
  ['there are no Web Locks', undefined],
  ['Web Locks are forbidden', { locks: FORBIDDEN }],
])(
  '%s → the callers of one page take turns, also after a failure; other sign-ins do not wait',
  async (_name, navigator) => {
    vi.stubGlobal('navigator', navigator);
    const { clock, one, two, server, spent, options } = await twoTabs();
    const other = createAuthorizationCodeTokens({ ...options, name: 'other' });
    const { fetch: slowFetch, arrived, answerNow } = gated(server.fetch, 'refresh_token=');
    server.tokenAnswers = [503, tokens({ access_token: 'a2' })];
    clock.advance(290);
    const slow = createAuthorizationCodeTokens({ ...options, fetch: slowFetch });
    const failing = slow.accessToken().catch((error: unknown) => error);
    await arrived;
    await other.begin();
    const waiting = [one.accessToken(), two.accessToken()];
    await turnsOfTheLoop();
    expect(spent()).toEqual([]);
    answerNow();
    expect(await failing).toMatchObject({ code: 'token_request_failed', status: 503 });
    expect(await Promise.all(waiting)).toEqual(['a2', 'a2']);
    expect(spent()).toEqual(['r1', 'r1']);
  },
);

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
