import { jwkThumbprint } from '@keybound/core';
import { describe, expect, it } from 'vitest';
import { type AuthorizationCodeOptions, createAuthorizationCodeTokens } from '../src/index.ts';
import { fitsChallenge, METADATA, REDIRECT_URI, tokens } from './support/authorization-server.ts';
import { app, signedIn } from './support/signed-in-app.ts';

describe('a sign-in that begins', () => {
  it('is pushed with PKCE, state, resource, scope, the thumbprint and a proof; the browser carries a reference [DPOP-10.1-01, PKCE-4.1-01]', async () => {
    const { session, server, signer } = await app({
      scope: 'notes:read',
      resource: 'https://api.example',
      prompt: 'consent',
    });
    const url = new URL(await session.begin());
    const [pushed] = server.formsTo('/par');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'app',
      request_uri: 'urn:request:0',
    });
    expect(pushed?.form).toEqual({
      response_type: 'code',
      client_id: 'app',
      redirect_uri: REDIRECT_URI,
      scope: 'notes:read',
      resource: 'https://api.example',
      prompt: 'consent',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      dpop_jkt: await jwkThumbprint(signer.publicJwk),
    });
    expect(pushed?.proof).toMatchObject({
      htm: 'POST',
      htu: METADATA.pushed_authorization_request_endpoint,
    });
    expect(pushed?.proof).not.toHaveProperty('ath');
  });

  it('at a server without PAR → the browser carries it all, the thumbprint too', async () => {
    const { pushed_authorization_request_endpoint: _, ...metadata } = METADATA;
    const { session, server, signer } = await app({ metadata });
    const { searchParams } = new URL(await session.begin());
    expect(server.received).toEqual([]);
    expect(searchParams.get('dpop_jkt')).toBe(await jwkThumbprint(signer.publicJwk));
    expect(searchParams.get('code_challenge_method')).toBe('S256');
  });

  it('is another one each time', async () => {
    const { session, server } = await app();
    await session.begin();
    await session.begin();
    const [one, two] = server.formsTo('/par').map(({ form }) => form);
    expect(one?.state).not.toBe(two?.state);
    expect(one?.code_challenge).not.toBe(two?.code_challenge);
  });

  it('is refused by the server → authorization_request_failed with its code', async () => {
    const { session, server } = await app();
    server.parStatus = 400;
    await expect(session.begin()).rejects.toMatchObject({
      code: 'authorization_request_failed',
      status: 400,
      oauthError: 'invalid_target',
    });
  });
});

it.each([
  ['an error with a reference', Response.json({ request_uri: 'urn:x' }, { status: 400 })],
  ['no reference', Response.json({ expires_in: 60 }, { status: 201 })],
  ['a reference that is no text', Response.json({ request_uri: 1 }, { status: 201 })],
  ['no JSON', new Response('<html>', { status: 201 })],
])('the PAR endpoint answers with %s → authorization_request_failed', async (_name, answer) => {
  const { session, server } = await app();
  server.parAnswer = answer;
  await expect(session.begin()).rejects.toMatchObject({ code: 'authorization_request_failed' });
});

it('nonces are shared with others → the first proofs have theirs [DPOP-8.2-01]', async () => {
  const asked: string[] = [];
  const nonces = {
    get: (origin: string) => {
      asked.push(origin);
      return 'n1';
    },
    set: () => {},
  };
  const { session, server } = await app({ nonces });
  await session.complete(server.answerTo(await session.begin()));
  expect(server.received.map(({ proof }) => proof?.nonce)).toEqual(['n1', 'n1']);
  expect(new Set(asked)).toEqual(new Set([METADATA.issuer]));
});

describe('sign-ins in one store', () => {
  it.each<[string, Partial<AuthorizationCodeOptions>]>([
    ['another name', { name: 'other' }],
    ['another client', { clientId: 'other' }],
    ['another server', { metadata: { ...METADATA, issuer: `${METADATA.issuer}/other` } }],
  ])('of %s are kept apart: tokens, and what was begun', async (_name, difference) => {
    const { session, server, options } = await signedIn();
    const other = createAuthorizationCodeTokens({ ...options, ...difference });
    expect(await other.isSignedIn()).toBe(false);
    const iss = difference.metadata?.issuer ?? METADATA.issuer;
    const answer = server.answerTo(await session.begin(), { iss });
    await expect(other.complete(answer)).rejects.toMatchObject({
      code: 'authorization_response_mismatch',
    });
    await other.end();
    expect(await session.accessToken()).toBe('a1');
  });

  it.each([[null], ['a text'], [[]], [{ accessToken: 1 }]])(
    'where %j has got into it → nobody is signed in, no answer fits, and a new sign-in works',
    async (planted) => {
      const { session, server, store } = await app();
      await store.set('session https://as.example app tokens', planted);
      await store.set('session https://as.example app pending', planted);
      expect(await session.isSignedIn()).toBe(false);
      await expect(session.accessToken()).rejects.toMatchObject({ code: 'signed_out' });
      const answer = new URLSearchParams({ code: 'c', state: 's', iss: METADATA.issuer });
      await expect(session.complete(`${REDIRECT_URI}?${answer}`)).rejects.toMatchObject({
        code: 'authorization_response_mismatch',
      });
      await session.complete(server.answerTo(await session.begin()));
      expect(await session.accessToken()).toBe('a1');
    },
  );
});

