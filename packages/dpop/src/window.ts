import { AuthError } from '@keybound/core';

/** How old, and how far ahead of our clock, a proof may be. */
export interface WindowOptions {
  /** Seconds a proof is accepted after its `iat`; from 1 to 600. */
  readonly maxAgeSeconds: number;
  /** Seconds the `iat` may lie in the future, for clients whose clock is fast; from 0 to 600. */
  readonly maxFutureSeconds: number;
}

/**
 * The acceptance window of proofs. The numbers that must agree live here: when a proof can be accepted,
 * and how long its replay record must live. A proof with a nonce of ours is accepted no longer than
 * that nonce, so its record may go with it.
 */
export interface ProofWindow {
  /** The first instant at which a proof with this `iat` is accepted. */
  usableFrom(iat: number): number;
  /** The last instant at which it is. */
  acceptedUntil(iat: number, nonceUntil?: number): number;
  /** The instant until which its replay record must be kept: always after {@link acceptedUntil}. */
  rememberUntil(iat: number, nonceUntil?: number): number;
  /** Until when a store that is complete since an instant cannot account for every proof. */
  unaccountableUntil(completeSince: number): number;
  /** @throws AuthError `proof_expired`, `proof_from_future`, with the distance in seconds as a fact */
  check(iat: number, now: number): void;
}

const MAX_SECONDS = 600;
/** Covers a store that counts in whole seconds. */
const SAFETY_SECONDS = 1;

/**
 * A window that is never unlimited (RFC 9449 §11.1).
 *
 * @throws TypeError when a duration is out of range.
 */
export function createProofWindow({ maxAgeSeconds, maxFutureSeconds }: WindowOptions): ProofWindow {
  requireSeconds('maxAgeSeconds', maxAgeSeconds, 1);
  requireSeconds('maxFutureSeconds', maxFutureSeconds, 0);
  const usableFrom = (iat: number): number => iat - maxFutureSeconds;
  const acceptedUntil = (iat: number, nonceUntil = Number.POSITIVE_INFINITY): number =>
    Math.min(iat + maxAgeSeconds, nonceUntil);

  return {
    usableFrom,
    acceptedUntil,
    rememberUntil: (iat, nonceUntil) => Math.ceil(acceptedUntil(iat, nonceUntil)) + SAFETY_SECONDS,
    unaccountableUntil: (completeSince) => completeSince + maxFutureSeconds + maxAgeSeconds,
    check(iat, now): void {
      // Asked the other way round, a clock that gives NaN would accept everything.
      if (!(now <= acceptedUntil(iat))) {
        throw new AuthError('proof_expired', { facts: { ageSeconds: now - iat, maxAgeSeconds } });
      }
      if (now < usableFrom(iat)) {
        throw new AuthError('proof_from_future', {
          facts: { aheadSeconds: iat - now, maxFutureSeconds },
        });
      }
    },
  };
}

// A text such as '60' would pass for a number here, and be glued to `iat` instead of added.
function requireSeconds(option: string, value: number, min: number): void {
  if (!(typeof value === 'number' && value >= min && value <= MAX_SECONDS)) {
    throw new TypeError(`${option}: must be a number from ${min} to ${MAX_SECONDS}`);
  }
}
