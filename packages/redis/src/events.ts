import type { UnavailableError } from '@keybound/core';

/** Something an operator wants to know of, and to be woken by. */
export type RedisReplayStoreEvent =
  /** The first failure after an answer. Until `recovered`, requests fare as `duringOutage` says. */
  | { readonly type: 'outage'; readonly error: UnavailableError }
  /** The first answer after a failure. */
  | { readonly type: 'recovered'; readonly outageSeconds: number; readonly failures: number }
  /**
   * The server came back without its records, or without some: for the time that proofs may be ahead,
   * proofs are asked for a nonce or refused. `completeSince` is when, in seconds.
   */
  | { readonly type: 'records_lost'; readonly completeSince: number }
  /** The server throws keys away when its memory is full, and records are keys: set `noeviction`. */
  | { readonly type: 'eviction_enabled'; readonly policy: string };