describe('the answer of a sign-in', () => {
  it('is redeemed with code, verifier, redirect URI and a proof [DPOP-5-01]', async () => {
    const { session, server } = await app();
    expect(await session.isSignedIn()).toBe(false);
    await session.complete(server.answerTo(await session.begin()));
    const [par] = server.formsTo('/par');
    const [token] = server.formsTo('/token');
    expect(token?.form).toEqual({
      grant_type: 'authorization_code',
      code: 'c1',
      redirect_uri: REDIRECT_URI,
      client_id: 'app',
      code_verifier: expect.any(String),
    });
    expect(await fitsChallenge(token?.form.code_verifier, par?.form.code_challenge)).toBe(true);
    expect(token?.proof).toMatchObject({ htm: 'POST', htu: METADATA.token_endpoint });
    expect(await session.isSignedIn()).toBe(true);
    expect(await session.accessToken()).toBe('a1');
  });

  it.each([
    ['another issuer', { iss: 'https://evil.example' }, 'authorization_response_mismatch'],
    ['a state that was never begun', { state: 'planted' }, 'authorization_response_mismatch'],
    ['an error', { code: '', error: 'access_denied' }, 'authorization_denied'],
    ['no code', { code: '' }, 'authorization_response_malformed'],
  ])(
    'with %s → %3$s, nothing is asked of the server [ISS-2.4-01, OAUTH-STATE-01]',
    async (_name, parameters, code) => {
      const { session, server } = await app();
      const answer = server.answerTo(await session.begin(), parameters);
      await expect(session.complete(answer)).rejects.toMatchObject({ code });
      expect(server.formsTo('/token')).toEqual([]);
      expect(await session.isSignedIn()).toBe(false);
    },
  );

  it('without the iss that the metadata promise → authorization_response_mismatch [ISS-2.4-01]', async () => {
    const { session, server } = await app();
    const answer = new URL(server.answerTo(await session.begin()));
    answer.searchParams.delete('iss');
    await expect(session.complete(answer)).rejects.toMatchObject({
      code: 'authorization_response_mismatch',
    });
    expect(server.formsTo('/token')).toEqual([]);
  });

  it.each([
    [3600, true],
    [3601, false],
  ])('that comes %i s after the beginning → taken: %s', async (seconds, isTaken) => {
    const { session, server, clock } = await app();
    const answer = server.answerTo(await session.begin());
    clock.advance(seconds);
    const outcome = await session.complete(answer).catch((error: unknown) => error);
    expect(await session.isSignedIn()).toBe(isTaken);
    if (!isTaken) expect(outcome).toMatchObject({ code: 'authorization_response_mismatch' });
  });

  it('counts once, also when the first time was a bad one', async () => {
    const { session, server } = await app();
    const url = await session.begin();
    await expect(
      session.complete(server.answerTo(url, { iss: 'https://evil.example' })),
    ).rejects.toThrow();
    await expect(session.complete(server.answerTo(url))).rejects.toMatchObject({
      code: 'authorization_response_mismatch',
    });
    const other = server.answerTo(await session.begin());
    await session.complete(other);
    await expect(session.complete(other)).rejects.toMatchObject({
      code: 'authorization_response_mismatch',
    });
    expect(server.formsTo('/token')).toHaveLength(1);
  });

  it('may come to another page than the one that began, while others are under way', async () => {
    const { session, server, options } = await app();
    const urls = [await session.begin(), await session.begin()] as const;
    await createAuthorizationCodeTokens(options).complete(server.answerTo(urls[0]));
    await createAuthorizationCodeTokens(options).complete(server.answerTo(urls[1]));
    expect(server.formsTo('/token')).toHaveLength(2);
  });

  it('of a sign-in that eight others have followed → given up', async () => {
    const { session, server } = await app();
    const first = await session.begin();
    for (let i = 0; i < 8; i++) await session.begin();
    await expect(session.complete(server.answerTo(first))).rejects.toMatchObject({
      code: 'authorization_response_mismatch',
    });
  });

  it.each([
    ['a bearer token for a key', {}, tokens({ token_type: 'Bearer' }), 'token_type_downgraded'],
    ['a bound token without a key', { signer: undefined }, tokens(), 'token_type_unsupported'],
    ['no token', {}, { token_type: 'DPoP' }, 'token_request_failed'],
  ])('brings %s → %4$s, nothing is kept [DPOP-5-09]', async (_name, options, answer, code) => {
    const { session, server } = await app(options as Partial<AuthorizationCodeOptions>);
    server.tokenAnswers = [answer];
    await expect(session.complete(server.answerTo(await session.begin()))).rejects.toMatchObject({
      code,
    });
    expect(await session.isSignedIn()).toBe(false);
  });

  it('without a signer → bearer tokens, no proof anywhere, no thumbprint', async () => {
    const { session, server } = await app({ signer: undefined } as never);
    server.tokenAnswers = [tokens({ token_type: 'bearer' })];
    await session.complete(server.answerTo(await session.begin()));
    expect(server.received.map(({ proof }) => proof)).toEqual([undefined, undefined]);
    expect(server.formsTo('/par')[0]?.form).not.toHaveProperty('dpop_jkt');
    expect(await session.accessToken()).toBe('a1');
  });
});

