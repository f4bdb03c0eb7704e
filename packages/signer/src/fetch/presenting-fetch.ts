import { SignerError } from '../signer-error.ts';
import { type AccessTokenSource, askAccessToken } from './access-token.ts';
import {
  bufferBody,
  describeRequest,
  type OutgoingRequest,
  requireReplayable,
  sendInit,
} from './outgoing-request.ts';
import { MAX_REDIRECTS, redirectedRequest, withoutCredentials } from './redirect.ts';
import { challengeErrors, discard } from './rejection.ts';
import { checkCallerFields, checkTarget, parseOrigins } from './target.ts';

/** Why a request is worth sending once more; each is good for one retry in a call. */
export type RetryCause = 'nonce' | 'clock' | 'token';

/** What a scheme puts on one send, and how it reads the answer. */
export interface Presentation {
  readonly fields: Readonly<Record<string, string>>;
  /** Learns from the answer, and says whether what it learnt makes another send worthwhile. */
  review(response: Response): Promise<RetryCause | undefined>;
}

/** Prepares one send of a request with a token, or without one where none is presented. */
export type Present = (
  request: Pick<OutgoingRequest, 'method' | 'url'>,
  token: string | undefined,
) => Promise<Presentation>;

/** Options of {@link createPresentingFetch}. */
export interface PresentingFetchOptions {
  readonly origins: readonly string[];
  readonly accessToken?: AccessTokenSource | undefined;
  readonly fetch?: typeof fetch | undefined;
  readonly present: Present;
}

/**
 * A `fetch` that presents a token by the rules that all schemes share: only to listed origins, never
 * beside a token of the caller's, at most one retry for each cause, redirects hop by hop.
 *
 * @throws TypeError when `origins` is not a list of origins.
 */
export function createPresentingFetch(options: PresentingFetchOptions): typeof fetch {
  const { accessToken, present, fetch: send = fetch } = options;
  const origins = parseOrigins(options.origins);

  return async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    let request = describeRequest(input, init);
    checkTarget(request.url, origins);
    checkCallerFields(request.headers, accessToken !== undefined);
    request = await bufferBody(request, input);

    const { signal } = request.settings;
    let token = accessToken && (await askAccessToken(accessToken, undefined, signal));

    /** Whether the server refused the token and the source has another one. */
    async function isRenewed(response: Response): Promise<boolean> {
      // Of any scheme: servers that offer several do not agree on which one carries the code.
      if (!accessToken || !challengeErrors(response).includes('invalid_token')) return false;
      const refused = token;
      token = await askAccessToken(accessToken, refused, signal);
      return token !== refused;
    }

    const spent = new Set<RetryCause>();
    let hops = 0;
    let sameOrigin = true;
    for (;;) {
      const presentation = sameOrigin ? await present(request, token) : undefined;
      const response = await send(request.url.href, sendInit(request, presentation?.fields ?? {}));

      let cause = await presentation?.review(response);
      if (presentation && !cause && !spent.has('token') && (await isRenewed(response))) {
        cause = 'token';
      }
      if (cause && !spent.has(cause)) {
        spent.add(cause);
        requireReplayable(request, response);
        await discard(response);
        continue;
      }

      const next = redirectedRequest(request, response);
      if (next === undefined) return response;
      if (++hops > MAX_REDIRECTS) {
        throw new SignerError(
          'too_many_redirects',
          `more than ${MAX_REDIRECTS} redirects; call the final URL`,
          { response },
        );
      }
      await discard(response);
      // Once the way has left the origin, nothing is presented any more, not even on the way back.
      sameOrigin &&= next.url.origin === request.url.origin;
      if (sameOrigin) checkTarget(next.url, origins);
      request = sameOrigin ? next : withoutCredentials(next);
    }
  };
}
