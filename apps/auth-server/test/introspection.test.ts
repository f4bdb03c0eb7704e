import { KEYS, NOW, thumbprint } from '@keybound/test-kit';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { demoClients } from '../src/clients/demo-clients.ts';
import { useDatabase } from './support/database.ts';
import { grantCode, redeem } from './support/grants.ts';
import {
  basic,
  demoClient,
  OTHER_RESOURCE,
  post,
  proofFor,
  RESOURCE,
  requestToken,
  startServer,
} from './support/server.ts';

const database = useDatabase();

describe('introspection', () => {
  async function introspect(
    app: FastifyInstance,
    token: string,
    client = 'notes-api',
  ): Promise<Record<string, unknown>> {
    // The other API is the same client under another name, so it has the same secret.
    const secret = `demo-secret-of-${client === 'other-api' ? 'notes-api' : client}`;
    const response = await post(
      app,
      '/introspect',
      { token },
      { authorization: basic(client, secret) },
    );
    expect(response.headers['cache-control']).toBe('no-store');
    return response.json();
  }

  it.each(['notes-dpop', 'notes-dpop-opaque'])(
    'a bound token of %s → active with cnf.jkt and token_type DPoP [DPOP-6.2-01]',
    async (client) => {
      const { app } = await startServer(database);
      const issued = await requestToken(app, client, { dpop: proofFor() });
      expect(await introspect(app, issued.json().access_token)).toMatchObject({
        active: true,
        token_type: 'DPoP',
        client_id: client,
        aud: RESOURCE,
        exp: NOW + 300,
        cnf: { jkt: thumbprint(KEYS.alice.publicJwk) },
      });
    },
  );

  it('an unbound opaque token → active, token_type Bearer, no cnf', async () => {
    const { app } = await startServer(database);
    const { access_token: token } = (await requestToken(app, 'notes-opaque')).json();
    const answer = await introspect(app, token);
    expect(answer).toMatchObject({ active: true, token_type: 'Bearer' });
    expect(answer.cnf).toBeUndefined();
  });

  it('unknown, expired and foreign tokens → {"active":false} and nothing else [INTRO-2.2-01]', async () => {
    const api = { client_id: 'other-api', introspects: [OTHER_RESOURCE] };
    const clients = [...demoClients([RESOURCE]), demoClient('notes-api', api)];
    const { app, clock } = await startServer(database, { clients });
    const { access_token: opaque } = (await requestToken(app, 'notes-opaque')).json();
    const { access_token: jwt } = (await requestToken(app, 'notes-jwt')).json();
    const inactive = { active: false };
    expect(await introspect(app, 'unknown')).toEqual(inactive);
    expect(await introspect(app, opaque, 'other-api')).toEqual(inactive);
    expect(await introspect(app, jwt, 'other-api')).toEqual(inactive);
    expect(await introspect(app, opaque, 'notes-jwt')).toEqual(inactive);
    clock.advance(299);
    expect(await introspect(app, opaque)).toMatchObject({ active: true });
    expect(await introspect(app, jwt)).toMatchObject({ active: true });
    clock.advance(1);
    expect(await introspect(app, opaque)).toEqual(inactive);
    expect(await introspect(app, jwt)).toEqual(inactive);
  });

  it('a token with a changed signature → inactive: only what was issued counts [INTRO-2.2-01]', async () => {
    const { app } = await startServer(database);
    const { access_token: jwt } = (await requestToken(app, 'notes-jwt')).json();
    const last = jwt.at(-1) === 'A' ? 'Q' : 'A';
    expect(await introspect(app, `${jwt.slice(0, -1)}${last}`)).toEqual({ active: false });
  });

  it('a token a person has granted → sub, auth_time and acr too [STEPUP-5-01]', async () => {
    const { app } = await startServer(database);
    const { access_token: token } = (await redeem(app, await grantCode(database.db))).json();
    expect(await introspect(app, token)).toMatchObject({
      active: true,
      auth_time: NOW - 60,
      acr: expect.stringContaining('PasswordProtectedTransport'),
      client_id: 'notes-app',
    });
  });

  it('a refresh token → inactive: it opens no resource', async () => {
    const { app } = await startServer(database);
    const { refresh_token: token } = (await redeem(app, await grantCode(database.db))).json();
    expect(await introspect(app, token)).toEqual({ active: false });
  });

  it('a DPoP field with the request, even a bad one → ignored [DPOP-6.2-03]', async () => {
    const { app } = await startServer(database);
    const { access_token: token } = (await requestToken(app, 'notes-jwt')).json();
    const headers = { authorization: basic('notes-api'), dpop: 'not a proof' };
    expect((await post(app, '/introspect', { token }, headers)).json().active).toBe(true);
  });

  it.each([
    ['a resource server with a secret → answered', 'notes-api', 200],
    ['a client that gets tokens, with a secret → refused', 'notes-jwt', 401],
  ])('preset fapi, %s [FAPI-5.3.2.1-02]', async (_name, client, status) => {
    const { app } = await startServer(database, { preset: 'fapi' });
    const headers = { authorization: basic(client) };
    expect((await post(app, '/introspect', { token: 'x' }, headers)).statusCode).toBe(status);
  });

  it('a public client, which cannot prove who it is → 401 [INTRO-2-01]', async () => {
    const { app } = await startServer(database);
    const response = await post(app, '/introspect', { token: 'x', client_id: 'notes-app' });
    expect(response.statusCode).toBe(401);
  });

  it('no client authentication → 401; GET → 405 [INTRO-2-01]', async () => {
    const { app } = await startServer(database);
    expect((await post(app, '/introspect', { token: 'x' })).statusCode).toBe(401);
    expect((await app.inject('/introspect?token=x')).statusCode).toBe(405);
  });
});
