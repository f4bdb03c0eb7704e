import type { Awaitable, Clock, HeaderList, ReplayStore } from '@keybound/core';
import type { JudgedNonce, Nonces } from './nonces.ts';
import type { ProofWindow } from './window.ts';

/** The fields that hand out nonces. */
export interface NonceHeaders {
  /** The nonce for the client's next proof; goes with every refusal, which is never cacheable anyway. */
  forRefusal(): Promise<HeaderList>;
  /**
   * A new nonce for a client whose nonce is about to end. A response with a nonce is not cacheable
   * (RFC 9449 §8.2), so other successful responses carry none.
   */
  forSuccess(used: JudgedNonce | undefined): Awaitable<HeaderList>;
}

const NONE: HeaderList = Object.freeze([]);

/** What {@link createNonceHeaders} needs of the proof checks. */
export interface NonceHeadersOptions {
  readonly nonces: Nonces | undefined;
  readonly replay: ReplayStore | 'off-accepting-replays';
  readonly window: ProofWindow;
  readonly clock: Clock;
}

/**
 * Hands out nonces that, for as long as the replay store cannot account for every proof, prove that
 * they were given after its loss: one retry is then enough.
 */
export function createNonceHeaders(options: NonceHeadersOptions): NonceHeaders {
  const { nonces, replay, window, clock } = options;

  function lossToAnswer(): number {
    const completeSince =
      (replay !== 'off-accepting-replays' && replay.status?.().completeSince) || 0;
    return clock() <= window.unaccountableUntil(completeSince) ? completeSince : 0;
  }

  async function forRefusal(): Promise<HeaderList> {
    return nonces === undefined ? [] : [['dpop-nonce', await nonces.current(lossToAnswer())]];
  }

  async function forRenewal(): Promise<HeaderList> {
    return [...(await forRefusal()), ['cache-control', 'no-store']];
  }

  return {
    forRefusal,
    forSuccess: (used) => (used?.state === 'previous' ? forRenewal() : NONE),
  };
}
