import { decodeJws } from '@keybound/test-kit';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from './support/database.ts';
import { type Deployment, NONCE_TABLE, startDeployment } from './support/deployment.ts';
import { call as callUrl, discover as discoverAs, newHandle } from './support/openid-client.ts';

const database = useDatabase();

const NOTES = { notes: [{ id: expect.any(Number), text: expect.any(String) }] };

describe.each(NONCE_TABLE)(
  'openid-client, nonces of the authorization server $nonces',
  ({ nonces }) => {
    let servers: Deployment;
    beforeAll(async () => {
      servers = await startDeployment(database, { nonces });
    });
    afterAll(() => servers.close());

    function discover(clientId: string): ReturnType<typeof discoverAs> {
      return discoverAs(servers.issuer, clientId);
    }

    function call(
      config: client.Configuration,
      token: string,
      path: string,
      options?: client.DPoPOptions,
    ): Promise<Response> {
      return callUrl(config, token, new URL(path, servers.api), options);
    }

    it('discovery with the issuer alone → endpoints and enforced algorithms [META-3-01, META-3.3-01, DPOP-5.1-01]', async () => {
      const { config, recorder } = await discover('notes-dpop');
      expect(recorder.exchanges).toEqual(['GET /.well-known/oauth-authorization-server → 200']);
      expect(config.serverMetadata()).toMatchObject({
        issuer: servers.issuer,
        token_endpoint: `${servers.issuer}/token`,
        dpop_signing_alg_values_supported: ['ES256', 'ES384', 'ES512', 'PS256', 'Ed25519', 'EdDSA'],
      });
    });

    it('client credentials with a DPoP handle → a token bound to its key, after one challenge where nonces are on [DPOP-5-03, DPOP-6.1-01, DPOP-8-01]', async () => {
      const { config, recorder } = await discover('notes-dpop');
      const DPoP = await newHandle(config);
      const answer = await client.clientCredentialsGrant(config, {}, { DPoP });
      expect(answer.token_type).toBe('dpop');
      expect(answer.expires_in).toBe(300);
      expect(decodeJws(answer.access_token).payload.cnf).toEqual({
        jkt: await DPoP.calculateThumbprint(),
      });
      expect(recorder.exchanges.slice(1)).toEqual(
        nonces === 'on' ? ['POST /token → 400', 'POST /token → 200'] : ['POST /token → 200'],
      );
    });

    it('a second token request → the nonce is still good, no challenge [DPOP-4.2-08]', async () => {
      const { config, recorder } = await discover('notes-dpop');
      const DPoP = await newHandle(config);
      await client.clientCredentialsGrant(config, {}, { DPoP });
      const before = recorder.exchanges.length;
      await client.clientCredentialsGrant(config, {}, { DPoP });
      expect(recorder.exchanges.slice(before)).toEqual(['POST /token → 200']);
    });

    it('the bound token at /dpop and /dpop-nonce → 200, one challenge at the second [DPOP-7.1-01, DPOP-9-01, DPOP-9-02]', async () => {
      const { config, recorder } = await discover('notes-dpop');
      const DPoP = await newHandle(config);
      const { access_token } = await client.clientCredentialsGrant(config, {}, { DPoP });
      const before = recorder.exchanges.length;
      for (const path of ['/dpop/notes', '/dpop-nonce/notes', '/dpop-nonce/notes']) {
        const response = await call(config, access_token, path, { DPoP });
        expect(await response.json()).toEqual(NOTES);
      }
      expect(recorder.exchanges.slice(before)).toEqual([
        'GET /dpop/notes → 200',
        'GET /dpop-nonce/notes → 401',
        'GET /dpop-nonce/notes → 200',
        'GET /dpop-nonce/notes → 200',
      ]);
    });

    it('a POST with a body at /dpop-nonce → 201 after the challenge [DPOP-8-06]', async () => {
      const { config, recorder } = await discover('notes-dpop');
      const DPoP = await newHandle(config);
      const { access_token } = await client.clientCredentialsGrant(config, {}, { DPoP });
      const response = await client.fetchProtectedResource(
        config,
        access_token,
        new URL('/dpop-nonce/notes', servers.api),
        'POST',
        JSON.stringify({ text: 'by openid-client' }),
        new Headers({ 'content-type': 'application/json' }),
        { DPoP },
      );
      expect(await response.json()).toEqual({ id: expect.any(Number), text: 'by openid-client' });
      expect(recorder.exchanges.slice(-2)).toEqual([
        'POST /dpop-nonce/notes → 401',
        'POST /dpop-nonce/notes → 201',
      ]);
    });

    it.each([
      { clientId: 'notes-jwt', path: '/bearer/notes' },
      { clientId: 'notes-jwt', path: '/either/notes' },
      { clientId: 'notes-jwt', path: '/opaque/notes' },
      { clientId: 'notes-opaque', path: '/opaque/notes' },
    ])('a bearer token of $clientId at $path → 200 [BEARER-2.1-01]', async ({ clientId, path }) => {
      const { config } = await discover(clientId);
      const answer = await client.clientCredentialsGrant(config);
      expect(answer.token_type).toBe('bearer');
      const response = await call(config, answer.access_token, path);
      expect(await response.json()).toEqual(NOTES);
    });

    it('an opaque bound token at /opaque under DPoP → 200 [DPOP-6.2-01]', async () => {
      const { config } = await discover('notes-dpop-opaque');
      const DPoP = await newHandle(config);
      const { access_token } = await client.clientCredentialsGrant(config, {}, { DPoP });
      expect(access_token).not.toContain('.');
      const response = await call(config, access_token, '/opaque/notes', { DPoP });
      expect(await response.json()).toEqual(NOTES);
    });

    it('the bound token without a handle → the client understands the challenge [DPOP-7.2-01, BEARER-3.1-03]', async () => {
      const { config } = await discover('notes-dpop');
      const DPoP = await newHandle(config);
      const { access_token } = await client.clientCredentialsGrant(config, {}, { DPoP });
      await expect(call(config, access_token, '/either/notes')).rejects.toMatchObject({
        code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
        status: 401,
        cause: [
          { scheme: 'bearer', parameters: { realm: 'notes', error: 'invalid_token' } },
          {
            scheme: 'dpop',
            parameters: { realm: 'notes', algs: expect.stringContaining('ES256') },
          },
        ],
      });
    });

    it('the bound token with the handle of another key → invalid_token [DPOP-7.1-12]', async () => {
      const { config } = await discover('notes-dpop');
      const DPoP = await newHandle(config);
      const { access_token } = await client.clientCredentialsGrant(config, {}, { DPoP });
      const thief = await newHandle(config);
      await expect(
        call(config, access_token, '/dpop/notes', { DPoP: thief }),
      ).rejects.toMatchObject({
        status: 401,
        cause: [{ scheme: 'dpop', parameters: { error: 'invalid_token' } }],
      });
    });

    it('a client registered for bound tokens without a handle → invalid_dpop_proof [DPOP-5.2-01]', async () => {
      const { config } = await discover('notes-dpop');
      await expect(client.clientCredentialsGrant(config)).rejects.toMatchObject({
        code: 'OAUTH_RESPONSE_BODY_ERROR',
        status: 400,
        error: 'invalid_dpop_proof',
      });
    });

    it.each([
      { parameters: { scope: 'notes:burn' }, error: 'invalid_scope' },
      { parameters: { resource: 'https://other.example' }, error: 'invalid_target' },
    ])('$parameters → $error [OAUTH-5.2-01, RI-2-02]', async ({ parameters, error }) => {
      const { config } = await discover('notes-jwt');
      await expect(client.clientCredentialsGrant(config, parameters)).rejects.toMatchObject({
        status: 400,
        error,
      });
    });

    it('a wrong secret → invalid_client with a Basic challenge [OAUTH-5.2-01]', async () => {
      const { config } = await discover('notes-jwt');
      const wrong = new client.Configuration(
        config.serverMetadata(),
        'notes-jwt',
        undefined,
        client.ClientSecretBasic('not the secret'),
      );
      client.allowInsecureRequests(wrong);
      await expect(client.clientCredentialsGrant(wrong)).rejects.toMatchObject({
        code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
        status: 401,
        cause: [{ scheme: 'basic', parameters: { realm: 'auth-server' } }],
      });
    });

    it('too little scope → 403 insufficient_scope that names the scope [BEARER-3.1-04]', async () => {
      const { config } = await discover('notes-jwt');
      const { access_token } = await client.clientCredentialsGrant(config, { scope: 'notes:read' });
      await expect(
        client.fetchProtectedResource(
          config,
          access_token,
          new URL('/bearer/notes', servers.api),
          'POST',
          JSON.stringify({ text: 'no' }),
          new Headers({ 'content-type': 'application/json' }),
        ),
      ).rejects.toMatchObject({
        status: 403,
        cause: [
          { scheme: 'bearer', parameters: { error: 'insufficient_scope', scope: 'notes:write' } },
        ],
      });
    });

    it.each([
      { clientId: 'notes-jwt', type: 'Bearer' },
      { clientId: 'notes-opaque', type: 'Bearer' },
      { clientId: 'notes-dpop', type: 'DPoP' },
      { clientId: 'notes-dpop-opaque', type: 'DPoP' },
    ])(
      'introspecting a token of $clientId → active, $type, with cnf where bound [DPOP-6.2-01, INTRO-2.2-01]',
      async ({ clientId, type }) => {
        const { config } = await discover(clientId);
        const DPoP = type === 'DPoP' ? await newHandle(config) : undefined;
        const { access_token } = await client.clientCredentialsGrant(config, {}, DPoP && { DPoP });
        const { config: api } = await discover('notes-api');
        const answer = await client.tokenIntrospection(api, access_token);
        expect(answer).toMatchObject({
          active: true,
          token_type: type,
          client_id: clientId,
          aud: servers.api,
          iss: servers.issuer,
        });
        expect(answer.cnf).toEqual(DPoP && { jkt: await DPoP.calculateThumbprint() });
      },
    );

    it('introspecting what is no token, or as a client that is no audience → not active [INTRO-2.2-01]', async () => {
      const { config } = await discover('notes-jwt');
      const { access_token } = await client.clientCredentialsGrant(config);
      const { config: api } = await discover('notes-api');
      expect(await client.tokenIntrospection(api, 'guess')).toEqual({ active: false });
      expect(await client.tokenIntrospection(config, access_token)).toEqual({ active: false });
    });
  },
);
