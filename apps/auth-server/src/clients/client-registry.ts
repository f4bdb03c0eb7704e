import type { Queryable } from '../database/database.ts';
import { type Client, scopesOf } from './client.ts';
import { findRegisteredClient } from './registered-clients.ts';

/** The clients of this server: those of its configuration and those that registered themselves. */
export interface ClientRegistry {
  /** A client of the configuration wins over a registered one of the same name. */
  find(clientId: string): Promise<Client | undefined>;
  /** Every scope value that some configured client may ask for. */
  readonly scopes: readonly string[];
  /** Those that people can be asked for: what only machines may have is not among them. */
  readonly consentScopes: readonly string[];
}

/** Where clients come from. */
export interface ClientRegistryOptions {
  readonly configured: Iterable<Client>;
  readonly db: Queryable;
}

/** A registry that knows the configured clients by heart and asks the database for the others. */
export function createClientRegistry({ configured, db }: ClientRegistryOptions): ClientRegistry {
  const clients = new Map([...configured].map((client) => [client.client_id, client]));
  const scopesAmong = (some: readonly Client[]) => [...new Set(some.flatMap(scopesOf))];
  const all = [...clients.values()];
  return {
    find: async (clientId) => clients.get(clientId) ?? findRegisteredClient(db, clientId),
    scopes: scopesAmong(all),
    consentScopes: scopesAmong(
      all.filter(({ grant_types: grants }) => grants.includes('authorization_code')),
    ),
  };
}
