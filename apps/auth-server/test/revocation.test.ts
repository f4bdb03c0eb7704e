import { describe, expect, it } from 'vitest';
import { useDatabase } from './support/database.ts';
import { grantCode, redeem, refresh } from './support/grants.ts';
import { basic, post, requestToken, startServer, type TestServer } from './support/server.ts';

const database = useDatabase();

async function isActive({ app }: TestServer, token: string): Promise<boolean> {
  const headers = { authorization: basic('notes-api') };
  return (await post(app, '/introspect', { token }, headers)).json().active;
}

describe('revocation', () => {
  it.each(['refresh_token', 'access_token'] as const)(
    'the %s of a grant → 200, and every token of the grant ends [REVOKE-2-01, REVOKE-2.1-02]',
    async (kind) => {
      const server = await startServer(database);
      const tokens = (await redeem(server.app, await grantCode(database.db))).json();
      expect(await isActive(server, tokens.access_token)).toBe(true);
      const form = { token: tokens[kind], client_id: 'notes-app' };
      const response = await post(server.app, '/revoke', form);
      expect(response.statusCode).toBe(200);
      expect(response.body).toBe('');
      expect(response.headers['cache-control']).toBe('no-store');
      expect(await isActive(server, tokens.access_token)).toBe(false);
      expect((await refresh(server.app, tokens.refresh_token)).json().error).toBe('invalid_grant');
      expect(server.events.map(({ event }) => event)).toContain('token_revoked');
    },
  );

  it.each(['notes-jwt', 'notes-opaque'])(
    'an access token of %s, which has no grant → inactive from then on [REVOKE-2-01]',
    async (client) => {
      const server = await startServer(database);
      const { access_token: token } = (await requestToken(server.app, client)).json();
      const other = (await requestToken(server.app, client)).json().access_token;
      const headers = { authorization: basic(client) };
      expect((await post(server.app, '/revoke', { token }, headers)).statusCode).toBe(200);
      expect(await isActive(server, token)).toBe(false);
      expect(await isActive(server, other)).toBe(true);
    },
  );

  it.each(['refresh_token', 'access_token'] as const)(
    'the %s of another client → 400, and the token still works [REVOKE-2.1-01]',
    async (kind) => {
      const server = await startServer(database);
      const tokens = (await redeem(server.app, await grantCode(database.db))).json();
      const form = { token: tokens[kind], client_id: 'notes-app-bearer' };
      const response = await post(server.app, '/revoke', form);
      expect(response.statusCode).toBe(400);
      expect(response.json().error).toBe('invalid_grant');
      expect(await isActive(server, tokens.access_token)).toBe(true);
      expect((await refresh(server.app, tokens.refresh_token)).statusCode).toBe(200);
    },
  );

  it.each([
    ['a token nobody issued [REVOKE-2.2-01]', 200, { token: 'guess', client_id: 'notes-app' }],
    ['no token', 400, { client_id: 'notes-app' }],
    ['no client [REVOKE-2.1-01]', 401, { token: 'guess' }],
    ['an unknown client', 401, { token: 'guess', client_id: 'nobody' }],
  ])('%s → %i', async (_name, status, form) => {
    const { app } = await startServer(database);
    expect((await post(app, '/revoke', form)).statusCode).toBe(status);
  });

  it('a token that was revoked before → 200 again [REVOKE-2.2-01]', async () => {
    const { app } = await startServer(database);
    const { refresh_token: token } = (await redeem(app, await grantCode(database.db))).json();
    const form = { token, client_id: 'notes-app', token_type_hint: 'access_token' };
    for (let i = 0; i < 2; i++) expect((await post(app, '/revoke', form)).statusCode).toBe(200);
  });

  it('GET → 405, the token would be in a log', async () => {
    const { app } = await startServer(database);
    expect((await app.inject('/revoke?token=x')).statusCode).toBe(405);
  });
});
