import type { KeyStatus } from '../database/schema.ts';
import type { SigningAlgorithm } from './key-pair.ts';

/** How long an instance uses what it has read of the keys. */
export const KEY_CACHE_SECONDS = 30;

/** `max-age` of the published key set. */
export const KEY_SET_MAX_AGE_SECONDS = 300;

/** How long verifiers keep a key set that they fetched; `createIssuerKeys` of core does 600. */
const VERIFIER_CACHE_SECONDS = 600;

/**
 * How old a copy of the key set can be that somebody uses. The caches on the way may follow one
 * another, an instance's, then HTTP's, then the verifier's. A key is published this long before it
 * signs: until nobody uses a copy without it.
 */
export const KEY_SET_STALE_SECONDS: number =
  KEY_CACHE_SECONDS + KEY_SET_MAX_AGE_SECONDS + VERIFIER_CACHE_SECONDS;

/**
 * How long a retired key stays published: the longest life of an access token, 3600 s, and 300 s for
 * instances that still sign with it out of their cache and for the leeway of verifiers.
 */
export const RETIRED_KEPT_SECONDS = 3600 + 300;

/** What the schedule looks at. */
export interface KeyDates {
  readonly status: KeyStatus;
  readonly algorithm: string;
  readonly createdAt: Date;
  readonly activatedAt: Date | null;
  readonly retiredAt: Date | null;
}

/** What the operator wants. */
export interface Schedule {
  readonly algorithm: SigningAlgorithm;
  /** How long a key signs. */
  readonly rotationSeconds: number;
}

/** Whether anything has to change now. Looks at nothing but its arguments, so asking is cheap. */
export function isChangeDue(keys: readonly KeyDates[], schedule: Schedule, now: number): boolean {
  const current = keys.find(({ status }) => status === 'current');
  const next = keys.find(({ status }) => status === 'next');
  if (current === undefined || next === undefined) return true;
  if (next.algorithm !== schedule.algorithm) return true;
  if (keys.some(({ retiredAt }) => isForgettable(retiredAt, now))) return true;
  return isRotationDue(current, schedule, now) && now >= usableAt(next);
}

/** Whether the current key has signed long enough, or with an algorithm that is wanted no more. */
export function isRotationDue(
  current: KeyDates,
  { algorithm, rotationSeconds }: Schedule,
  now: number,
): boolean {
  if (current.algorithm !== algorithm) return true;
  return now >= seconds(current.activatedAt ?? current.createdAt) + rotationSeconds;
}

/** When a next key has been published long enough to sign. */
export function usableAt(next: Pick<KeyDates, 'createdAt'>): number {
  return seconds(next.createdAt) + KEY_SET_STALE_SECONDS;
}

function isForgettable(retiredAt: Date | null, now: number): boolean {
  return retiredAt !== null && retiredAt <= forgettableSince(now);
}

/** Keys that were retired at this instant or before have nothing left to verify. */
export function forgettableSince(now: number): Date {
  return new Date((now - RETIRED_KEPT_SECONDS) * 1000);
}

/** With the fraction, so that no key is used a moment too early. */
function seconds(instant: Date): number {
  return instant.getTime() / 1000;
}
