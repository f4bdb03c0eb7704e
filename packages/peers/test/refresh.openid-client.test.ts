import { decodeJws } from '@keybound/test-kit';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from './support/database.ts';
import { type Deployment, NONCE_TABLE, startDeployment } from './support/deployment.ts';
import {
  call,
  discover,
  grant,
  newApp,
  newHandle,
  refreshTokenOf,
} from './support/openid-client.ts';

const database = useDatabase();

describe.each(NONCE_TABLE)(
  'a session of a public client made with openid-client, nonces of the authorization server $nonces',
  ({ nonces }) => {
    let servers: Deployment;
    let api: client.Configuration;
    beforeAll(async () => {
      servers = await startDeployment(database, { nonces });
      api = (await discover(servers.issuer, 'notes-api')).config;
    });
    afterAll(() => servers.close());

    /** `notes-app` after a code flow, and how it refreshes. */
    async function newSession() {
      const { config, recorder, DPoP } = await newApp(servers.issuer);
      const tokens = await grant(config, { DPoP });
      return {
        config,
        recorder,
        DPoP,
        tokens,
        refreshToken: refreshTokenOf(tokens),
        refresh: (token: string, options: client.DPoPOptions = { DPoP }) =>
          client.refreshTokenGrant(config, token, undefined, options),
      };
    }

    async function isActive(token: string): Promise<boolean> {
      const answer = await client.tokenIntrospection(api, token);
      if (!answer.active) expect(answer).toEqual({ active: false });
      return answer.active;
    }

    it('refreshing twice → a new refresh token each time, bound to the same key [DPOP-5-01, DPOP-5-04, DPOP-5-05, MCP-RT-01]', async () => {
      const { config, recorder, DPoP, tokens, refreshToken, refresh } = await newSession();
      const before = recorder.exchanges.length;
      const second = await refresh(refreshToken);
      const third = await refresh(refreshTokenOf(second));
      // The nonce of the code flow is still good.
      expect(recorder.exchanges.slice(before)).toEqual(['POST /token → 200', 'POST /token → 200']);
      const secrets = [tokens, second, third].map(refreshTokenOf);
      expect(new Set(secrets).size).toBe(3);
      expect(third).toMatchObject({ token_type: 'dpop', scope: 'notes:read notes:write' });
      expect(decodeJws(third.access_token).payload).toMatchObject({
        sub: 'user-alice',
        aud: servers.api,
        cnf: { jkt: await DPoP.calculateThumbprint() },
      });
      const notes = new URL('/dpop/notes', servers.api);
      expect((await call(config, third.access_token, notes, { DPoP })).status).toBe(200);
    });

    it('an old refresh token after its successor was used → invalid_grant, and the family is dead [BCP-2.2.2-01]', async () => {
      const { config, DPoP, refreshToken, refresh } = await newSession();
      const second = await refresh(refreshToken);
      const third = await refresh(refreshTokenOf(second));
      expect(await isActive(third.access_token)).toBe(true);

      const refused = { code: 'OAUTH_RESPONSE_BODY_ERROR', status: 400, error: 'invalid_grant' };
      await expect(refresh(refreshToken)).rejects.toMatchObject(refused);
      await expect(refresh(refreshTokenOf(third))).rejects.toMatchObject(refused);
      expect(await isActive(third.access_token)).toBe(false);
      const opaque = new URL('/opaque/notes', servers.api);
      await expect(call(config, third.access_token, opaque, { DPoP })).rejects.toMatchObject({
        status: 401,
        cause: [{ scheme: 'bearer' }, { scheme: 'dpop', parameters: { error: 'invalid_token' } }],
      });
    });

    it('an old refresh token at once, as if the response was lost → the same response, nothing new [DPOP-5-05]', async () => {
      const { refreshToken, refresh } = await newSession();
      const second = await refresh(refreshToken);
      const again = await refresh(refreshToken);
      expect(again.access_token).toBe(second.access_token);
      expect(again.refresh_token).toBe(second.refresh_token);
      expect((await refresh(refreshTokenOf(again))).token_type).toBe('dpop');
    });

    it.each([
      { name: 'the key of a thief', withProof: true, error: 'invalid_grant' },
      { name: 'no proof', withProof: false, error: 'invalid_dpop_proof' },
    ])(
      'refreshing with $name → $error, and the session lives on [DPOP-5-05, DPOP-5-06, DPOP-8-P1]',
      async ({ withProof, error }) => {
        const { config, tokens, refreshToken, refresh } = await newSession();
        const options = withProof ? { DPoP: await newHandle(config) } : {};
        await expect(refresh(refreshToken, options)).rejects.toMatchObject({ status: 400, error });
        expect(await isActive(tokens.access_token)).toBe(true);
        expect((await refresh(refreshToken)).token_type).toBe('dpop');
      },
    );

    it.each(['refresh_token', 'access_token'] as const)(
      'revoking the %s → no refresh any more, and its tokens are not active [REVOKE-2-01, REVOKE-2.1-02, INTRO-2.2-01]',
      async (kind) => {
        const { config, recorder, tokens, refreshToken, refresh } = await newSession();
        const second = await refresh(refreshToken);
        expect(await isActive(tokens.access_token)).toBe(true);
        expect(await isActive(second.access_token)).toBe(true);

        await client.tokenRevocation(config, String(second[kind]), { token_type_hint: kind });
        expect(recorder.exchanges.at(-1)).toBe('POST /revoke → 200');
        await expect(refresh(refreshTokenOf(second))).rejects.toMatchObject({
          status: 400,
          error: 'invalid_grant',
        });
        expect(await isActive(tokens.access_token)).toBe(false);
        expect(await isActive(second.access_token)).toBe(false);
      },
    );

    it('revoking what is no token, or twice → 200 all the same [REVOKE-2.2-01]', async () => {
      const { config, recorder, refreshToken } = await newSession();
      const before = recorder.exchanges.length;
      for (const token of ['guess', refreshToken, refreshToken]) {
        await client.tokenRevocation(config, token);
      }
      expect(recorder.exchanges.slice(before)).toEqual(Array(3).fill('POST /revoke → 200'));
    });

    it('another client revokes → refused, and the session lives on [REVOKE-2.1-01]', async () => {
      const { tokens, refreshToken, refresh } = await newSession();
      const { config } = await discover(servers.issuer, 'notes-web');
      for (const token of [refreshToken, tokens.access_token]) {
        await expect(client.tokenRevocation(config, token)).rejects.toMatchObject({
          status: 400,
          error: 'invalid_grant',
        });
      }
      expect(await isActive(tokens.access_token)).toBe(true);
      expect((await refresh(refreshToken)).token_type).toBe('dpop');
    });
  },
);
