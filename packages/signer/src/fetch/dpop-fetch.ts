import { type Clock, systemClock } from '@keybound/core';
import type { Signer } from '../keys/signer.ts';
import { createProof } from '../proof/create-proof.ts';
import type { AccessTokenSource } from './access-token.ts';
import {
  createPresentingFetch,
  type Present,
  type Presentation,
  type RetryCause,
} from './presenting-fetch.ts';
import { proofErrors } from './rejection.ts';
import { adoptNonce, adoptTime, createServerMemories } from './server-memory.ts';
import type { NonceStore } from './shared-nonces.ts';

/** Options of {@link createDpopFetch}. */
export interface DpopFetchOptions {
  /** Holds the key the token is bound to. */
  readonly signer: Signer;
  /**
   * The only origins that ever receive token and proof: https, or http to this machine. A request to
   * any other is refused and not sent.
   */
  readonly origins: readonly string[];
  /**
   * Gives the access token; asked again, with the refused token, after `invalid_token`. Left out: no
   * `Authorization` field and no `ath`, the form for token and PAR endpoints. There the caller may set
   * `Authorization: Basic` to authenticate the client.
   */
  readonly accessToken?: AccessTokenSource;
  /**
   * Where nonces are kept beside the memory of this `fetch`, such as {@link createSharedNonces} returns.
   * @defaultValue nowhere
   */
  readonly nonces?: NonceStore;
  /** What requests are sent with. @defaultValue the global `fetch` */
  readonly fetch?: typeof fetch;
  /** What time it is; pass your own in tests. @defaultValue the system clock */
  readonly clock?: Clock;
}

/**
 * A `fetch` that presents a DPoP-bound token (RFC 9449 §7.1), with a new proof for every send.
 *
 * Before a send, in order: the origin is listed · no `access_token` in the query · no `Authorization`
 * or `DPoP` field of the caller's. After it: the nonce of any response is kept for its origin
 * (RFC 9449 §8.2) · one retry on `use_dpop_nonce` when the response brought a nonce other than the one
 * just used (RFC 9449 §8, §9) · one retry on `invalid_dpop_proof` when the `Date` of the response shows
 * that the clocks differ by more than 2 s · one retry on `invalid_token` when `accessToken` has another
 * token · at most 5 redirects, with a new proof on the same origin and without token and proof from
 * the first hop to another one on.
 *
 * Redirects are followed here, so `response.redirected` is false; `response.url` is the final URL.
 * Not done here: choosing what to ask which API for, and refreshing the token.
 *
 * @throws TypeError from the factory, when `signer` is none or `origins` is not a list of origins.
 * @throws SignerError from a call: `origin_not_allowed`, `token_in_query`, `header_not_allowed`,
 * `access_token_malformed`, `body_not_replayable`, `redirect_not_readable`, `redirect_not_allowed`,
 * `too_many_redirects`.
 *
 * @example
 * ```ts
 * const dpopFetch = createDpopFetch({ signer, accessToken, origins: ['https://api.example'] });
 * const response = await dpopFetch('https://api.example/notes');
 * ```
 */
export function createDpopFetch(options: DpopFetchOptions): typeof fetch {
  const { signer, origins, accessToken, nonces, fetch: send, clock = systemClock } = options;
  if (typeof signer?.sign !== 'function') {
    throw new TypeError('signer: give a signer, such as the one createSigner resolves to');
  }
  // Bounded by `origins`: no other server is ever sent a proof.
  const memoryOf = createServerMemories(nonces);

  const present: Present = async ({ method, url }, token): Promise<Presentation> => {
    const memory = memoryOf(url.origin);
    const { nonce } = memory;
    const proof = await createProof(signer, {
      method,
      uri: url,
      accessToken: token,
      nonce,
      clock: () => clock() + memory.clockOffsetSeconds,
    });
    return {
      fields: { dpop: proof, ...(token !== undefined && { authorization: `DPoP ${token}` }) },
      async review(response: Response): Promise<RetryCause | undefined> {
        const brought = adoptNonce(memory, response);
        const errors = await proofErrors(response);
        if (errors.includes('use_dpop_nonce')) {
          return brought !== undefined && brought !== nonce ? 'nonce' : undefined;
        }
        if (errors.includes('invalid_dpop_proof')) {
          return adoptTime(memory, response, clock) ? 'clock' : undefined;
        }
        return undefined;
      },
    };
  };
  return createPresentingFetch({ origins, accessToken, fetch: send, present });
}
