import { type Client, hashSecret } from '@keybound/auth-server';

/** The secret of every client of the documents that has one. */
export const CLIENT_SECRET = 'the secret of the clients of the documents';

/** Where clients of people come back to; on this machine at any port (RFC 8252 §7.3). */
export const CALLBACKS = {
  page: 'https://app.example/callback',
  native: 'http://127.0.0.1/callback',
} as const;

const SERVICE = {
  secretHash: hashSecret(CLIENT_SECRET),
  redirect_uris: [],
  grant_types: ['client_credentials'],
  token_endpoint_auth_method: 'client_secret_basic',
  scope: 'notes:read notes:write',
  application_type: 'web',
  dpop_bound_access_tokens: false,
  require_pushed_authorization_requests: false,
  access_token_format: 'jwt',
  introspects: [],
} as const;

const FOR_PEOPLE = {
  ...SERVICE,
  secretHash: undefined,
  redirect_uris: Object.values(CALLBACKS),
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'none',
  application_type: 'native',
} as const;

/** The clients that sign Alice in for the accounts, by the form of their tokens. */
export const ALICES_CLIENTS = { jwt: 'jwt-client', opaque: 'opaque-client' } as const;

/** The clients that the documents name, and those of the accounts. */
export function clientsOfDocuments(resources: readonly string[]): readonly Client[] {
  return [
    { ...SERVICE, client_id: 'backup' },
    { ...SERVICE, client_id: 'api', grant_types: [], scope: '', introspects: resources },
    { ...FOR_PEOPLE, client_id: 'notes-page' },
    { ...FOR_PEOPLE, client_id: 'notes-cli' },
    { ...FOR_PEOPLE, client_id: ALICES_CLIENTS.jwt },
    { ...FOR_PEOPLE, client_id: ALICES_CLIENTS.opaque, access_token_format: 'opaque' },
  ];
}
