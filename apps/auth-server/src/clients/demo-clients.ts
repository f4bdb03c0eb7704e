import { hashSecret } from '../secrets.ts';
import type { Client } from './client.ts';

/** On this machine and native, so that the demonstration may listen on any port (RFC 8252 §7.3). */
const REDIRECT_URI = 'http://127.0.0.1/callback';
/** The page of the demonstration, which has a name of its own so that the thief's has another origin. */
const PAGE_REDIRECT_URI = 'http://localhost/callback.html';

const MACHINE = {
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
  ...MACHINE,
  redirect_uris: [REDIRECT_URI],
  grant_types: ['authorization_code', 'refresh_token'],
  application_type: 'native',
} as const;

const PUBLIC = {
  ...FOR_PEOPLE,
  token_endpoint_auth_method: 'none',
  secretHash: undefined,
} as const;

/** Clients that are a page: they name where they come back to. */
const PAGE = { ...PUBLIC, redirect_uris: [PAGE_REDIRECT_URI] } as const;

/**
 * The clients of the demonstration. Their secrets are published in this repository, so the server
 * uses them only when its public origin is on this machine.
 *
 * @param resources - what `notes-api`, the resource server, may introspect tokens of
 */
export function demoClients(resources: readonly string[]): readonly Client[] {
  return [
    { ...MACHINE, ...withSecret('notes-jwt') },
    { ...MACHINE, ...withSecret('notes-opaque'), access_token_format: 'opaque' },
    { ...MACHINE, ...withSecret('notes-dpop'), dpop_bound_access_tokens: true },
    {
      ...MACHINE,
      ...withSecret('notes-dpop-opaque'),
      access_token_format: 'opaque',
      dpop_bound_access_tokens: true,
    },
    { ...MACHINE, ...withSecret('notes-api'), grant_types: [], scope: '', introspects: resources },
    {
      ...PUBLIC,
      client_id: 'notes-app-opaque',
      client_name: 'Notes app with opaque tokens',
      access_token_format: 'opaque',
    },
    { ...PUBLIC, client_id: 'notes-app-bearer', client_name: 'Notes app with Bearer tokens' },
    {
      ...PUBLIC,
      client_id: 'notes-app',
      client_name: 'Notes app',
      dpop_bound_access_tokens: true,
    },
    { ...PAGE, client_id: 'notes-lab', client_name: 'Notes lab', dpop_bound_access_tokens: true },
    { ...PAGE, client_id: 'notes-lab-bearer', client_name: 'Notes lab with Bearer tokens' },
    {
      ...PAGE,
      client_id: 'notes-lab-opaque',
      client_name: 'Notes lab with opaque tokens',
      access_token_format: 'opaque',
    },
    { ...FOR_PEOPLE, ...withSecret('notes-web'), client_name: 'Notes on the web' },
    {
      ...FOR_PEOPLE,
      ...withSecret('notes-web-post'),
      client_name: 'Notes on the web, secret in the form',
      token_endpoint_auth_method: 'client_secret_post',
    },
  ];
}

function withSecret(clientId: string): Pick<Client, 'client_id' | 'secretHash'> {
  return { client_id: clientId, secretHash: hashSecret(`demo-secret-of-${clientId}`) };
}
