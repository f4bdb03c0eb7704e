import { AuthError, isAuthError } from '../errors/auth-error.ts';
import { isUnavailableError, type UnavailableError } from '../errors/unavailable-error.ts';
import type { Observation } from '../observation.ts';
import { type Credentials, parseCredentials, type Scheme } from '../request/credentials.ts';
import type { HeaderList, ProtectedRequest } from '../request/protected-request.ts';
import type { AuthContext, Authentication, Authenticator } from './authenticator.ts';
import { type ChallengeParameter, formatChallenge } from './challenge.ts';
import { createDecision, type Decision, type DecisionParts } from './decision.ts';
import { type Denial, denyAtResource, type OfferedScheme } from './denial.ts';
import { type Requirement, validateRequirement } from './requirement.ts';

/** Options of {@link createGuard}. */
export interface GuardOptions {
  /** The schemes this place offers, one authenticator each, in the order of the challenges. */
  readonly authenticators: readonly Authenticator[];
  /** Names the protected area in challenges. @defaultValue 'api' */
  readonly realm?: string;
  /** The URL of the RFC 9728 metadata, told in challenges (RFC 9728 §5.1). @defaultValue not told */
  readonly resourceMetadata?: string;
  /**
   * Told every decision, before the answer is sent: for metrics and logs. A request that is decided about
   * twice, by the guards of an application and of a route or because of a second token in its form, is told
   * twice. What it throws fails the request as an unexpected error; a promise is waited for, and fails it
   * likewise. @defaultValue nothing is measured
   */
  readonly onDecision?: (decision: Decision) => unknown;
  /**
   * Seconds on a clock that only goes forward, for the durations in decisions.
   * @defaultValue `performance.now() / 1000`
   */
  readonly stopwatch?: () => number;
}

/** The request may pass. */
export interface Grant {
  /** Tells a grant from a {@link Refusal}. */
  readonly granted: true;
  /** Who is asking, and with what right. */
  readonly auth: AuthContext;
  /** Fields the response must carry. */
  readonly headers: HeaderList;
  /** What would have refused the request, where an authenticator only reports; for logs. */
  readonly reported: AuthError | UnavailableError | undefined;
}

/** The request is refused: `denial` is the answer, `error` is for logs. */
export interface Refusal {
  /** Tells a refusal from a {@link Grant}. */
  readonly granted: false;
  /** The answer to send, as it is. */
  readonly denial: Denial;
  /** Why: the client's fault or an outage. For logs, never for the wire. */
  readonly error: AuthError | UnavailableError;
}

/** Decides whether a request may pass. */
export interface Guard {
  /**
   * Never throws for anything a client can send.
   *
   * @throws TypeError when the requirement cannot be met, see {@link Guard.validate}.
   */
  decide(request: ProtectedRequest, requirement?: Requirement): Promise<Grant | Refusal>;
  /** The refusal of a request for a reason found outside the guard. */
  refuse(error: AuthError | UnavailableError, requirement?: Requirement): Promise<Refusal>;
  /**
   * For adapters that know their routes at start-up.
   *
   * @throws TypeError when it is no requirement, such as one with a misspelt member, when a required scope is
   * not one scope value (RFC 6749 §3.3), or `schemes` is empty or names one that is not offered here.
   */
  validate(requirement: Requirement): void;
}

const ADDED_BY_DENIALS: readonly ChallengeParameter[] = [
  ['error', ''],
  ['error_description', ''],
  ['scope', ''],
];

/**
 * A guard over one or more authenticators: credentials → the authenticator of their scheme → scope.
 *
 * @throws TypeError when no authenticator is given, two have the same scheme, or their challenges
 * could not be written: a text may not stand in one, or a parameter would occur twice.
 */
