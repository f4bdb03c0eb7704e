import { isJsonObject } from '@keybound/core';
import { describe, expect, it } from 'vitest';
import { demoClients } from '../../src/clients/demo-clients.ts';
import { parseClientMetadata } from '../../src/clients/parse-client.ts';
import { POLICIES } from '../../src/policy.ts';
import { hashSecret } from '../../src/secrets.ts';

const CLIENTS = demoClients(['https://rs.example']);

describe('the clients of the demonstration', () => {
  it.each(CLIENTS.map((client) => [client.client_id, client] as const))(
    '%s → could stand in a CLIENTS_FILE, with its published secret or none',
    (id, client) => {
      const { client_id: _, secretHash, ...metadata } = client;
      if (!isJsonObject(metadata)) throw new Error('no object');
      expect(
        parseClientMetadata(metadata, {
          policy: POLICIES.default,
          grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'],
        }),
      ).toEqual(metadata);
      const isPublic = client.token_endpoint_auth_method === 'none';
      expect(secretHash).toBe(isPublic ? undefined : hashSecret(`demo-secret-of-${id}`));
    },
  );

  it('each has a name of its own, and what people meet has a title', () => {
    expect(new Set(CLIENTS.map(({ client_id: id }) => id)).size).toBe(CLIENTS.length);
    for (const { redirect_uris: uris, client_name: name } of CLIENTS) {
      expect(name !== undefined).toBe(uris.length > 0);
    }
  });
});
