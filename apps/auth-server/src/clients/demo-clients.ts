import type { Client, ClientRegistry } from './client.ts';

/**
 * The clients of the demonstration, one a lane. Their secrets are published in this repository, so
 * the server uses them only when its public origin is on this machine.
 */
export function demoClients(resources: readonly string[]): ClientRegistry {
  const notes = {
    grant_types: ['client_credentials'],
    scope: 'notes:read notes:write',
    dpop_bound_access_tokens: false,
    access_token_format: 'jwt',
    introspects: [],
  } as const;
  const clients: readonly Client[] = [
    { ...notes, client_id: 'notes-jwt', client_secret: 'demo-secret-of-notes-jwt' },
    {
      ...notes,
      client_id: 'notes-opaque',
      client_secret: 'demo-secret-of-notes-opaque',
      access_token_format: 'opaque',
    },
    {
      ...notes,
      client_id: 'notes-dpop',
      client_secret: 'demo-secret-of-notes-dpop',
      dpop_bound_access_tokens: true,
    },
    {
      ...notes,
      client_id: 'notes-dpop-opaque',
      client_secret: 'demo-secret-of-notes-dpop-opaque',
      access_token_format: 'opaque',
      dpop_bound_access_tokens: true,
    },
    {
      client_id: 'notes-api',
      client_secret: 'demo-secret-of-notes-api',
      grant_types: [],
      scope: '',
      dpop_bound_access_tokens: false,
      access_token_format: 'jwt',
      introspects: resources,
    },
  ];
  return new Map(clients.map((client) => [client.client_id, client]));
}
