import { timingSafeEqual } from 'node:crypto';
import type { ProtectedRequest } from '@keybound/core';
import type { Form } from '../form.ts';
import { OauthError } from '../oauth-error.ts';
import type { Policy } from '../policy.ts';
import { hashSecret, newSecret } from '../secrets.ts';
import { type Client, type ClientAuthMethod, mayUseMethod } from './client.ts';
import { type ClientAssertionOptions, createAssertionCheck } from './client-assertion.ts';

/** What clients are authenticated with. */
export interface ClientAuthenticationOptions extends ClientAssertionOptions {
  readonly policy: Policy;
}

/** How a request says which client sent it. */
interface Presented {
  readonly method: ClientAuthMethod;
  readonly id: string;
  readonly secret?: string;
}

/** Compared with where there is no secret: nobody knows what it is the hash of. */
const NO_SECRET_HASH = hashSecret(newSecret());

/**
 * Authenticates clients by `client_secret_basic`, `client_secret_post` (RFC 6749 §2.3.1),
 * `private_key_jwt` (RFC 7523), or `none`, where `client_id` alone names a public client (RFC 6749
 * §3.2.1). Each client has one method, and the policy must accept it.
 *
 * The function it returns takes the request and its form. @throws OauthError `invalid_client`;
 * `invalid_request` when a request authenticates in more than one way (RFC 6749 §2.3);
 * UnavailableError when the replay store of assertions fails.
 */
export function createClientAuthentication(
  options: ClientAuthenticationOptions,
): (request: Pick<ProtectedRequest, 'headers'>, form: Form) => Promise<Client> {
  const { clients, policy } = options;
  const checkAssertion = createAssertionCheck(options);

  return async (request, form) => {
    const authorization = request.headers('authorization');
    requireOneMethod(authorization, form);
    if (isAssertion(form)) {
      const client = await checkAssertion({
        assertion: form.client_assertion,
        type: form.client_assertion_type,
        clientId: form.client_id,
      });
      return accepted(client, 'private_key_jwt', policy);
    }
    const { method, id, secret } = readPresented(authorization[0], form);
    const client = await clients.find(id);
    // Compared also for an unknown client, so that the time tells nothing about which ones exist.
    const isRight = method === 'none' || isSecretOf(client, secret ?? '');
    if (client === undefined || !isRight || client.token_endpoint_auth_method !== method) {
      throw new OauthError('invalid_client');
    }
    return accepted(client, method, policy);
  };
}

/** Configured and stored clients may be from a time when the policy was another one. */
function accepted(client: Client, method: ClientAuthMethod, { authMethods }: Policy): Client {
  if (!mayUseMethod(client, method, authMethods)) throw new OauthError('invalid_client');
  return client;
}

function requireOneMethod(authorization: readonly string[], form: Form): void {
  const inForm = [form.client_secret !== undefined, isAssertion(form)].filter(Boolean);
  if (authorization.length + inForm.length > 1) {
    throw new OauthError('invalid_request', 'The client authenticates in more than one way');
  }
}

function isAssertion(form: Form): boolean {
  return form.client_assertion !== undefined || form.client_assertion_type !== undefined;
}

function readPresented(authorization: string | undefined, form: Form): Presented {
  const { client_id: id, client_secret: secret } = form;
  if (authorization !== undefined) {
    const basic = parseBasic(authorization);
    if (basic === undefined) throw new OauthError('invalid_client');
    if (id !== undefined && id !== basic.id) {
      throw new OauthError('invalid_request', 'client_id names another client');
    }
    return basic;
  }
  if (id === undefined) throw new OauthError('invalid_client');
  return secret === undefined
    ? { method: 'none', id }
    : { method: 'client_secret_post', id, secret };
}

function parseBasic(authorization: string): Presented | undefined {
  const [, encoded] = /^basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization) ?? [];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString();
  const colon = pair.indexOf(':');
  if (colon < 0) return undefined;
  const id = formDecode(pair.slice(0, colon));
  const secret = formDecode(pair.slice(colon + 1));
  if (id === undefined || secret === undefined) return undefined;
  return { method: 'client_secret_basic', id, secret };
}

/** Both parts are form-encoded before they are joined (RFC 6749 §2.3.1). */
function formDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function isSecretOf(client: Client | undefined, secret: string): boolean {
  const expected = Buffer.from(client?.secretHash ?? NO_SECRET_HASH);
  const presented = Buffer.from(hashSecret(secret));
  return presented.length === expected.length && timingSafeEqual(presented, expected);
}
