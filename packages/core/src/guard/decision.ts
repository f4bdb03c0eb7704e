import { type AuthError, isAuthError } from '../errors/auth-error.ts';
import type { AuthErrorCode, AuthReason } from '../errors/reasons.ts';
import type { UnavailableComponent, UnavailableError } from '../errors/unavailable-error.ts';
import type { Observation } from '../observation.ts';
import type { Scheme } from '../request/credentials.ts';

/** One decision of a guard, for metrics and logs. It holds no token, no proof and no nonce. */
export interface Decision extends Readonly<Omit<Observation, 'stopwatch'>> {
  /** `unavailable`: it could not be found out, and the answer was 503. */
  readonly outcome: 'granted' | 'refused' | 'unavailable';
  /** The scheme the client used; undefined when it used none that is known here. */
  readonly scheme: Scheme | undefined;
  /** The check that refused; undefined unless refused. */
  readonly reason: AuthReason | undefined;
  /** The OAuth error code on the wire; undefined unless refused, and when there were no credentials. */
  readonly code: AuthErrorCode | undefined;
  /** What failed; undefined unless unavailable. */
  readonly component: UnavailableComponent | undefined;
  /**
   * What would have refused a request that was granted, where an authenticator only reports: the reason of
   * a check, or the component that failed.
   */
  readonly reported: AuthReason | UnavailableComponent | undefined;
  /** How long the decision took. A runtime that stops its clocks while it computes shows only waiting. */
  readonly seconds: number;
}

/** What a {@link Decision} is made of. */
export interface DecisionParts {
  readonly scheme: Scheme | undefined;
  readonly seconds: number;
  readonly error?: AuthError | UnavailableError | undefined;
  readonly reported?: AuthError | UnavailableError | undefined;
}

/** The event that tells what was decided. */
export function createDecision(
  { stopwatch: _stopwatch, ...observed }: Observation,
  { scheme, seconds, error, reported }: DecisionParts,
): Decision {
  const refused = isAuthError(error) ? error : undefined;
  const outcome = refused ? 'refused' : error === undefined ? 'granted' : 'unavailable';
  return {
    ...observed,
    outcome,
    scheme,
    reason: refused?.reason,
    code: refused?.code,
    component: error === undefined || isAuthError(error) ? undefined : error.component,
    reported: isAuthError(reported) ? reported.reason : reported?.component,
    seconds,
  };
}
