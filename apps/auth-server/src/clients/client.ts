import { readFileSync } from 'node:fs';

/** A registered client, with the member names of RFC 7591 and RFC 9449 §5.2. */
export interface Client {
  readonly client_id: string;
  readonly client_secret: string;
  readonly grant_types: readonly string[];
  /** Scope values the client may ask for, separated by blanks. */
  readonly scope: string;
  /** Refuse token requests of this client that come without a proof (RFC 9449 §5.2). */
  readonly dpop_bound_access_tokens: boolean;
  /** The form of this client's access tokens. */
  readonly access_token_format: 'jwt' | 'opaque';
  /** The audiences whose tokens this client, a resource server, may introspect. */
  readonly introspects: readonly string[];
}

/** The clients of this server by identifier. */
export type ClientRegistry = ReadonlyMap<string, Client>;

const MIN_SECRET_CHARS = 16;

/**
 * Reads a JSON array of clients.
 *
 * @throws Error with the sentence for the operator.
 */
export function readClients(file: string | URL): ClientRegistry {
  const entries: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(entries)) throw new Error('must be an array of clients');
  const clients = entries.map(parseClient);
  const registry = new Map(clients.map((client) => [client.client_id, client]));
  if (registry.size !== clients.length) throw new Error('a client_id occurs twice');
  return registry;
}

function parseClient(entry: unknown, index: number): Client {
  const at = `client ${index + 1}`;
  if (typeof entry !== 'object' || entry === null) throw new Error(`${at} is not an object`);
  const value = entry as Partial<Record<keyof Client, unknown>>;
  const {
    client_id,
    client_secret,
    grant_types = ['client_credentials'],
    scope = '',
    dpop_bound_access_tokens = false,
    access_token_format = 'jwt',
    introspects = [],
  } = value;
  if (typeof client_id !== 'string' || client_id === '')
    throw new Error(`${at}: client_id is missing`);
  if (typeof client_secret !== 'string' || client_secret.length < MIN_SECRET_CHARS) {
    throw new Error(`${at}: client_secret must have at least ${MIN_SECRET_CHARS} characters`);
  }
  if (!isTextList(grant_types)) throw new Error(`${at}: grant_types must be a list of texts`);
  if (typeof scope !== 'string') throw new Error(`${at}: scope must be a text`);
  if (typeof dpop_bound_access_tokens !== 'boolean') {
    throw new Error(`${at}: dpop_bound_access_tokens must be true or false`);
  }
  if (access_token_format !== 'jwt' && access_token_format !== 'opaque') {
    throw new Error(`${at}: access_token_format must be jwt or opaque`);
  }
  if (!isTextList(introspects)) throw new Error(`${at}: introspects must be a list of texts`);
  return {
    client_id,
    client_secret,
    grant_types,
    scope,
    dpop_bound_access_tokens,
    access_token_format,
    introspects,
  };
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
