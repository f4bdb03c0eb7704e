import { decodeJws } from '@keybound/test-kit';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from './support/database.ts';
import {
  type Deployment,
  NONCE_TABLE,
  OTHER_RESOURCE,
  startDeployment,
} from './support/deployment.ts';
import { call, discover, grant, newApp, refreshTokenOf, signIn } from './support/openid-client.ts';
import { createRecorder } from './support/recorder.ts';
import { createScriptedUser } from './support/scripted-user.ts';

const database = useDatabase();

describe.each(NONCE_TABLE)(
  'a public client made with openid-client, nonces of the authorization server $nonces',
  ({ nonces }) => {
    let servers: Deployment;
    let api: client.Configuration;
    beforeAll(async () => {
      servers = await startDeployment(database, { nonces });
      api = (await discover(servers.issuer, 'notes-api')).config;
    });
    afterAll(() => servers.close());

    function introspect(token: string): Promise<client.IntrospectionResponse> {
      return client.tokenIntrospection(api, token);
    }

    /** A challenge comes before the first proof of a client where nonces are on. */
    function afterChallenge(exchange: string): readonly string[] {
      const [endpoint] = exchange.split(' → ');
      return nonces === 'on' ? [`${endpoint} → 400`, exchange] : [exchange];
    }

    it.each([
      { name: 'in the query of the browser', pushed: false },
      { name: 'pushed with a proof', pushed: true },
    ])(
      'a request $name, login, consent, the code → a bound token for alice that both mounts take [PKCE-4.2-01, PAR-2.1-01, PAR-2.2-01, DPOP-5-01, DPOP-5-03, DPOP-8-01, DPOP-10.1-02]',
      async ({ pushed }) => {
        const { config, recorder, DPoP } = await newApp(servers.issuer);
        expect(config.serverMetadata().supportsPKCE()).toBe(true);
        const jkt = await DPoP.calculateThumbprint();
        const { callback, checks, url } = await signIn(config, {
          pushed,
          DPoP,
          ...(!pushed && { parameters: [['dpop_jkt', jkt]] }),
        });
        if (pushed) expect([...url.searchParams.keys()]).toEqual(['request_uri', 'client_id']);
        const tokens = await client.authorizationCodeGrant(config, callback, checks, undefined, {
          DPoP,
        });
        expect(tokens).toEqual({
          access_token: expect.any(String),
          token_type: 'dpop',
          expires_in: 300,
          refresh_token: expect.any(String),
          scope: 'notes:read notes:write',
        });
        expect(decodeJws(tokens.access_token).payload).toMatchObject({
          iss: servers.issuer,
          sub: 'user-alice',
          aud: servers.api,
          client_id: 'notes-app',
          cnf: { jkt },
          auth_time: expect.any(Number),
        });
        for (const path of ['/dpop/notes', '/dpop-nonce/notes', '/dpop-nonce/notes']) {
          await call(config, tokens.access_token, new URL(path, servers.api), { DPoP });
        }
        expect(recorder.exchanges).toEqual([
          'GET /.well-known/oauth-authorization-server → 200',
          ...(pushed
            ? [...afterChallenge('POST /par → 201'), 'POST /token → 200']
            : afterChallenge('POST /token → 200')),
          'GET /dpop/notes → 200',
          'GET /dpop-nonce/notes → 401',
          'GET /dpop-nonce/notes → 200',
          'GET /dpop-nonce/notes → 200',
        ]);
      },
    );

    it('what the browser does in between → each form is answered with 303 [BCP-4.12-01]', async () => {
      const { config, DPoP } = await newApp(servers.issuer);
      const browser = createRecorder();
      const user = createScriptedUser(browser.fetch);
      const { callback } = await signIn(config, { DPoP, user });
      const paths = browser.exchanges.map((one) => one.replace(/interaction\/[\w-]{43}/, '<id>'));
      expect(paths).toEqual([
        'GET /authorize → 303',
        'GET /<id> → 200',
        'POST /<id>/login → 303',
        'GET /<id> → 200',
        'POST /<id>/consent → 303',
      ]);
      expect([...callback.searchParams.keys()]).toEqual(['code', 'state', 'iss']);
      expect(callback.searchParams.get('iss')).toBe(servers.issuer);
    });

    it.each<{ name: string; tamper: (answer: URLSearchParams) => void; code: string }>([
      {
        name: 'the iss of another server',
        tamper: (answer) => answer.set('iss', 'https://as.example'),
        code: 'OAUTH_INVALID_RESPONSE',
      },
      {
        name: 'the iss with a slash at the end',
        tamper: (answer) => answer.set('iss', `${answer.get('iss')}/`),
        code: 'OAUTH_INVALID_RESPONSE',
      },
      {
        name: 'no iss, which the metadata promise',
        tamper: (answer) => answer.delete('iss'),
        code: 'OAUTH_INVALID_RESPONSE',
      },
      {
        name: 'another state',
        tamper: (answer) => answer.set('state', 'another'),
        code: 'OAUTH_INVALID_RESPONSE',
      },
    ])(
      'an answer with $name → the client refuses it and keeps the code to itself; the true one works [ISS-2-01, ISS-2.4-01, OAUTH-STATE-01]',
      async ({ tamper, code }) => {
        const { config, recorder, DPoP } = await newApp(servers.issuer);
        const { callback, checks } = await signIn(config, { DPoP });
        const forged = new URL(callback);
        tamper(forged.searchParams);
        const before = recorder.exchanges.length;
        await expect(
          client.authorizationCodeGrant(config, forged, checks, undefined, { DPoP }),
        ).rejects.toMatchObject({ code });
        expect(recorder.exchanges.slice(before)).toEqual([]);
        const options = { DPoP };
        const tokens = client.authorizationCodeGrant(config, callback, checks, undefined, options);
        expect((await tokens).token_type).toBe('dpop');
      },
    );

    it('alice does not allow it → access_denied with iss and state [ISS-2-01]', async () => {
      const { config, DPoP } = await newApp(servers.issuer);
      const { callback, checks } = await signIn(config, { DPoP, decision: 'deny' });
      expect(callback.searchParams.get('iss')).toBe(servers.issuer);
      await expect(
        client.authorizationCodeGrant(config, callback, checks, undefined, { DPoP }),
      ).rejects.toMatchObject({
        code: 'OAUTH_AUTHORIZATION_RESPONSE_ERROR',
        error: 'access_denied',
      });
    });

    it('another verifier → invalid_grant, and the code is not spent [PKCE-4.6-01, PKCE-DG-01]', async () => {
      const { config, DPoP } = await newApp(servers.issuer);
      const { callback, checks } = await signIn(config, { DPoP });
      const redeem = (pkceCodeVerifier: string) =>
        client.authorizationCodeGrant(
          config,
          callback,
          { ...checks, pkceCodeVerifier },
          undefined,
          { DPoP },
        );
      await expect(redeem(client.randomPKCECodeVerifier())).rejects.toMatchObject({
        status: 400,
        error: 'invalid_grant',
      });
      expect((await redeem(checks.pkceCodeVerifier ?? '')).token_type).toBe('dpop');
    });

    it('the code a second time → invalid_grant, and what the first brought is dead [OAUTH-4.1.2-01, OAUTH-4.1.3-01]', async () => {
      const { config, DPoP } = await newApp(servers.issuer);
      const { callback, checks } = await signIn(config, { DPoP });
      const redeem = () =>
        client.authorizationCodeGrant(config, callback, checks, undefined, { DPoP });
      const tokens = await redeem();
      await expect(redeem()).rejects.toMatchObject({ status: 400, error: 'invalid_grant' });
      expect(await introspect(tokens.access_token)).toEqual({ active: false });
    });

    it('introspecting its token → who, when and which key [INTRO-2.2-01, DPOP-6.2-01]', async () => {
      const { config, DPoP } = await newApp(servers.issuer);
      const before = Math.floor(Date.now() / 1000);
      const tokens = await grant(config, { DPoP, user: createScriptedUser() });
      const answer = await introspect(tokens.access_token);
      expect(answer).toEqual({
        active: true,
        token_type: 'DPoP',
        iss: servers.issuer,
        sub: 'user-alice',
        client_id: 'notes-app',
        aud: servers.api,
        scope: 'notes:read notes:write',
        cnf: { jkt: await DPoP.calculateThumbprint() },
        auth_time: expect.any(Number),
        acr: expect.any(String),
        iat: expect.any(Number),
        exp: Number(answer.iat) + 300,
        jti: expect.any(String),
      });
      expect(answer.auth_time).toBeGreaterThanOrEqual(before);
      expect(answer.auth_time).toBeLessThanOrEqual(Number(answer.iat));
    });

    it('two resources at the authorization endpoint, one a token request → each token has its own audience [RI-2-01, RI-2-03, ATJWT-3-01, ATJWT-4-03]', async () => {
      const { config, DPoP } = await newApp(servers.issuer);
      const { callback, checks } = await signIn(config, {
        DPoP,
        parameters: [
          ['resource', servers.api],
          ['resource', OTHER_RESOURCE],
        ],
      });
      const redeem = (parameters: Record<string, string>) =>
        client.authorizationCodeGrant(config, callback, checks, parameters, { DPoP });
      await expect(redeem({})).rejects.toMatchObject({ status: 400, error: 'invalid_target' });
      const tokens = await redeem({ resource: servers.api });
      expect(decodeJws(tokens.access_token).payload.aud).toBe(servers.api);

      const notes = new URL('/dpop/notes', servers.api);
      expect((await call(config, tokens.access_token, notes, { DPoP })).status).toBe(200);
      const other = await client.refreshTokenGrant(
        config,
        refreshTokenOf(tokens),
        { resource: OTHER_RESOURCE },
        { DPoP },
      );
      expect(decodeJws(other.access_token).payload.aud).toBe(OTHER_RESOURCE);
      await expect(call(config, other.access_token, notes, { DPoP })).rejects.toMatchObject({
        status: 401,
        cause: [{ scheme: 'dpop', parameters: { error: 'invalid_token' } }],
      });
      // Nor does that API learn of tokens made for another one.
      expect(await introspect(other.access_token)).toEqual({ active: false });
    });
  },
);
