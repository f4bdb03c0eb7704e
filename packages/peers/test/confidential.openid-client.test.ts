import { decodeJws } from '@keybound/test-kit';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from './support/database.ts';
import { type Deployment, NONCE_TABLE, secretOf, startDeployment } from './support/deployment.ts';
import { createKeyClient, type KeyClient } from './support/key-client.ts';
import {
  call,
  discover,
  grant,
  newHandle,
  refreshTokenOf,
  signIn,
} from './support/openid-client.ts';

const database = useDatabase();

describe.each(NONCE_TABLE)(
  'confidential clients made with openid-client, nonces of the authorization server $nonces',
  ({ nonces }) => {
    let servers: Deployment;
    let api: client.Configuration;
    let keyed: KeyClient;
    beforeAll(async () => {
      keyed = await createKeyClient('notes-keys', 'ES256');
      servers = await startDeployment(database, { nonces, clients: [keyed.client] });
      api = (await discover(servers.issuer, 'notes-api')).config;
    });
    afterAll(() => servers.close());

    describe.each<{ id: string; method: string; authentication: () => client.ClientAuth }>([
      {
        id: 'notes-web',
        method: 'client_secret_basic',
        authentication: () => client.ClientSecretBasic(secretOf('notes-web')),
      },
      {
        id: 'notes-web-post',
        method: 'client_secret_post',
        authentication: () => client.ClientSecretPost(secretOf('notes-web-post')),
      },
      {
        id: 'notes-keys',
        method: 'private_key_jwt',
        authentication: () => client.PrivateKeyJwt(keyed.key),
      },
    ])('$id by $method', ({ id, authentication }) => {
      it.each([{ pushed: false }, { pushed: true }])(
        'code flow, pushed: $pushed → a bound token that the API takes [PAR-2.1-01, DPOP-5-03, DPOP-8-01]',
        async ({ pushed }) => {
          const { config, recorder } = await discover(servers.issuer, id, authentication());
          const DPoP = await newHandle(config);
          const { access_token, token_type } = await grant(config, { DPoP, pushed });
          expect(token_type).toBe('dpop');
          const { payload } = decodeJws(access_token);
          expect(payload).toMatchObject({
            sub: 'user-alice',
            client_id: id,
            cnf: { jkt: await DPoP.calculateThumbprint() },
          });
          const notes = new URL('/dpop/notes', servers.api);
          expect((await call(config, access_token, notes, { DPoP })).status).toBe(200);
          // Client assertions are single-use, and the client makes a new one for the second try.
          const first = pushed ? 'POST /par' : 'POST /token';
          expect(recorder.exchanges.slice(1)).toEqual([
            ...(nonces === 'on' ? [`${first} → 400`] : []),
            ...(pushed ? ['POST /par → 201'] : []),
            'POST /token → 200',
            'GET /dpop/notes → 200',
          ]);
        },
      );

      it('refreshing with a new key, twice → tokens of the new keys, the refresh token stays [DPOP-5-07]', async () => {
        const { config } = await discover(servers.issuer, id, authentication());
        const tokens = await grant(config, { DPoP: await newHandle(config) });
        for (const algorithm of ['ES256', 'Ed25519']) {
          const DPoP = await newHandle(config, algorithm);
          const next = await client.refreshTokenGrant(config, refreshTokenOf(tokens), undefined, {
            DPoP,
          });
          expect(next).not.toHaveProperty('refresh_token');
          const jkt = await DPoP.calculateThumbprint();
          expect(decodeJws(next.access_token).payload.cnf).toEqual({ jkt });
          const notes = new URL('/dpop-nonce/notes', servers.api);
          expect((await call(config, next.access_token, notes, { DPoP })).status).toBe(200);
        }
      });

      it('revocation → refresh refused, the access token not active [REVOKE-2-01, REVOKE-2.1-02]', async () => {
        const { config } = await discover(servers.issuer, id, authentication());
        const DPoP = await newHandle(config);
        const tokens = await grant(config, { DPoP });
        const introspect = () => client.tokenIntrospection(api, tokens.access_token);
        expect(await introspect()).toMatchObject({
          active: true,
          sub: 'user-alice',
          client_id: id,
          cnf: { jkt: await DPoP.calculateThumbprint() },
          auth_time: expect.any(Number),
        });
        await client.tokenRevocation(config, refreshTokenOf(tokens));
        await expect(
          client.refreshTokenGrant(config, refreshTokenOf(tokens), undefined, { DPoP }),
        ).rejects.toMatchObject({ status: 400, error: 'invalid_grant' });
        expect(await introspect()).toEqual({ active: false });
      });
    });

    it('a code pushed with one key, redeemed with another → invalid_grant, then 200 with the right one [DPOP-10.1-02, DPOP-10-01]', async () => {
      const { config } = await discover(servers.issuer, 'notes-web');
      const DPoP = await newHandle(config);
      const { callback, checks } = await signIn(config, { DPoP });
      const redeem = (handle: client.DPoPHandle) =>
        client.authorizationCodeGrant(config, callback, checks, undefined, { DPoP: handle });
      await expect(redeem(await newHandle(config))).rejects.toMatchObject({
        status: 400,
        error: 'invalid_grant',
      });
      expect((await redeem(DPoP)).token_type).toBe('dpop');
    });

    it('notes-web without DPoP → bearer tokens for /bearer [OAUTH-5.1-01]', async () => {
      const { config } = await discover(servers.issuer, 'notes-web');
      const { access_token, token_type } = await grant(config);
      expect(token_type).toBe('bearer');
      const notes = new URL('/bearer/notes', servers.api);
      expect((await call(config, access_token, notes)).status).toBe(200);
    });

    it('an assertion by a key that is not registered → invalid_client [OAUTH-5.2-01]', async () => {
      const { key } = await createKeyClient('notes-keys', 'ES256');
      const { config } = await discover(servers.issuer, 'notes-keys', client.PrivateKeyJwt(key));
      await expect(grant(config, { DPoP: await newHandle(config) })).rejects.toMatchObject({
        code: 'OAUTH_RESPONSE_BODY_ERROR',
        status: 401,
        error: 'invalid_client',
      });
    });
  },
);
