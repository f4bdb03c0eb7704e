import { decodeJws } from '@keybound/test-kit';
import { exportJWK } from 'jose';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from './support/database.ts';
import { type Deployment, startDeployment } from './support/deployment.ts';
import {
  call,
  discover,
  INSECURE,
  introspect,
  newHandle,
  withNonce,
} from './support/oauth4webapi.ts';
import { push, redeem, refresh, revoke, visit } from './support/oauth4webapi-app.ts';

const database = useDatabase();

/** A native application that listens on a port of its own choice. */
const NATIVE = {
  client_name: 'Registered by oauth4webapi',
  application_type: 'native',
  redirect_uris: ['http://127.0.0.1/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
};

describe('clients that register themselves with oauth4webapi, preset mcp', () => {
  let servers: Deployment;
  let as: oauth.AuthorizationServer;
  let keys: oauth.CryptoKeyPair;
  beforeAll(async () => {
    servers = await startDeployment(database, {
      nonces: 'on',
      preset: 'mcp',
      registration: 'open',
    });
    as = await discover(servers.issuer);
    keys = await oauth.generateKeyPair('ES256');
  });
  afterAll(() => servers.close());

  async function register(metadata: Partial<oauth.OmitSymbolProperties<oauth.Client>>) {
    const response = await oauth.dynamicClientRegistrationRequest(as, metadata, INSECURE);
    return oauth.processDynamicClientRegistrationResponse(response);
  }

  it.each<{
    method: string;
    members?: () => Promise<object>;
    authenticationOf: (client: oauth.Client) => oauth.ClientAuth;
    rotates: boolean;
  }>([
    { method: 'none', authenticationOf: () => oauth.None(), rotates: true },
    {
      method: 'client_secret_basic',
      authenticationOf: ({ client_secret }) => oauth.ClientSecretBasic(String(client_secret)),
      rotates: false,
    },
    {
      method: 'client_secret_post',
      authenticationOf: ({ client_secret }) => oauth.ClientSecretPost(String(client_secret)),
      rotates: false,
    },
    {
      method: 'private_key_jwt',
      members: async () => ({ jwks: { keys: [await exportJWK(keys.publicKey)] } }),
      authenticationOf: () => oauth.PrivateKeyJwt(keys.privateKey),
      rotates: false,
    },
  ])(
    '$method → registered, and a whole code flow with PAR, DPoP and a loopback port [RI-2-01, BCP-2.1-01, DPOP-5.2-01, DPOP-10.1-02, DPOP-8-01, MCP-RT-01, MCP-BIND-01]',
    async ({ method, members, authenticationOf, rotates }) => {
      const client = await register({
        ...NATIVE,
        ...(await members?.()),
        token_endpoint_auth_method: method,
        dpop_bound_access_tokens: true,
      });
      expect(client).toMatchObject({
        ...NATIVE,
        client_id: expect.stringMatching(/^dcr-[\w-]{43}$/),
        client_id_issued_at: expect.any(Number),
        token_endpoint_auth_method: method,
        dpop_bound_access_tokens: true,
      });
      const hasSecret = method.startsWith('client_secret');
      expect(client.client_secret).toEqual(hasSecret ? expect.any(String) : undefined);
      expect(client.client_secret_expires_at).toBe(hasSecret ? 0 : undefined);

      const authentication = authenticationOf(client);
      const app = { as, client, authentication, DPoP: await newHandle() };
      const resource = servers.api;
      const pushed = await withNonce(() => push(app, { resource }));
      const tokens = await redeem(app, pushed, await visit(app, pushed), { resource });
      expect(decodeJws(tokens.access_token).payload).toMatchObject({
        sub: 'user-alice',
        aud: servers.api,
        client_id: client.client_id,
        cnf: { jkt: await app.DPoP.calculateThumbprint() },
      });
      const response = await call(servers.api, '/dpop/notes', tokens.access_token, app.DPoP);
      expect(response.status).toBe(200);

      const next = await refresh(app, tokens.refresh_token);
      expect(next.refresh_token).toEqual(rotates ? expect.any(String) : undefined);
      expect(next.refresh_token).not.toBe(tokens.refresh_token);
      await revoke(app, tokens.refresh_token);
      expect(await introspect(as, next.access_token)).toEqual({ active: false });
    },
  );

  it('a registered client for bound tokens without a proof → invalid_dpop_proof, then a token with one [DPOP-5.2-01, DPOP-8-P1]', async () => {
    const client = await register({
      ...NATIVE,
      token_endpoint_auth_method: 'none',
      dpop_bound_access_tokens: true,
    });
    const app = { as, client, authentication: oauth.None() };
    const pushed = await push(app);
    const callback = await visit(app, pushed);
    await expect(redeem(app, pushed, callback)).rejects.toMatchObject({
      status: 400,
      error: 'invalid_dpop_proof',
    });
    const bound = { ...app, DPoP: await newHandle() };
    const tokens = await withNonce(() => redeem(bound, pushed, callback));
    expect(tokens.token_type).toBe('dpop');
  });

  it.each([
    {
      name: 'plain http to elsewhere',
      metadata: { ...NATIVE, redirect_uris: ['http://app.example/callback'] },
      error: 'invalid_redirect_uri',
    },
    {
      name: 'client credentials',
      metadata: { ...NATIVE, grant_types: ['client_credentials'] },
      error: 'invalid_client_metadata',
    },
    {
      name: 'a scope nobody has',
      metadata: { ...NATIVE, scope: 'notes:burn' },
      error: 'invalid_client_metadata',
    },
  ])('$name → 400 $error [BCP-2.1-02]', async ({ metadata, error }) => {
    await expect(
      register({ ...metadata, token_endpoint_auth_method: 'none' }),
    ).rejects.toMatchObject({ code: 'OAUTH_RESPONSE_BODY_ERROR', status: 400, error });
  });

  it('a server where nobody may register → says so in its metadata, and the library does not ask', async () => {
    const closed = await startDeployment(database);
    const metadata = await discover(closed.issuer);
    expect(metadata).not.toHaveProperty('registration_endpoint');
    await expect(
      oauth.dynamicClientRegistrationRequest(metadata, NATIVE, INSECURE),
    ).rejects.toThrow('registration_endpoint');
    await closed.close();
  });
});
