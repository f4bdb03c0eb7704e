import { KEYS, keySet, NOW } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import type { Client, ClientMetadata } from '../../src/clients/client.ts';
import { createClientRegistry } from '../../src/clients/client-registry.ts';
import { demoClients } from '../../src/clients/demo-clients.ts';
import { deleteUnusedClients, registerClient } from '../../src/clients/registered-clients.ts';
import { toInstant } from '../../src/database/instant.ts';
import { grants, registeredClients } from '../../src/database/schema.ts';
import { hashSecret, newSecret } from '../../src/secrets.ts';
import { useDatabase } from '../support/database.ts';

const DAY = 86_400;
const database = useDatabase();
const configured = demoClients(['https://rs.example']);
const registry = () => createClientRegistry({ configured, db: database.db });

const METADATA: ClientMetadata = {
  client_name: 'Stranger',
  redirect_uris: ['https://app.example/callback'],
  grant_types: ['authorization_code'],
  token_endpoint_auth_method: 'client_secret_basic',
  scope: 'notes:read',
  application_type: 'web',
  dpop_bound_access_tokens: false,
  require_pushed_authorization_requests: false,
  access_token_format: 'jwt',
  introspects: [],
};

async function addGrant(clientId: string): Promise<void> {
  await database.db.insert(grants).values({
    id: newSecret(),
    clientId,
    userId: 'alice',
    scope: [],
    resources: [],
    authenticatedAt: toInstant(NOW),
    acr: 'password',
    createdAt: toInstant(NOW),
    expiresAt: toInstant(NOW + DAY),
  });
}

describe('the client registry', () => {
  it('a configured client → found; scopes → those of all configured ones', async () => {
    expect(await registry().find('notes-web')).toMatchObject({ client_id: 'notes-web' });
    expect(registry().scopes).toEqual(['notes:read', 'notes:write']);
  });

  it('a registered client → found with all its metadata and the hash of its secret', async () => {
    const { clientId, secret } = await registerClient(database.db, METADATA, NOW);
    expect(await registry().find(clientId)).toEqual({
      ...METADATA,
      client_id: clientId,
      secretHash: hashSecret(secret ?? ''),
    });
  });

  it.each([
    ['none', {}],
    ['private_key_jwt', { jwks: keySet(KEYS.alice) }],
  ] as const)('a registered client with %s → no secret', async (method, keys) => {
    const metadata = { ...METADATA, ...keys, token_endpoint_auth_method: method };
    const { clientId, secret } = await registerClient(database.db, metadata, NOW);
    expect(secret).toBeUndefined();
    expect(await registry().find(clientId)).toEqual({
      ...metadata,
      client_id: clientId,
      secretHash: undefined,
    });
  });

  it('a configured client of the same name → wins', async () => {
    const { clientId } = await registerClient(database.db, METADATA, NOW);
    const own: Client = { ...METADATA, client_id: clientId, secretHash: hashSecret('own') };
    const { find } = createClientRegistry({ configured: [own], db: database.db });
    expect(await find(clientId)).toBe(own);
  });

  it('a row under another name than registration gives → is not looked for', async () => {
    await database.db.insert(registeredClients).values({
      clientId: 'alice',
      metadata: METADATA,
      createdAt: toInstant(NOW),
    });
    expect(await registry().find('alice')).toBeUndefined();
  });

  it.each([
    ['an unknown name', 'nobody'],
    ['an unknown name of a registered form', `dcr-${'a'.repeat(43)}`],
    ['a text that no database holds', 'dcr-\u0000'],
    ['a name of every object', '__proto__'],
    ['nothing', ''],
  ])('%s → no client, and no failure', async (_name, id) => {
    expect(await registry().find(id)).toBeUndefined();
  });
});

describe('cleaning', () => {
  it('clients older than a day that nobody uses → deleted; all others stay', async () => {
    const { clientId: unused } = await registerClient(database.db, METADATA, NOW - DAY - 1);
    const { clientId: used } = await registerClient(database.db, METADATA, NOW - DAY - 1);
    const { clientId: young } = await registerClient(database.db, METADATA, NOW - DAY);
    await addGrant(used);
    expect(await deleteUnusedClients(database.db, NOW)).toBe(1);
    expect(await registry().find(unused)).toBeUndefined();
    expect(await registry().find(used)).toBeDefined();
    expect(await registry().find(young)).toBeDefined();
  });

  it('more than one batch → all of them', async () => {
    await database.db.insert(registeredClients).values(
      Array.from({ length: 501 }, (_, i) => ({
        clientId: `dcr-${i}`,
        metadata: METADATA,
        createdAt: toInstant(NOW - 2 * DAY),
      })),
    );
    expect(await deleteUnusedClients(database.db, NOW)).toBe(501);
    expect(await deleteUnusedClients(database.db, NOW)).toBe(0);
  });
});