export function createGuard(options: GuardOptions): Guard {
  const { realm = 'api', resourceMetadata, onDecision, stopwatch = secondsSinceStart } = options;
  if (!Array.isArray(options.authenticators) || !options.authenticators.every(isAuthenticator)) {
    throw new TypeError('authenticators: give a list of authenticators');
  }
  if (onDecision !== undefined && typeof onDecision !== 'function') {
    throw new TypeError('onDecision: give a function');
  }
  if (typeof stopwatch !== 'function') throw new TypeError('stopwatch: give a function');
  const authenticators = new Map(options.authenticators.map((one) => [one.scheme, one]));
  if (authenticators.size === 0) throw new TypeError('authenticators: give at least one');
  if (authenticators.size !== options.authenticators.length) {
    throw new TypeError('authenticators: a scheme occurs twice');
  }

  const common: readonly ChallengeParameter[] = [
    ['realm', realm],
    ...(resourceMetadata === undefined ? [] : [['resource_metadata', resourceMetadata] as const]),
  ];
  const offered = [...authenticators.values()].map(({ scheme, challenge }): OfferedScheme => {
    const parameters = [...common, ...challenge];
    formatChallenge(scheme, [...parameters, ...ADDED_BY_DENIALS]); // fails now, not at a refusal
    return { scheme, parameters };
  });

  /** What is offered to whoever asks for something that demands one of these schemes. */
  function offeredFor(schemes: Requirement['schemes']): readonly OfferedScheme[] {
    return schemes === undefined
      ? offered
      : offered.filter(({ scheme }) => schemes.includes(scheme));
  }

  function authenticatorOf(
    credentials: Credentials | undefined,
    schemes: Requirement['schemes'],
  ): Authenticator {
    if (credentials === undefined) throw new AuthError('credentials_missing');
    const { scheme } = credentials;
    const authenticator = authenticators.get(scheme);
    if (authenticator === undefined || schemes?.includes(scheme) === false) {
      throw new AuthError('scheme_not_offered');
    }
    return authenticator;
  }

  async function refusal(
    error: AuthError | UnavailableError,
    used: Scheme | undefined,
    { scopes = [], schemes }: Requirement,
  ): Promise<Refusal> {
    const here = offeredFor(schemes);
    const headers = await Promise.all(
      here.map(async ({ scheme }) => (await authenticators.get(scheme)?.refusalHeaders?.()) ?? []),
    );
    const denial = denyAtResource(error, {
      offered: here,
      used: here.some(({ scheme }) => scheme === used) ? used : undefined,
      scopes,
      headers: headers.flat(),
    });
    return { granted: false, denial, error };
  }

  function validate(requirement: Requirement): void {
    validateRequirement(requirement, (scheme) => authenticators.has(scheme));
  }

  return {
    async decide(request, requirement = {}): Promise<Grant | Refusal> {
      validate(requirement);
      const observation: Observation | undefined = onDecision && { stopwatch };
      const from = observation === undefined ? 0 : stopwatch();
      let scheme: Scheme | undefined;
      let outcome: Grant | Refusal;
      try {
        const credentials = parseCredentials(request);
        scheme = credentials?.scheme;
        const authenticator = authenticatorOf(credentials, requirement.schemes);
        const token = credentials?.token ?? '';
        const authentication = await authenticator.authenticate(request, token, observation);
        requireMet(authentication, requirement);
        const { context, headers, reported } = authentication;
        outcome = { granted: true, auth: context, headers, reported };
      } catch (error) {
        if (!isAuthError(error) && !isUnavailableError(error)) throw error;
        outcome = await refusal(error, scheme, requirement);
      }
      if (observation !== undefined) {
        const seconds = stopwatch() - from;
        await onDecision?.(createDecision(observation, { ...facts(outcome), scheme, seconds }));
      }
      return outcome;
    },
    async refuse(error, requirement = {}): Promise<Refusal> {
      validate(requirement);
      await onDecision?.(createDecision({ stopwatch }, { error, scheme: undefined, seconds: 0 }));
      return refusal(error, undefined, requirement);
    },
    validate,
  };
}

/**
 * What the route demands of a request that is good as such. One that was merely reported claims less than
 * its scheme: where that is too little, what was reported refuses it.
 */
function requireMet(
  { context, reported }: Authentication,
  { scopes = [], schemes }: Requirement,
): void {
  if (schemes?.includes(context.scheme) === false) {
    throw reported ?? new AuthError('scheme_not_offered');
  }
  const missing = scopes.filter((scope) => !context.scope.includes(scope));
  if (missing.length > 0) throw new AuthError('scope_insufficient', { facts: { missing } });
}

function facts(outcome: Grant | Refusal): Pick<DecisionParts, 'error' | 'reported'> {
  return outcome.granted ? { reported: outcome.reported } : { error: outcome.error };
}

function secondsSinceStart(): number {
  return performance.now() / 1000;
}

function isAuthenticator(value: Partial<Authenticator> | undefined): boolean {
  return typeof value?.authenticate === 'function' && Array.isArray(value.challenge);
}