it('a token that does not say how long it lives → used until it is rejected, and kept in a form that JSON can hold', async () => {
  const { session, server, store, clock } = await app();
  server.tokenAnswers = [tokens({ expires_in: undefined }), tokens({ access_token: 'a2' })];
  await session.complete(server.answerTo(await session.begin()));
  const kept = await store.get('session https://as.example app tokens');
  expect(JSON.parse(JSON.stringify(kept))).toEqual(kept);
  clock.advance(1_000_000);
  expect(await session.accessToken()).toBe('a1');
  expect(await session.accessToken('a1')).toBe('a2');
});

it.each([
  [{ metadata: {} }, /^metadata/],
  [{ metadata: { ...METADATA, authorization_endpoint: undefined } }, /authorization_endpoint/],
  [{ metadata: { ...METADATA, token_endpoint: undefined } }, /token_endpoint/],
  [{ metadata: { ...METADATA, token_endpoint: 'http://as.example/token' } }, /token_endpoint/],
  [{ clientId: '' }, /^clientId/],
  [{ redirectUri: 'callback' }, /^redirectUri/],
  [{ resource: 'https://api.example#x' }, /^resource/],
  [{ store: undefined }, /^store/],
  [{ timeoutSeconds: 0 }, /^timeoutSeconds/],
])('options with %j → TypeError', async (overrides, sentence) => {
  await expect(app(overrides as never)).rejects.toThrow(sentence);
});

it('an answer with a state that stands in the sources, when nothing was begun → mismatch, nothing is asked', async () => {
  const { session, server } = await app();
  for (const state of ['', 'none was begun', 'undefined', 'null']) {
    const answer = `${REDIRECT_URI}?${new URLSearchParams({ code: 'c', state, iss: METADATA.issuer })}`;
    await expect(session.complete(answer)).rejects.toMatchObject({
      code: 'authorization_response_mismatch',
    });
  }
  expect(server.received).toEqual([]);
});

it('two servers, or two clients of one, share a store → nothing of one reaches the other [DPOP-9-02]', async () => {
  const { options, session, server } = await signedIn();
  const url = await session.begin();
  const evil = {
    ...METADATA,
    issuer: 'https://evil.example',
    token_endpoint: 'https://evil.example/t',
  };
  for (const other of [{ metadata: evil }, { clientId: 'other' }]) {
    const stranger = createAuthorizationCodeTokens({ ...options, ...other });
    expect(await stranger.isSignedIn()).toBe(false);
    await expect(stranger.accessToken()).rejects.toMatchObject({ code: 'signed_out' });
    const answer = server.answerTo(url, { iss: (other.metadata ?? METADATA).issuer });
    await expect(stranger.complete(answer)).rejects.toMatchObject({
      code: 'authorization_response_mismatch',
    });
  }
  expect(server.formsTo('/token')).toEqual([]);
});

it('the resource goes with the code and with each refresh [RI-2-01]', async () => {
  const { session, server } = await app({ resource: 'https://api.example' });
  await session.complete(server.answerTo(await session.begin()));
  await session.accessToken('a1');
  expect(server.formsTo('/token').map(({ form }) => form.resource)).toEqual([
    'https://api.example',
    'https://api.example',
  ]);
});

it('a sign-in that is answered after an hour, or after signing out, is over', async () => {
  const { session, server, clock } = await signedIn();
  const late = server.answerTo(await session.begin());
  clock.advance(3601);
  await expect(session.complete(late)).rejects.toMatchObject({
    code: 'authorization_response_mismatch',
  });
  const open = server.answerTo(await session.begin());
  await session.end();
  await expect(session.complete(open)).rejects.toMatchObject({
    code: 'authorization_response_mismatch',
  });
});

it.each([
  [
    'no PKCE at the server [PKCE-C-01]',
    { metadata: { ...METADATA, code_challenge_methods_supported: undefined } },
    /S256/,
  ],
  [
    'plain PKCE only [PKCE-C-01]',
    { metadata: { ...METADATA, code_challenge_methods_supported: ['plain'] } },
    /S256/,
  ],
  [
    'an algorithm the server does not take [DPOP-5.1-02]',
    { metadata: { ...METADATA, dpop_signing_alg_values_supported: ['PS256'] } },
    /no signature algorithm/,
  ],
  [
    'an endpoint on this machine for a remote issuer',
    { metadata: { ...METADATA, token_endpoint: 'http://localhost/token' } },
    /token_endpoint/,
  ],
])('%s → refused before anything is sent', async (_name, overrides, sentence) => {
  await expect(app(overrides as never)).rejects.toThrow(sentence);
});
