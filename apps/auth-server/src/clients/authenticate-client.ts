import { createHash, timingSafeEqual } from 'node:crypto';
import type { Form } from '../form.ts';
import { OauthError } from '../oauth-error.ts';
import type { Client, ClientRegistry } from './client.ts';

/**
 * The client that sent a request, by `client_secret_basic` or `client_secret_post` (RFC 6749 §2.3.1).
 *
 * @param authorization - every `Authorization` field line of the request
 * @throws OauthError `invalid_client`; `invalid_request` when the client authenticates twice.
 */
export function authenticateClient(
  clients: ClientRegistry,
  authorization: readonly string[],
  form: Form,
): Client {
  if (authorization.length > 1) throw new OauthError('invalid_request');
  const { id, secret } = presentedCredentials(authorization[0], form);
  const client = clients.get(id);
  // Compared also for an unknown client, so that the time tells nothing about which ones exist.
  const isRight = isSameSecret(secret, client?.client_secret ?? '');
  if (client === undefined || !isRight) throw new OauthError('invalid_client');
  return client;
}

function presentedCredentials(
  authorization: string | undefined,
  form: Form,
): { id: string; secret: string } {
  const { client_id: id, client_secret: secret } = form;
  if (authorization === undefined) {
    if (id === undefined || secret === undefined) throw new OauthError('invalid_client');
    return { id, secret };
  }
  const basic = parseBasic(authorization);
  if (basic === undefined) throw new OauthError('invalid_client');
  if (secret !== undefined || (id !== undefined && id !== basic.id)) {
    throw new OauthError('invalid_request');
  }
  return basic;
}

function parseBasic(authorization: string): { id: string; secret: string } | undefined {
  const [, encoded] = /^basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization) ?? [];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString();
  const colon = pair.indexOf(':');
  if (colon < 0) return undefined;
  const id = formDecode(pair.slice(0, colon));
  const secret = formDecode(pair.slice(colon + 1));
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** Both parts are form-encoded before they are joined (RFC 6749 §2.3.1). */
function formDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function isSameSecret(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
