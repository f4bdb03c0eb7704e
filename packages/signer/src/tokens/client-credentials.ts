import { basicCredentials, type Clock, systemClock } from '@keybound/core';
import type { Signer } from '../keys/signer.ts';
import { renewAt } from './renewal.ts';
import { requireResource } from './resource.ts';
import { createEndpoint } from './token-endpoint.ts';
import { readTokenResponse } from './token-response.ts';

/** Options of {@link createClientCredentialsTokens}. */
export interface ClientCredentialsOptions {
  /** The token endpoint: https, or http to this machine. */
  readonly tokenEndpoint: string;
  /** The identifier of the client, as registered. */
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
  /** What requests are sent with. @defaultValue the global `fetch` */
  readonly fetch?: typeof fetch;
  /** What time it is; pass your own in tests. @defaultValue the system clock */
  readonly clock?: Clock;
}

interface KeptToken {
  readonly token: string;
  /** From when on a new one is asked for. */
  readonly renewAt: number;
}

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
  const ask = createEndpoint({
    name: 'tokenEndpoint',
    url: options.tokenEndpoint,
    signer,
    authorization: basicCredentials(options.clientId, options.clientSecret),
    timeoutSeconds,
    fetch: plainFetch,
    clock,
  });
  const form = grantForm(options);

  let kept: KeptToken | undefined;
  let pending: Promise<string> | undefined;

  async function renew(): Promise<string> {
    // The lifetime counts from before the request, since the token is made while it is under way.
    const askedAt = clock();
    const { accessToken, expiresInSeconds } = await ask(form, readTokenResponse);
    kept = { token: accessToken, renewAt: renewAt(askedAt, expiresInSeconds) };
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

function grantForm({ scope, resource }: ClientCredentialsOptions): Record<string, string> {
  if (resource !== undefined) requireResource(resource);
  return {
    grant_type: 'client_credentials',
    ...(scope !== undefined && { scope }),
    ...(resource !== undefined && { resource }),
  };
}
