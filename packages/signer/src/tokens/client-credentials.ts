import { basicCredentials, type Clock, secureUrl, systemClock } from '@keybound/core';
import { createDpopFetch } from '../fetch/dpop-fetch.ts';
import type { Signer } from '../keys/signer.ts';
import { SignerError } from '../signer-error.ts';
import { readTokenResponse, type TokenResponse } from './token-response.ts';

/** Options of {@link createClientCredentialsTokens}. */
export interface ClientCredentialsOptions {
  /** The token endpoint: https, or http to this machine. */
  readonly tokenEndpoint: string;
  readonly clientId: string;
  /** Sent by HTTP Basic (client_secret_basic, RFC 6749 §2.3.1). */
  readonly clientSecret: string;
  /** Scope values with single blanks between them; left out, the server decides. */
  readonly scope?: string;
  /** The API the token is for (RFC 8707 §2); left out, the server decides. */
  readonly resource?: string;
  /** Asks for a token bound to this key; left out, for a bearer token. */
  readonly signer?: Signer;
  /** How long a token request may take, retry included. @defaultValue 10 */
  readonly timeoutSeconds?: number;
  /** @defaultValue the global `fetch` */
  readonly fetch?: typeof fetch;
  /** @defaultValue the system clock */
  readonly clock?: Clock;
}

interface KeptToken {
  readonly token: string;
  /** From when on a new one is asked for. */
  readonly renewAt: number;
}

// A token is renewed while a request that carries it can still arrive in time.
const RENEW_EARLY_SECONDS = 30;
const RENEW_EARLY_SHARE = 0.1;

/**
 * The access token of a service that acts for itself (RFC 6749 §4.4), in the form that
 * {@link createDpopFetch} and {@link createBearerFetch} take as `accessToken`.
 *
 * One token is kept until 30 s (at most a tenth of its lifetime) before it expires, or until it is
 * named as rejected; a token without `expires_in` until then only. Parallel callers share one request.
 * With `signer`, the request carries a proof and nonces are honoured; an answer that is not of type
 * DPoP is thrown away (RFC 9449 §5). Redirects are not followed.
 *
 * @throws TypeError from the factory, when an option is missing or malformed.
 * @throws SignerError from a call: `token_request_failed`, `token_type_downgraded`,
 * `token_type_unsupported`. Nothing is kept then, and the next call asks again.
 *
 * @example
 * ```ts
 * const accessToken = createClientCredentialsTokens({ tokenEndpoint, clientId, clientSecret, signer });
 * const dpopFetch = createDpopFetch({ signer, accessToken, origins: ['https://api.example'] });
 * ```
 */
export function createClientCredentialsTokens(
  options: ClientCredentialsOptions,
): (rejected?: string) => Promise<string> {
  const { signer, timeoutSeconds = 10, fetch: plainFetch = fetch, clock = systemClock } = options;
  const { origin, href } = secureUrl('tokenEndpoint', options.tokenEndpoint);
  if (!(timeoutSeconds > 0)) throw new TypeError('timeoutSeconds: must be more than 0');
  const headers = {
    accept: 'application/json',
    authorization: basicCredentials(options.clientId, options.clientSecret),
    'content-type': 'application/x-www-form-urlencoded',
  };
  const body = formBody(options);
  const send = signer
    ? createDpopFetch({ signer, origins: [origin], fetch: plainFetch, clock })
    : plainFetch;

  async function ask(): Promise<TokenResponse> {
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    try {
      const init: RequestInit = { method: 'POST', headers, body, redirect: 'manual', signal };
      return await readTokenResponse(await send(href, init), signer ? 'DPoP' : 'Bearer');
    } catch (cause) {
      if (cause instanceof SignerError) throw cause;
      const message = `${origin} could not be asked for a token; check that it can be reached`;
      throw new SignerError('token_request_failed', message, { cause });
    }
  }

  let kept: KeptToken | undefined;
  let pending: Promise<string> | undefined;

  async function renew(): Promise<string> {
    // The lifetime counts from before the request, since the token is made while it is under way.
    const askedAt = clock();
    const { accessToken, expiresInSeconds = Number.POSITIVE_INFINITY } = await ask();
    const early = Math.min(RENEW_EARLY_SECONDS, expiresInSeconds * RENEW_EARLY_SHARE);
    kept = { token: accessToken, renewAt: askedAt + expiresInSeconds - early };
    return accessToken;
  }

  return async (rejected?: string): Promise<string> => {
    // Forgotten at once: should the renewal fail, the refused token is not offered again.
    if (kept?.token === rejected) kept = undefined;
    if (kept !== undefined && clock() < kept.renewAt) return kept.token;
    pending ??= renew().finally(() => {
      pending = undefined;
    });
    return pending;
  };
}

function formBody({ scope, resource }: ClientCredentialsOptions): string {
  if (resource !== undefined && (!URL.canParse(resource) || resource.includes('#'))) {
    throw new TypeError('resource: must be an absolute URI without fragment (RFC 8707 §2)');
  }
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scope !== undefined) form.set('scope', scope);
  if (resource !== undefined) form.set('resource', resource);
  return form.toString();
}
