import type { AccessTokenSource } from './access-token.ts';
import { createPresentingFetch, type Presentation } from './presenting-fetch.ts';

/** Options of {@link createBearerFetch}. */
export interface BearerFetchOptions {
  /** Gives the access token; asked again, with the refused token, after `invalid_token`. */
  readonly accessToken: AccessTokenSource;
  /**
   * The only origins that ever receive the token: https, or http to this machine. A request to any
   * other is refused and not sent.
   */
  readonly origins: readonly string[];
  /** What requests are sent with. @defaultValue the global `fetch` */
  readonly fetch?: typeof fetch;
}

/**
 * A `fetch` that presents a bearer token (RFC 6750 §2.1), by the same rules about origins, query
 * tokens, header fields, renewal and redirects as {@link createDpopFetch}.
 *
 * @throws TypeError from the factory, when `accessToken` is no function or `origins` is not a list of
 * origins.
 * @throws SignerError from a call: `origin_not_allowed`, `token_in_query`, `header_not_allowed`,
 * `access_token_malformed`, `body_not_replayable`, `redirect_not_readable`, `redirect_not_allowed`,
 * `too_many_redirects`.
 */
export function createBearerFetch(options: BearerFetchOptions): typeof fetch {
  const { accessToken, origins, fetch: send } = options;
  if (typeof accessToken !== 'function') {
    throw new TypeError('accessToken: give a function that returns the token');
  }

  async function present(_request: unknown, token: string | undefined): Promise<Presentation> {
    return {
      fields: { authorization: `Bearer ${token}` },
      review: async () => undefined,
    };
  }
  return createPresentingFetch({ accessToken, origins, fetch: send, present });
}
