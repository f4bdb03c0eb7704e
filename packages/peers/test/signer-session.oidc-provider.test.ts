import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSigner } from '@keybound/signer';
import { KEYS, thumbprint } from '@keybound/test-kit';
import { createUserAgent } from '@keybound/user-agent';
import { type Adapter, type Configuration, Provider } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeFreePort } from './support/listener.ts';
import { CALLBACK } from './support/scripted-user.ts';
import { newSignerSession, type SignerSession } from './support/signer-session.ts';

const CLIENT_ID = 'app-of-a-person';
const SUBJECT = 'alice-at-another-vendor';

/** The part of the provider that serves interactions; the types of the other tests leave it out. */
interface Interactive extends Provider {
  readonly Grant: new (
    of: Readonly<{ accountId: string; clientId: string }>,
  ) => {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  };
  interactionDetails(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<{ readonly params: { readonly client_id: string; readonly scope: string } }>;
  interactionFinished(
    request: IncomingMessage,
    response: ServerResponse,
    result: object,
  ): Promise<void>;
}

/** `oidc-provider`, listening, for people who sign in; it asks them nothing but `decision`. */
async function startProvider(nonces: 'on' | 'off') {
  const port = await takeFreePort('localhost');
  const { kid, privateJwk } = KEYS.issuer;
  const on = { enabled: true };
  const configuration = {
    adapter: memoryAdapters(),
    clients: [
      {
        client_id: CLIENT_ID,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        // RFC 8252 §7.3: the port is the app's choice.
        redirect_uris: ['http://127.0.0.1/callback'],
        dpop_bound_access_tokens: true,
      },
    ],
    jwks: { keys: [{ ...privateJwk, kid, alg: 'ES256', use: 'sig' }] },
    cookies: { keys: ['a cookie secret of the tests'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    scopes: ['openid', 'offline_access'],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    // By default it takes `offline_access` out of the scope unless `prompt=consent` was sent, which our
    // signer cannot send, and then gives no refresh token.
    issueRefreshToken: async () => true,
    interactions: { url: (_ctx: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_ctx: unknown, accountId: string) => ({
      accountId,
      claims: async () => ({ sub: accountId }),
    }),
    ttl: {
      AccessToken: 300,
      AuthorizationCode: 60,
      Grant: 3600,
      IdToken: 300,
      Interaction: 300,
      RefreshToken: 3600,
      Session: 3600,
    },
    features: {
      devInteractions: { enabled: false },
      pushedAuthorizationRequests: { ...on, requirePushedAuthorizationRequests: true },
      userinfo: on,
      revocation: {
        ...on,
        allowedPolicy: (_ctx: unknown, client: { clientId: string }, token: { clientId: string }) =>
          client.clientId === token.clientId,
      },
      resourceIndicators: { enabled: false },
      dPoP: {
        ...on,
        ...(nonces === 'on' && {
          nonceSecret: Buffer.alloc(32, 'nonce secret'),
          requireNonce: () => true,
        }),
      },
    },
  };
  const provider = new Provider(
    port.origin,
    configuration as unknown as Configuration,
  ) as Interactive;

  let decision: 'allow' | 'deny' = 'allow';
  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { params } = await provider.interactionDetails(request, response);
    const grant = new provider.Grant({ accountId: SUBJECT, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    const result =
      decision === 'allow'
        ? { login: { accountId: SUBJECT }, consent: { grantId: await grant.save() } }
        : { error: 'access_denied', error_description: 'the person does not want it' };
    await provider.interactionFinished(request, response, result);
  }
  const serveProtocol = provider.callback();
  port.serve((request, response) => {
    if (!request.url?.startsWith('/interaction/')) return serveProtocol(request, response);
    interact(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });

  return {
    issuer: port.origin,
    /** Where a browser that was never there before is sent in the end. */
    async authorize(url: string, wanted: 'allow' | 'deny' = 'allow'): Promise<URL> {
      decision = wanted;
      const page = await createUserAgent().open(url);
      const last = new URL(page.url);
      if (last.origin === port.origin) throw new Error(`the browser stays: ${page.html}`);
      return last;
    },
    close: port.close,
  };
}

type Stored = Record<string, unknown> & { grantId?: string; uid?: string };

/** A store per server; the built-in one announces that it is not for production. */
function memoryAdapters(): (model: string) => Adapter {
  const models = new Map<string, Map<string, Stored>>();
  return (model) => {
    const records = models.get(model) ?? new Map<string, Stored>();
    models.set(model, records);
    const adapter = {
      upsert: async (id: string, payload: object) => void records.set(id, { ...payload }),
      find: async (id: string) => records.get(id),
      findByUid: async (uid: string) => [...records.values()].find((one) => one.uid === uid),
      consume: async (id: string) => {
        const found = records.get(id);
        if (found !== undefined) found.consumed = Math.floor(Date.now() / 1000);
      },
      destroy: async (id: string) => void records.delete(id),
      revokeByGrantId: async (grantId: string) => {
        for (const [id, one] of records) if (one.grantId === grantId) records.delete(id);
      },
    };
    return adapter;
  };
}

describe.each([{ nonces: 'off' }, { nonces: 'on' }] as const)(
  'a session of our signer at oidc-provider, nonces $nonces',
  ({ nonces }) => {
    let server: Awaited<ReturnType<typeof startProvider>>;
    beforeAll(async () => {
      server = await startProvider(nonces);
    });
    afterAll(() => server.close());

    function newSession(): Promise<SignerSession> {
      return newSignerSession(server.issuer, {
        clientId: CLIENT_ID,
        redirectUri: CALLBACK,
        scope: 'openid offline_access',
      });
    }

    /** The person is signed in. */
    async function signedIn(): Promise<SignerSession> {
      const all = await newSession();
      await all.session.complete(await server.authorize(await all.session.begin()));
      return all;
    }

    async function expectUserinfo({ fetchAt }: SignerSession): Promise<void> {
      const response = await fetchAt(server.issuer)(`${server.issuer}/me`);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ sub: SUBJECT });
    }

    /** Where nonces are on, the first request is challenged; what it brings serves the other endpoints. */
    function withChallenge(exchange: string): readonly string[] {
      const [endpoint] = exchange.split(' → ');
      return nonces === 'on' ? [`${endpoint} → 400`, exchange] : [exchange];
    }

    it('a pushed request, the code → a token that its userinfo takes with our proof [PAR-2.2-01, PKCE-4.2-01, DPOP-5-01, DPOP-7.1-01, DPOP-10.1-01]', async () => {
      const all = await newSession();
      const { session, signer, traffic } = all;
      const url = new URL(await session.begin());
      expect([...url.searchParams.keys()]).toEqual(['client_id', 'request_uri']);
      expect(traffic.formsTo('/request').at(-1)).toMatchObject({
        code_challenge_method: 'S256',
        dpop_jkt: thumbprint({ ...signer.publicJwk }),
      });
      const answer = await server.authorize(url.href);
      expect(answer.searchParams.get('iss')).toBe(server.issuer);
      await session.complete(answer);
      await expectUserinfo(all);
      expect(traffic.exchanges).toEqual([
        ...withChallenge('POST /request → 201'),
        'POST /token → 200',
      ]);
    });

    it('the token is named as rejected → another one and another refresh token, each time [DPOP-5-01, DPOP-5-04]', async () => {
      const all = await signedIn();
      const { session, traffic } = all;
      const first = await session.accessToken();
      const second = await session.accessToken(first);
      const third = await session.accessToken(second);
      expect(new Set([first, second, third]).size).toBe(3);
      expect(new Set(traffic.refreshTokens).size).toBe(3);
      await expectUserinfo(all);
    });

    // It ends the grant when a rotated refresh token comes again: asking twice would sign out.
    it('two pages over one store renew at once → the server is asked once, both have the same token, nobody is signed out', async () => {
      const all = await signedIn();
      const { session, anotherPage, traffic } = all;
      const other = anotherPage();
      const first = await session.accessToken();
      const [here, there] = await Promise.all([
        session.accessToken(first),
        other.accessToken(first),
      ]);
      expect(here).toBe(there);
      expect(here).not.toBe(first);
      expect(traffic.refreshTokens).toHaveLength(2);
      await other.accessToken(here);
      expect(await session.isSignedIn()).toBe(true);
      await expectUserinfo(all);
    });

    it('an old refresh token was used by somebody → grant_ended, then signed_out', async () => {
      const { session, refreshWith, traffic } = await signedIn();
      const token = await session.accessToken(await session.accessToken());
      expect((await refreshWith(traffic.refreshTokens[0] ?? '')).status).toBe(400);
      await expect(session.accessToken(token)).rejects.toMatchObject({
        code: 'grant_ended',
        cause: { oauthError: 'invalid_grant' },
      });
      await expect(session.accessToken()).rejects.toMatchObject({ code: 'signed_out' });
    });

    it('it is ended → signed_out, and its refresh token is dead at the server', async () => {
      const { session, anotherPage, refreshWith, traffic } = await signedIn();
      const token = await session.accessToken(await session.accessToken());
      const newest = traffic.refreshTokens.at(-1) ?? '';
      await session.end();
      expect(traffic.exchanges.at(-1)).toBe('POST /token/revocation → 200');
      for (const page of [session, anotherPage()]) {
        expect(await page.isSignedIn()).toBe(false);
        await expect(page.accessToken(token)).rejects.toMatchObject({ code: 'signed_out' });
      }
      const refused = await refreshWith(newest);
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({ error: 'invalid_grant' });
    });

    it('the answer is brought twice → authorization_response_mismatch, the code is not sent again, the session lives on [OAUTH-STATE-01]', async () => {
      const all = await newSession();
      const { session, traffic } = all;
      const answer = await server.authorize(await session.begin());
      await session.complete(answer);
      const before = traffic.exchanges.length;
      await expect(session.complete(answer)).rejects.toMatchObject({
        code: 'authorization_response_mismatch',
      });
      expect(traffic.exchanges).toHaveLength(before);
      await expectUserinfo(all);
    });

    it('its answer without the iss that its metadata promise → authorization_response_mismatch [ISS-2.4-01]', async () => {
      const { session, traffic } = await newSession();
      const answer = await server.authorize(await session.begin());
      answer.searchParams.delete('iss');
      await expect(session.complete(answer)).rejects.toMatchObject({
        code: 'authorization_response_mismatch',
      });
      expect(traffic.formsTo('/token')).toEqual([]);
    });

    it('the person denies → authorization_denied with its words [ISS-2.4-01]', async () => {
      const { session } = await newSession();
      const answer = await server.authorize(await session.begin(), 'deny');
      await expect(session.complete(answer)).rejects.toMatchObject({
        code: 'authorization_denied',
        oauthError: 'access_denied',
        oauthErrorDescription: 'the person does not want it',
      });
      expect(await session.isSignedIn()).toBe(false);
    });

    it('a page with another key redeems the code → refused, nobody is signed in', async () => {
      const { session, anotherPage } = await newSession();
      const answer = await server.authorize(await session.begin());
      await expect(anotherPage(await createSigner()).complete(answer)).rejects.toMatchObject({
        code: 'token_request_failed',
        status: 400,
        oauthError: 'invalid_grant',
      });
      expect(await session.isSignedIn()).toBe(false);
    });
  },
);
