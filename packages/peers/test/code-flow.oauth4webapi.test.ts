import { decodeJws } from '@keybound/test-kit';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from './support/database.ts';
import { type Deployment, NONCE_TABLE, secretOf, startDeployment } from './support/deployment.ts';
import { createKeyClient, type KeyClient } from './support/key-client.ts';
import { call, discover, introspect, newHandle, withNonce } from './support/oauth4webapi.ts';
import {
  type App,
  type BoundApp,
  push,
  redeem,
  refresh,
  revoke,
  visit,
} from './support/oauth4webapi-app.ts';

const database = useDatabase();

describe.each(NONCE_TABLE)(
  'code flows step by step with oauth4webapi, nonces of the authorization server $nonces',
  ({ nonces }) => {
    let servers: Deployment;
    let as: oauth.AuthorizationServer;
    let keyed: KeyClient;
    beforeAll(async () => {
      keyed = await createKeyClient('notes-keys', 'PS256');
      servers = await startDeployment(database, { nonces, clients: [keyed.client] });
      as = await discover(servers.issuer);
    });
    afterAll(() => servers.close());

    async function newApp(
      clientId = 'notes-app',
      authentication: oauth.ClientAuth = oauth.None(),
    ): Promise<BoundApp> {
      return { as, client: { client_id: clientId }, authentication, DPoP: await newHandle() };
    }

    /** A code flow from the pushed request to the tokens. */
    async function newSession(app: App): Promise<oauth.TokenEndpointResponse> {
      const pushed = await withNonce(() => push(app));
      return redeem(app, pushed, await visit(app, pushed));
    }

    it('the first push with a proof → use_dpop_nonce where nonces are on; then push, code and refresh need no other [DPOP-8-01, DPOP-8-P1, DPOP-8.2-01, DPOP-10.1-02, PAR-2.2-01]', async () => {
      const app = await newApp();
      if (nonces === 'on') {
        const error = await push(app).catch((cause: unknown) => cause);
        expect(oauth.isDPoPNonceError(error)).toBe(true);
        expect(error).toMatchObject({ status: 400, error: 'use_dpop_nonce' });
      }
      const pushed = await push(app);
      expect(pushed.requestUri).toMatch(/^urn:ietf:params:oauth:request_uri:[\w-]{43}$/);
      const tokens = await redeem(app, pushed, await visit(app, pushed));
      const next = await refresh(app, tokens.refresh_token);
      expect(next.refresh_token).not.toBe(tokens.refresh_token);
      expect((await refresh(app, next.refresh_token)).token_type).toBe('dpop');
    });

    it('a client that forgets the nonce but not the key → challenged where nonces are on, and neither code nor refresh token is burnt [DPOP-8-01, DPOP-8-P1]', async () => {
      const keys = await oauth.generateKeyPair('ES256');
      const app = { ...(await newApp()), DPoP: oauth.DPoP({}, keys) };
      const pushed = await withNonce(() => push(app));
      const callback = await visit(app, pushed);

      /** Asks with an empty memory, and again after the challenge where there is one. */
      async function askAnew(
        step: (reloaded: App) => Promise<oauth.TokenEndpointResponse>,
      ): Promise<oauth.TokenEndpointResponse> {
        const reloaded = { ...app, DPoP: oauth.DPoP({}, keys) };
        if (nonces === 'off') return step(reloaded);
        const error = await step(reloaded).catch((cause: unknown) => cause);
        expect(error).toMatchObject({ status: 400, error: 'use_dpop_nonce' });
        return step(reloaded);
      }
      const tokens = await askAnew((reloaded) => redeem(reloaded, pushed, callback));
      const next = await askAnew((reloaded) => refresh(reloaded, tokens.refresh_token));
      expect(next.refresh_token).not.toBe(tokens.refresh_token);
      expect(await introspect(as, next.access_token)).toMatchObject({ active: true });
    });

    it('a code pushed with one key, redeemed with another → invalid_grant, and the code is not burnt [DPOP-10-01, DPOP-10.1-02]', async () => {
      const app = await newApp();
      const pushed = await withNonce(() => push(app));
      const callback = await visit(app, pushed);
      const thief = { ...app, DPoP: await newHandle() };
      await expect(withNonce(() => redeem(thief, pushed, callback))).rejects.toMatchObject({
        status: 400,
        error: 'invalid_grant',
      });
      expect((await redeem(app, pushed, callback)).token_type).toBe('dpop');
    });

    it('dpop_jkt of another key beside the proof of a push → invalid_request [DPOP-10.1-03]', async () => {
      const app = await newApp();
      const dpop_jkt = await (await newHandle()).calculateThumbprint();
      await expect(withNonce(() => push(app, { dpop_jkt }))).rejects.toMatchObject({
        status: 400,
        error: 'invalid_request',
      });
    });

    it('a pushed request visited twice → no answer for the client the second time [PAR-2.2-01]', async () => {
      const app = await newApp();
      const pushed = await withNonce(() => push(app));
      await visit(app, pushed);
      await expect(visit(app, pushed)).rejects.toThrow('stays at a page with 400');
    });

    it.each([
      {
        name: 'client_secret_basic',
        newClient: () => newApp('notes-web', oauth.ClientSecretBasic(secretOf('notes-web'))),
      },
      {
        name: 'client_secret_post',
        newClient: () =>
          newApp('notes-web-post', oauth.ClientSecretPost(secretOf('notes-web-post'))),
      },
      {
        name: 'private_key_jwt with PS256',
        newClient: () => newApp('notes-keys', oauth.PrivateKeyJwt(keyed.key)),
      },
      { name: 'none', newClient: () => newApp() },
    ])(
      '$name → bound token, API, introspection, refresh, revocation [PAR-2.1-01, DPOP-5-03, INTRO-2.2-01, REVOKE-2-01]',
      async ({ newClient }) => {
        const app = await newClient();
        const tokens = await newSession(app);
        expect(tokens.token_type).toBe('dpop');
        const { access_token, refresh_token } = tokens;
        const cnf = { jkt: await app.DPoP.calculateThumbprint() };
        expect(decodeJws(access_token).payload.cnf).toEqual(cnf);

        expect((await call(servers.api, '/dpop/notes', access_token, app.DPoP)).status).toBe(200);
        const strict = () => call(servers.api, '/dpop-nonce/notes', access_token, app.DPoP);
        expect(oauth.isDPoPNonceError(await strict().catch((cause: unknown) => cause))).toBe(true);
        expect((await strict()).status).toBe(200);

        expect(await introspect(as, access_token)).toMatchObject({
          active: true,
          token_type: 'DPoP',
          sub: 'user-alice',
          client_id: app.client.client_id,
          aud: servers.api,
          scope: 'notes:read notes:write',
          cnf,
          auth_time: expect.any(Number),
        });
        const next = await refresh(app, refresh_token);
        expect(decodeJws(next.access_token).payload.cnf).toEqual(cnf);

        const latest = next.refresh_token ?? refresh_token;
        await revoke(app, latest);
        await expect(refresh(app, latest)).rejects.toMatchObject({
          status: 400,
          error: 'invalid_grant',
        });
        for (const token of [access_token, next.access_token]) {
          expect(await introspect(as, token)).toEqual({ active: false });
        }
      },
    );

    it.each([
      { name: 'iss', value: 'https://as.example', says: 'unexpected "iss"' },
      { name: 'iss', value: undefined, says: '"iss" (issuer) missing' },
      { name: 'state', value: 'another', says: 'unexpected "state"' },
    ])(
      'an answer with $name = $value → refused by the client before any request [ISS-2-01, ISS-2.4-01, OAUTH-STATE-01]',
      async ({ name, value, says }) => {
        const app = await newApp();
        const pushed = await withNonce(() => push(app));
        const callback = await visit(app, pushed);
        const forged = new URL(callback);
        if (value === undefined) forged.searchParams.delete(name);
        else forged.searchParams.set(name, value);
        await expect(redeem(app, pushed, forged)).rejects.toThrow(says);
        expect((await redeem(app, pushed, callback)).token_type).toBe('dpop');
      },
    );

    it('the refresh token of a public client used twice → the family is dead [BCP-2.2.2-01]', async () => {
      const app = await newApp();
      const tokens = await newSession(app);
      const second = await refresh(app, tokens.refresh_token);
      const third = await refresh(app, second.refresh_token);
      for (const stale of [tokens, third]) {
        await expect(refresh(app, stale.refresh_token)).rejects.toMatchObject({
          status: 400,
          error: 'invalid_grant',
        });
      }
      expect(await introspect(as, third.access_token)).toEqual({ active: false });
    });

    it('a confidential client refreshes with a new key → 200 with the new jkt [DPOP-5-07]', async () => {
      const app = await newApp('notes-web', oauth.ClientSecretBasic(secretOf('notes-web')));
      const { refresh_token } = await newSession(app);
      const moved = { ...app, DPoP: await newHandle('Ed25519') };
      const next = await withNonce(() => refresh(moved, refresh_token));
      expect(decodeJws(next.access_token).payload.cnf).toEqual({
        jkt: await moved.DPoP.calculateThumbprint(),
      });
    });

    it('a public client refreshes with a new key → invalid_grant, the old key still works [DPOP-5-05]', async () => {
      const app = await newApp();
      const { refresh_token } = await newSession(app);
      const moved = { ...app, DPoP: await newHandle() };
      await expect(withNonce(() => refresh(moved, refresh_token))).rejects.toMatchObject({
        status: 400,
        error: 'invalid_grant',
      });
      expect((await refresh(app, refresh_token)).token_type).toBe('dpop');
    });
  },
);
