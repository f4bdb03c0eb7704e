import type { AsClient, AsConfig, AsRequestVector } from '@keybound/dpop-vectors';
import { Refusal, refusing } from '../fault.ts';
import { valuesOf } from '../fields.ts';
import type { Switches } from '../switches.ts';
import { checkAssertion } from './assertion.ts';
import type { Form } from './form.ts';

/** The client that a request comes from, authenticated if it is a confidential one (RFC 6749 §2.3). */
export function clientOf(
  config: AsConfig,
  { fields }: AsRequestVector,
  form: Form,
  clock: number,
  switches: Switches,
): AsClient {
  const basic = basicCredentials(valuesOf(fields, 'authorization'));
  const id = basic?.id ?? form.get('client_id') ?? issuerOf(form.get('client_assertion'));
  const client = config.clients.find(({ client_id }) => client_id === id);
  if (client === undefined) throw stranger('no such client');
  if (basic !== undefined && form.has('client_secret')) {
    throw new Refusal('invalid_request', 'two ways to authenticate');
  }
  if (form.has('client_id') && form.get('client_id') !== id) throw stranger('two clients');
  const hasProof = valuesOf(fields, 'dpop').length > 0;
  if (hasProof && switches.has('proof-taken-for-client-authentication')) return client;
  const secret = basic?.secret ?? form.get('client_secret');
  if (secret !== client.client_secret) throw stranger('not authenticated');
  const method = form.has('client_assertion')
    ? 'private_key_jwt'
    : secret === undefined
      ? 'none'
      : basic
        ? 'client_secret_basic'
        : 'client_secret_post';
  if (method !== client.token_endpoint_auth_method) throw stranger('another method');
  if (method === 'private_key_jwt') {
    refusing('invalid_client', () => checkAssertion(config, client, form, clock, switches), 401);
  } else if (config.preset === 'fapi' && !switches.has('fapi-for-all-clients')) {
    throw stranger('no assertion');
  }
  return client;
}

/** Who has made an assertion, by its own account. */
function issuerOf(assertion: string | undefined): string | undefined {
  try {
    const [, payload = ''] = assertion?.split('.') ?? [];
    const { iss } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return typeof iss === 'string' ? iss : undefined;
  } catch {
    return undefined;
  }
}

export function isPublic(client: AsClient): boolean {
  return client.token_endpoint_auth_method === 'none';
}

function stranger(what: string): Refusal {
  return new Refusal('invalid_client', what, 401);
}

function basicCredentials(
  fields: readonly string[],
): { readonly id: string; readonly secret: string } | undefined {
  const [field, ...more] = fields;
  if (field === undefined) return undefined;
  const [, base64] = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(field) ?? [];
  if (base64 === undefined || more.length > 0) throw stranger('not Basic');
  const [id = '', ...secret] = Buffer.from(base64, 'base64').toString().split(':');
  return { id: decodeForm(id), secret: decodeForm(secret.join(':')) };
}

function decodeForm(text: string): string {
  return new URLSearchParams(`text=${text}`).get('text') ?? '';
}
