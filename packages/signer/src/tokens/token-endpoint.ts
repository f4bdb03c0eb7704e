import { type Clock, type Scheme, secureUrl } from '@keybound/core';
import { createDpopFetch } from '../fetch/dpop-fetch.ts';
import type { NonceStore } from '../fetch/shared-nonces.ts';
import type { Signer } from '../keys/signer.ts';
import { SignerError } from '../signer-error.ts';

/** Who asks an authorization server, and how. */
export interface EndpointOptions {
  /** The option that names the URL, for the sentence of a TypeError. */
  readonly name: string;
  readonly url: string;
  /** Whose proof goes along; without one, no proof does. */
  readonly signer: Signer | undefined;
  readonly nonces?: NonceStore | undefined;
  /** `Basic` credentials, where the client has a secret. */
  readonly authorization?: string | undefined;
  readonly timeoutSeconds: number;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
}

/** Sends a form to an endpoint and gives what a reader makes of the answer. */
export type PostForm = <T>(
  form: Readonly<Record<string, string>>,
  read: (response: Response, expectedType: Scheme) => Promise<T>,
) => Promise<T>;

/**
 * An endpoint of an authorization server that takes forms: token, PAR or revocation. Redirects are not
 * followed; one request may take `timeoutSeconds`, retries and the reading of the answer included.
 *
 * @throws TypeError when the URL is neither https nor http to this machine.
 * @throws SignerError `token_request_failed` from a call, when there is no answer.
 */
export function createEndpoint(options: EndpointOptions): PostForm {
  const { name, signer, nonces, authorization, timeoutSeconds, fetch: plainFetch, clock } = options;
  const { origin, href } = secureUrl(name, options.url);
  if (!(timeoutSeconds > 0)) throw new TypeError('timeoutSeconds: must be more than 0');
  const send = signer
    ? createDpopFetch({
        signer,
        origins: [origin],
        fetch: plainFetch,
        clock,
        ...(nonces && { nonces }),
      })
    : plainFetch;

  return async (form, read) => {
    try {
      const response = await send(href, {
        method: 'POST',
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
          ...(authorization !== undefined && { authorization }),
        },
        body: new URLSearchParams(form).toString(),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutSeconds * 1000),
      });
      return await read(response, signer ? 'DPoP' : 'Bearer');
    } catch (cause) {
      if (cause instanceof SignerError) throw cause;
      const message = `${origin} could not be asked for a token; check that it can be reached`;
      throw new SignerError('token_request_failed', message, { cause });
    }
  };
}
