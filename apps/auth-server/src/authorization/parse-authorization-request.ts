import { isScopeValue, isSha256Base64url } from '@keybound/core';
import { type Client, scopesOf } from '../clients/client.ts';
import { matchesRedirectUri } from '../clients/redirect-uri.ts';
import type { ServerContext } from '../context.ts';
import type { Form } from '../form.ts';
import { OauthError } from '../oauth-error.ts';
import { ACR_PASSWORD } from '../users/sessions.ts';
import type { AuthorizationRequest } from './authorization-request.ts';

/** The values of `acr_values` this server can meet. */
export const ACR_VALUES: readonly string[] = [ACR_PASSWORD];

/** Where the answer to a request may be sent. */
export interface RedirectTarget {
  readonly redirectUri: string;
  readonly redirectUriNamed: boolean;
}

/** RFC 6749 appendix A.5; bounded, because it is kept while a person decides. */
const STATE = /^[\x20-\x7e]{1,2048}$/;
const MAX_RESOURCES = 8;

/**
 * The redirect URI of a request: one that is registered, or the only registered one where none is
 * named and policy allows that. Until it is known, no answer may be sent anywhere (RFC 9700 §4.11).
 *
 * @throws OauthError `invalid_request`
 */
export function resolveRedirectUri(
  { policy }: Pick<ServerContext, 'policy'>,
  client: Client,
  form: Form,
): RedirectTarget {
  const { redirect_uris: registered, application_type: type } = client;
  const named = form.redirect_uri;
  if (named === undefined) {
    const [only, ...others] = registered;
    if (only === undefined || others.length > 0 || policy.requiresRedirectUri) {
      throw new OauthError('invalid_request', 'redirect_uri is missing');
    }
    return { redirectUri: only, redirectUriNamed: false };
  }
  if (!registered.some((uri) => matchesRedirectUri(uri, named, type))) {
    throw new OauthError('invalid_request', 'redirect_uri is not registered for this client');
  }
  return { redirectUri: named, redirectUriNamed: true };
}

/**
 * The rest of an authorization request, in the order of RFC 6749 §4.1.1 and its extensions.
 *
 * @throws OauthError with the code for the client.
 */
export function parseAuthorizationRequest(
  context: Pick<ServerContext, 'resources'>,
  client: Client,
  target: RedirectTarget,
  form: Form,
  resources: readonly string[],
): AuthorizationRequest {
  if (form.request !== undefined) throw new OauthError('request_not_supported');
  if (!client.grant_types.includes('authorization_code')) {
    throw new OauthError('unauthorized_client');
  }
  if (form.response_type === undefined) {
    throw new OauthError('invalid_request', 'response_type is missing');
  }
  if (form.response_type !== 'code') throw new OauthError('unsupported_response_type');
  if (form.response_mode !== undefined && form.response_mode !== 'query') {
    throw new OauthError('invalid_request', 'response_mode must be query');
  }
  requireAnswerable(form);
  const { state, max_age: maxAge, prompt } = form;
  if (state !== undefined && !STATE.test(state)) {
    throw new OauthError('invalid_request', 'state must be at most 2048 visible ASCII characters');
  }
  return {
    clientId: client.client_id,
    ...target,
    ...(state !== undefined && { state }),
    scope: requestedScope(client, form),
    resources: requestedResources(context.resources, resources),
    codeChallenge: requestedChallenge(form),
    ...requestedKey(form),
    ...(maxAge !== undefined && { maxAgeSeconds: Number(maxAge) }),
    forcesLogin: prompt?.split(' ').includes('login') ?? false,
  };
}

/** Scope values within those of the client; all of them where none is asked for. */
export function requestedScope(client: Client, form: Form): readonly string[] {
  const allowed = scopesOf(client);
  if (form.scope === undefined) return allowed;
  const scope = [...new Set(form.scope.split(' '))];
  if (!scope.every((value) => isScopeValue(value) && allowed.includes(value))) {
    throw new OauthError('invalid_scope');
  }
  return scope;
}

/** RFC 8707 §2: resources of this server; RFC 9068 §3: the default one where none is named. */
function requestedResources(known: readonly string[], named: readonly string[]): readonly string[] {
  if (named.length === 0) return known.slice(0, 1);
  if (named.length > MAX_RESOURCES || !named.every((resource) => known.includes(resource))) {
    throw new OauthError('invalid_target');
  }
  return named;
}

function requestedChallenge(form: Form): string {
  // RFC 9700 §2.1.1: every client uses PKCE here. RFC 7636 §4.3: without a method, plain is meant.
  if (form.code_challenge === undefined) {
    throw new OauthError('invalid_request', 'code_challenge is missing');
  }
  if (form.code_challenge_method !== 'S256') {
    throw new OauthError('invalid_request', 'code_challenge_method must be S256');
  }
  if (!isSha256Base64url(form.code_challenge)) {
    throw new OauthError('invalid_request', 'code_challenge is no SHA-256 hash');
  }
  return form.code_challenge;
}

/** RFC 9449 §10: the thumbprint of the key the code is to be bound to. */
function requestedKey({ dpop_jkt: jkt }: Form): { dpopJkt?: string } {
  if (jkt === undefined) return {};
  if (!isSha256Base64url(jkt)) {
    throw new OauthError('invalid_request', 'dpop_jkt is no SHA-256 thumbprint');
  }
  return { dpopJkt: jkt };
}

/** What nobody at the browser could make true (RFC 9470 §5, OpenID Connect Core §3.1.2.1). */
function requireAnswerable({ acr_values: acrValues, max_age: maxAge, prompt }: Form): void {
  if (acrValues !== undefined && !acrValues.split(' ').some((acr) => ACR_VALUES.includes(acr))) {
    throw new OauthError('unmet_authentication_requirements');
  }
  if (maxAge !== undefined && !/^\d{1,9}$/.test(maxAge)) {
    throw new OauthError('invalid_request', 'max_age must be a whole number of seconds');
  }
  // Consent is always asked for, so nothing can be answered without a person.
  if (prompt?.split(' ').includes('none')) throw new OauthError('interaction_required');
}
