import type { AsClient, AsConfig, AsRequestVector } from '@keybound/dpop-vectors';
import { Refusal } from '../fault.ts';
import { valuesOf } from '../fields.ts';
import type { Switches } from '../switches.ts';
import type { Form } from './form.ts';

/** The client that a request comes from, authenticated if it is a confidential one (RFC 6749 §2.3). */
export function clientOf(
  { clients }: AsConfig,
  { fields }: AsRequestVector,
  form: Form,
  switches: Switches,
): AsClient {
  const basic = basicCredentials(valuesOf(fields, 'authorization'));
  const id = basic?.id ?? form.get('client_id');
  const client = clients.find(({ client_id }) => client_id === id);
  if (client === undefined) throw stranger('no such client');
  if (basic !== undefined && form.has('client_secret')) {
    throw new Refusal('invalid_request', 'two ways to authenticate');
  }
  if (form.has('client_id') && form.get('client_id') !== id) throw stranger('two clients');
  const hasProof = valuesOf(fields, 'dpop').length > 0;
  if (hasProof && switches.has('proof-taken-for-client-authentication')) return client;
  const secret = basic?.secret ?? form.get('client_secret');
  if (secret !== client.client_secret) throw stranger('not authenticated');
  const method =
    secret === undefined ? 'none' : basic ? 'client_secret_basic' : 'client_secret_post';
  if (method !== client.token_endpoint_auth_method) throw stranger('another method');
  return client;
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
