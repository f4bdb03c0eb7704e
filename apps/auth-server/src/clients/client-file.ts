import { readFileSync } from 'node:fs';
import { isJsonObject } from '@keybound/core';
import { hashSecret } from '../secrets.ts';
import type { Client, ClientAuthMethod } from './client.ts';
import { memberFault, textMember } from './metadata-members.ts';
import { type ClientRules, parseClientMetadata } from './parse-client.ts';
import { isRegisteredClientId } from './registered-clients.ts';

// FAPI 2.0 §5.4: 128 bits at least.
const MIN_SECRET_CHARS = 16;
/** RFC 6749 appendix A.1. */
const CLIENT_ID = /^[\x20-\x7e]{1,256}$/;

/**
 * Reads the operator's file: a JSON array of clients, each with `client_id`, `client_secret` where its
 * method needs one, and the members of {@link parseClientMetadata}.
 *
 * @throws Error with the sentence for the operator, which names the client by its place in the file.
 */
export function readClients(file: string | URL, policy: ClientRules['policy']): readonly Client[] {
  const entries = parseJson(readFileSync(file, 'utf8'));
  if (!Array.isArray(entries)) throw new Error('must be an array of clients');
  const rules: ClientRules = {
    policy,
    grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'],
  };
  const clients = entries.map((entry, index) => {
    try {
      return parseClient(entry, rules);
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      throw new Error(`client ${index + 1}: ${fault}`, { cause: error });
    }
  });
  if (new Set(clients.map(({ client_id: id }) => id)).size !== clients.length) {
    throw new Error('a client_id occurs twice');
  }
  return clients;
}

/** The parser's own message repeats a piece of the file, and there are secrets in it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('must be JSON');
  }
}

function parseClient(entry: unknown, rules: ClientRules): Client {
  if (!isJsonObject(entry)) throw new Error('must be an object');
  const client_id = textMember(entry, 'client_id');
  if (client_id === undefined || client_id === '') throw memberFault('client_id', 'is missing');
  if (!CLIENT_ID.test(client_id)) {
    throw memberFault('client_id', 'must have at most 256 characters, all of them visible ASCII');
  }
  if (isRegisteredClientId(client_id)) {
    throw memberFault('client_id', 'has the form of clients that register themselves');
  }
  const metadata = parseClientMetadata(entry, rules);
  const secret = textMember(entry, 'client_secret');
  return {
    ...metadata,
    client_id,
    secretHash: parseSecret(secret, metadata.token_endpoint_auth_method),
  };
}

function parseSecret(secret: string | undefined, method: ClientAuthMethod): string | undefined {
  if (method === 'none' || method === 'private_key_jwt') {
    if (secret === undefined) return undefined;
    throw memberFault('client_secret', 'is for the methods client_secret_basic and _post alone');
  }
  if (secret === undefined || secret.length < MIN_SECRET_CHARS) {
    throw memberFault('client_secret', `must have at least ${MIN_SECRET_CHARS} characters`);
  }
  return hashSecret(secret);
}
