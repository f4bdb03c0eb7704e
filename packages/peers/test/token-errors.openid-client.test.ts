import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from './support/database.ts';
import { type Deployment, secretOf, startDeployment } from './support/deployment.ts';
import { discover, newHandle } from './support/openid-client.ts';

const database = useDatabase();

describe('refusals of the token endpoint as openid-client reads them', () => {
  let servers: Deployment;
  beforeAll(async () => {
    servers = await startDeployment(database);
  });
  afterAll(() => servers.close());

  it.each<{
    error: string;
    grantType: string;
    parameters?: Record<string, string>;
    clientId?: string;
  }>([
    { error: 'invalid_request', grantType: 'authorization_code' },
    { error: 'invalid_request', grantType: 'refresh_token' },
    { error: 'invalid_grant', grantType: 'authorization_code', parameters: { code: 'guess' } },
    { error: 'invalid_grant', grantType: 'refresh_token', parameters: { refresh_token: 'guess' } },
    { error: 'unsupported_grant_type', grantType: 'password' },
    { error: 'unsupported_grant_type', grantType: '__proto__' },
    { error: 'unauthorized_client', grantType: 'client_credentials' },
    {
      error: 'invalid_scope',
      grantType: 'client_credentials',
      clientId: 'notes-jwt',
      parameters: { scope: 'notes:burn' },
    },
    {
      error: 'invalid_target',
      grantType: 'client_credentials',
      clientId: 'notes-jwt',
      parameters: { resource: 'https://unknown.example' },
    },
    { error: 'invalid_dpop_proof', grantType: 'client_credentials', clientId: 'notes-dpop' },
  ])(
    '$grantType $parameters → ResponseBodyError $error, JSON that nobody caches [OAUTH-5.2-01, OAUTH-5.1-01, OA21-GRANTS-01]',
    async ({ error, grantType, parameters = {}, clientId = 'notes-web' }) => {
      const { config } = await discover(servers.issuer, clientId);
      const refusal = await client
        .genericGrantRequest(config, grantType, parameters)
        .catch((cause: unknown) => cause);
      expectBodyError(refusal, 400, error);
    },
  );

  it('a public client with a bad code and a good proof → ResponseBodyError invalid_grant [OAUTH-5.2-01]', async () => {
    const { config } = await discover(servers.issuer, 'notes-app', client.None());
    const options = { DPoP: await newHandle(config) };
    const refusal = await client
      .genericGrantRequest(config, 'authorization_code', { code: 'guess' }, options)
      .catch((cause: unknown) => cause);
    expectBodyError(refusal, 400, 'invalid_grant');
  });

  it.each([
    { name: 'a wrong secret in the form', id: 'notes-web-post', secret: 'wrong' },
    { name: 'the secret in the form of a client for Basic', id: 'notes-web', secret: undefined },
    { name: 'a client nobody knows', id: 'nobody', secret: 'any' },
  ])('$name → ResponseBodyError invalid_client [OAUTH-5.2-01]', async ({ id, secret }) => {
    const authentication = client.ClientSecretPost(secret ?? secretOf(id));
    const { config } = await discover(servers.issuer, id, authentication);
    const refusal = await client
      .refreshTokenGrant(config, 'guess')
      .catch((cause: unknown) => cause);
    expectBodyError(refusal, 401, 'invalid_client');
  });

  function expectBodyError(refusal: unknown, status: number, error: string): void {
    if (!(refusal instanceof client.ResponseBodyError)) throw refusal;
    expect(refusal).toMatchObject({ code: 'OAUTH_RESPONSE_BODY_ERROR', status, error });
    expect(refusal.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(refusal.cause).toEqual({ error, error_description: refusal.error_description });
    const { headers } = refusal.response;
    expect(headers.get('content-type')).toMatch(/^application\/json(;|$)/);
    expect(headers.get('cache-control')).toBe('no-store');
  }
});
