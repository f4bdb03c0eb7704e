import type { Client } from './client.ts';

/** The clients of this server: those of its configuration and those that registered themselves. */
export interface ClientRegistry {
  /** A client of the configuration wins over a registered one of the same name. */
  find(clientId: string): Promise<Client | undefined>;
  /** Every scope value that some configured client may ask for. */
  readonly scopes: readonly string[];
}
