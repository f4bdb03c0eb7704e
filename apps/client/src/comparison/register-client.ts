import { REDIRECT_URI } from './user-client.ts';
import { TIMEOUT_MS } from './wire.ts';

/** A native client that asks for opaque tokens; `access_token_format` is of our own server. */
const OPAQUE_APP = {
  client_name: 'Notes app with opaque tokens',
  application_type: 'native',
  redirect_uris: [REDIRECT_URI],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'none',
  scope: 'notes:read notes:write',
  access_token_format: 'opaque',
};

/**
 * Registers a public client with opaque tokens (RFC 7591).
 *
 * @returns its identifier
 */
export async function registerOpaqueApp(registrationEndpoint: string): Promise<string> {
  const response = await fetch(registrationEndpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(OPAQUE_APP),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`no client was registered: status ${response.status}, ${text}`);
  return String(JSON.parse(text).client_id);
}
