import { encodeBase64url, jwkThumbprint, secureUrl, sha256Base64url } from '@keybound/core';
import { readText } from '../fetch/read-text.ts';
import { oauthErrorOf, parseJson } from '../fetch/rejection.ts';
import type { Signer } from '../keys/signer.ts';
import { SignerError } from '../signer-error.ts';
import type { PostForm } from '../tokens/token-endpoint.ts';

/** What a client keeps to itself while the person is at the authorization server. */
export interface PendingAuthorization {
  readonly state: string;
  /** RFC 7636 §4.1. */
  readonly codeVerifier: string;
  /** In seconds since 1970. */
  readonly begunAt: number;
}

/** What a client asks the authorization server for. */
export interface AuthorizationRequestOptions {
  readonly authorizationEndpoint: string;
  /** Takes the request before the browser is sent (RFC 9126); left out, the browser carries it. */
  readonly push: PostForm | undefined;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: string | undefined;
  readonly resource: string | undefined;
  readonly prompt: string | undefined;
  readonly signer: Signer | undefined;
  readonly begunAt: number;
}

const MAX_RESPONSE_BYTES = 16_384;

/** Secrets of a request that is not sent yet: 256 random bits each. */
export function newPendingAuthorization(begunAt: number): PendingAuthorization {
  return { state: randomText(), codeVerifier: randomText(), begunAt };
}

/**
 * A new authorization request: PKCE with S256 (RFC 7636), a `state` of 256 random bits, `dpop_jkt` with
 * a signer (RFC 9449 §10), pushed where the server takes that (RFC 9126).
 *
 * @returns where to send the browser, and what to keep until it comes back
 * @throws SignerError `authorization_request_failed` when a pushed request is refused;
 * `token_request_failed` when nobody answers.
 */
export async function createAuthorizationRequest(
  options: AuthorizationRequestOptions,
): Promise<{ readonly url: string; readonly pending: PendingAuthorization }> {
  const { push, clientId, redirectUri, scope, resource, prompt, signer, begunAt } = options;
  const pending = newPendingAuthorization(begunAt);
  const request = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    state: pending.state,
    code_challenge: await sha256Base64url(pending.codeVerifier),
    code_challenge_method: 'S256',
    ...(scope !== undefined && { scope }),
    ...(resource !== undefined && { resource }),
    ...(prompt !== undefined && { prompt }),
    // RFC 9449 §10.1: in the pushed body too, so that a server that ignores the proof still binds.
    ...(signer && { dpop_jkt: await jwkThumbprint(signer.publicJwk) }),
  };
  const url = secureUrl('authorization_endpoint', options.authorizationEndpoint);
  const parameters = push
    ? { client_id: clientId, request_uri: await push(request, readRequestUri) }
    : request;
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { url: url.href, pending };
}

/** RFC 9126 §2.2. */
async function readRequestUri(response: Response): Promise<string> {
  const { status } = response;
  const body = parseJson(await readText(response, MAX_RESPONSE_BYTES));
  const { request_uri: uri } = (body ?? {}) as { request_uri?: unknown };
  if (response.ok && typeof uri === 'string') return uri;
  throw new SignerError(
    'authorization_request_failed',
    `the authorization server did not take the request, status ${status}; check clientId, redirectUri, scope and resource`,
    { status, oauthError: oauthErrorOf(body) },
  );
}

function randomText(): string {
  return encodeBase64url(crypto.getRandomValues(new Uint8Array(32)));
}
