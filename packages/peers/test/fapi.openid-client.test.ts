import { decodeJws } from '@keybound/test-kit';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from './support/database.ts';
import { type Deployment, secretOf, startDeployment } from './support/deployment.ts';
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

/** What FAPI 2.0 §5.4 allows and Node has. */
const ALGORITHMS = ['PS256', 'ES256', 'Ed25519'] as const;

describe('openid-client under the preset fapi', () => {
  let servers: Deployment;
  const clients = new Map<string, KeyClient>();
  beforeAll(async () => {
    for (const algorithm of [...ALGORITHMS, 'RS256']) {
      clients.set(algorithm, await createKeyClient(`notes-${algorithm}`, algorithm));
    }
    servers = await startDeployment(database, {
      nonces: 'on',
      preset: 'fapi',
      clients: [...clients.values()].map(({ client: configured }) => configured),
    });
  });
  afterAll(() => servers.close());

  /** The client whose key has the algorithm. */
  function discoverKeyClient(
    algorithm: string,
    modify?: client.ModifyAssertionFunction,
  ): ReturnType<typeof discover> {
    const found = clients.get(algorithm);
    if (found === undefined) throw new Error(`no client for ${algorithm}`);
    const options = modify && { [client.modifyAssertion]: modify };
    const authentication = client.PrivateKeyJwt(found.key, options);
    return discover(servers.issuer, found.client.client_id, authentication);
  }

  it.each(ALGORITHMS)(
    '%s for assertions and proofs: push, login, code, refresh with a new key → 200, the refresh token stays [FAPI-5.3.2.1-01, FAPI-5.3.2.1-02, FAPI-5.3.2.1-03, FAPI-5.3.2.1-04, FAPI-5.3.2.2-01, FAPI-5.4-01]',
    async (algorithm) => {
      const { config, recorder } = await discoverKeyClient(algorithm);
      const DPoP = await newHandle(config, algorithm);
      const tokens = await grant(config, { DPoP });
      expect(decodeJws(tokens.access_token).payload.cnf).toEqual({
        jkt: await DPoP.calculateThumbprint(),
      });
      const next = await newHandle(config, algorithm);
      const refresh = () =>
        client.refreshTokenGrant(config, refreshTokenOf(tokens), undefined, { DPoP: next });
      await refresh();
      const { access_token, ...rest } = await refresh();
      expect(rest).not.toHaveProperty('refresh_token');
      expect(decodeJws(access_token).payload.cnf).toEqual({
        jkt: await next.calculateThumbprint(),
      });
      const notes = new URL('/dpop/notes', servers.api);
      expect((await call(config, access_token, notes, { DPoP: next })).status).toBe(200);
      expect(recorder.exchanges.slice(1)).toEqual([
        'POST /par → 400',
        'POST /par → 201',
        'POST /token → 200',
        'POST /token → 400', // a new handle has no nonce
        'POST /token → 200',
        'POST /token → 200',
        'GET /dpop/notes → 200',
      ]);
    },
  );

  it('its metadata → pushed requests alone, assertions and proofs of its list [FAPI-5.4-01, PAR-4-01, META-3.2-01]', async () => {
    const { config } = await discoverKeyClient('ES256');
    expect(config.serverMetadata()).toMatchObject({
      require_pushed_authorization_requests: true,
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['PS256', 'ES256', 'Ed25519', 'EdDSA'],
      dpop_signing_alg_values_supported: ['PS256', 'ES256', 'Ed25519', 'EdDSA'],
    });
  });

  it('a request in the query of the browser → invalid_request for the client, with iss [PAR-4-01, ISS-2-01]', async () => {
    const { config } = await discoverKeyClient('ES256');
    const DPoP = await newHandle(config);
    const { callback, checks } = await signIn(config, { pushed: false });
    expect(callback.searchParams.get('iss')).toBe(servers.issuer);
    await expect(
      client.authorizationCodeGrant(config, callback, checks, undefined, { DPoP }),
    ).rejects.toMatchObject({
      code: 'OAUTH_AUTHORIZATION_RESPONSE_ERROR',
      error: 'invalid_request',
    });
  });

  it.each<{ name: string; aud: (issuer: string) => string | string[] }>([
    { name: 'the token endpoint', aud: (issuer) => `${issuer}/token` },
    { name: 'the endpoint it is for', aud: (issuer) => `${issuer}/par` },
    { name: 'a list with the issuer', aud: (issuer) => [issuer] },
    { name: 'the issuer with a slash', aud: (issuer) => `${issuer}/` },
  ])('an assertion for $name → invalid_client [FAPI-5.3.2.1-02, PAR-2-01]', async ({ aud }) => {
    const { config } = await discoverKeyClient('ES256', (_header, payload) => {
      payload.aud = aud(servers.issuer);
    });
    await expect(grant(config, { DPoP: await newHandle(config) })).rejects.toMatchObject({
      status: 401,
      error: 'invalid_client',
    });
  });

  it('an RS256 assertion of a client whose key is for it → invalid_client [FAPI-5.4-01]', async () => {
    const { config } = await discoverKeyClient('RS256');
    await expect(grant(config, { DPoP: await newHandle(config) })).rejects.toMatchObject({
      status: 401,
      error: 'invalid_client',
    });
  });

  it('a proof by an algorithm of the other presets → invalid_dpop_proof [FAPI-5.4-01]', async () => {
    const { config } = await discoverKeyClient('ES256');
    await expect(grant(config, { DPoP: await newHandle(config, 'ES384') })).rejects.toMatchObject({
      status: 400,
      error: 'invalid_dpop_proof',
    });
  });

  it('a code redeemed without a proof → invalid_dpop_proof [FAPI-5.3.2.1-01]', async () => {
    const { config } = await discoverKeyClient('ES256');
    await expect(grant(config)).rejects.toMatchObject({ status: 400, error: 'invalid_dpop_proof' });
  });

  it.each([
    { id: 'notes-app', authentication: client.None() },
    { id: 'notes-web', authentication: client.ClientSecretBasic(secretOf('notes-web')) },
    {
      id: 'notes-web-post',
      authentication: client.ClientSecretPost(secretOf('notes-web-post')),
    },
  ])('$id, which has no key → 401 [FAPI-5.3.2.1-01, FAPI-5.3.2.1-02]', async (row) => {
    const { config, recorder } = await discover(servers.issuer, row.id, row.authentication);
    const DPoP = await newHandle(config);
    await expect(grant(config, { DPoP })).rejects.toMatchObject({ status: 401 });
    expect(recorder.exchanges.at(-1)).toBe('POST /par → 401');
  });

  it('the API asks about a token with its secret → active, as the metadata promise [INTRO-2.2-01, META-3.2-01]', async () => {
    const { config } = await discoverKeyClient('ES256');
    const { access_token } = await grant(config, { DPoP: await newHandle(config) });
    const { config: api } = await discover(servers.issuer, 'notes-api');
    expect(api.serverMetadata().introspection_endpoint_auth_methods_supported).toContain(
      'client_secret_basic',
    );
    const answer = await client.tokenIntrospection(api, access_token);
    expect(answer).toMatchObject({ active: true, sub: 'user-alice', token_type: 'DPoP' });
  });
});
