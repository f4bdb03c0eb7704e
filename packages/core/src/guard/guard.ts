import { AuthError, isAuthError } from '../errors/auth-error.ts';
import { isUnavailableError, type UnavailableError } from '../errors/unavailable-error.ts';
import { type Credentials, parseCredentials } from '../request/credentials.ts';
import type { HeaderList, ProtectedRequest } from '../request/protected-request.ts';
import { isScopeValue } from '../token/scope.ts';
import type { AuthContext, Authenticator } from './authenticator.ts';
import { type ChallengeParameter, formatChallenge } from './challenge.ts';
import { type Denial, denyAtResource, type OfferedScheme } from './denial.ts';

/** Options of {@link createGuard}. */
export interface GuardOptions {
  /** The schemes this place offers, one authenticator each, in the order of the challenges. */
  readonly authenticators: readonly Authenticator[];
  /** Names the protected area in challenges. @defaultValue 'api' */
  readonly realm?: string;
  /** The URL of the RFC 9728 metadata, told in challenges (RFC 9728 §5.1). @defaultValue not told */
  readonly resourceMetadata?: string;
}

/** What a route asks of the token beyond being good. */
export interface Requirement {
  /** Scope values that the token must all carry. @defaultValue none */
  readonly scopes?: readonly string[];
}

/** The request may pass. */
export interface Grant {
  readonly granted: true;
  readonly auth: AuthContext;
  /** Fields the response must carry. */
  readonly headers: HeaderList;
}

/** The request is refused: `denial` is the answer, `error` is for logs. */
export interface Refusal {
  readonly granted: false;
  readonly denial: Denial;
  readonly error: AuthError | UnavailableError;
}

/** Decides whether a request may pass. */
export interface Guard {
  /**
   * Never throws for anything a client can send.
   *
   * @throws TypeError when a required scope is not one scope value (RFC 6749 §3.3).
   */
  decide(request: ProtectedRequest, requirement?: Requirement): Promise<Grant | Refusal>;
  /** The refusal of a request for a reason found outside the guard. */
  refuse(error: AuthError | UnavailableError, requirement?: Requirement): Promise<Refusal>;
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
  const { realm = 'api', resourceMetadata } = options;
  if (!Array.isArray(options.authenticators) || !options.authenticators.every(isAuthenticator)) {
    throw new TypeError('authenticators: give a list of authenticators');
  }
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

  function authenticatorOf(credentials: Credentials | undefined): Authenticator {
    if (credentials === undefined) throw new AuthError('credentials_missing');
    const authenticator = authenticators.get(credentials.scheme);
    if (authenticator === undefined) throw new AuthError('scheme_not_offered');
    return authenticator;
  }

  async function refusal(
    error: AuthError | UnavailableError,
    used: Credentials | undefined,
    scopes: readonly string[],
  ): Promise<Refusal> {
    const headers = await Promise.all(
      [...authenticators.values()].map(async (one) => (await one.refusalHeaders?.()) ?? []),
    );
    const denial = denyAtResource(error, {
      offered,
      used: used && authenticators.has(used.scheme) ? used.scheme : undefined,
      scopes,
      headers: headers.flat(),
    });
    return { granted: false, denial, error };
  }

  return {
    async decide(request, { scopes = [] } = {}): Promise<Grant | Refusal> {
      requireScopeValues(scopes);
      let credentials: Credentials | undefined;
      try {
        credentials = parseCredentials(request);
        const authenticator = authenticatorOf(credentials);
        const { context, headers } = await authenticator.authenticate(
          request,
          credentials?.token ?? '',
        );
        requireScopes(context.scope, scopes);
        return { granted: true, auth: context, headers };
      } catch (error) {
        if (!isAuthError(error) && !isUnavailableError(error)) throw error;
        return refusal(error, credentials, scopes);
      }
    },
    async refuse(error, { scopes = [] } = {}): Promise<Refusal> {
      requireScopeValues(scopes);
      return refusal(error, undefined, scopes);
    },
  };
}

function requireScopes(held: readonly string[], scopes: readonly string[]): void {
  const missing = scopes.filter((scope) => !held.includes(scope));
  if (missing.length > 0) throw new AuthError('scope_insufficient', { facts: { missing } });
}

/** A scope with a blank could never be met, and a quote would end the challenge (RFC 6750 §3). */
function requireScopeValues(scopes: readonly string[]): void {
  if (!scopes.every(isScopeValue)) {
    throw new TypeError('scopes: give one scope value an entry, without blanks (RFC 6749 §3.3)');
  }
}

function isAuthenticator(value: Partial<Authenticator> | undefined): boolean {
  return typeof value?.authenticate === 'function' && Array.isArray(value.challenge);
}
