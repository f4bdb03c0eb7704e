import { expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { demoClient, startServer } from '../support/server.ts';

const database = useDatabase();

/** A server whose one machine client may do more than any client for people. */
async function register(scope?: string) {
  const clients = [
    demoClient('notes-app', { scope: 'notes:read' }),
    demoClient('notes-jwt', { scope: 'notes:read notes:purge' }),
  ];
  const { app } = await startServer(database, { clients, registration: 'open' });
  const payload = {
    redirect_uris: ['https://app.example/cb'],
    token_endpoint_auth_method: 'none',
    ...(scope !== undefined && { scope }),
  };
  return app.inject({ method: 'POST', url: '/register', payload });
}

it('a stranger asks for a scope that only machines have → invalid_client_metadata', async () => {
  const response = await register('notes:purge');
  expect(response.statusCode).toBe(400);
  expect(response.json().error).toBe('invalid_client_metadata');
});

it('a stranger names no scope → what people can be asked for, and no more', async () => {
  expect((await register()).json().scope).toBe('notes:read');
});
