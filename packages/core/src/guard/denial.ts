import { type AuthError, isAuthError } from '../errors/auth-error.ts';
import { AUTH_REASONS, type AuthErrorCode } from '../errors/reasons.ts';
import type { UnavailableError } from '../errors/unavailable-error.ts';
import type { Scheme } from '../request/credentials.ts';
import type { HeaderList } from '../request/protected-request.ts';
import { type ChallengeParameter, formatChallenge } from './challenge.ts';

/** The answer to a refused request; adapters send it as it is. */
export interface Denial {
  /** The HTTP status: 400, 401 or 403, and 503 for an outage. */
  readonly status: number;
  /** Every field of the answer but `Content-Type`: challenges, `Cache-Control`, a nonce, `Retry-After`. */
  readonly headers: HeaderList;
  /** Sent as JSON. */
  readonly body: Readonly<Record<string, string>>;
}

/** One scheme a protected resource offers, with the parameters all its challenges carry. */
export interface OfferedScheme {
  readonly scheme: Scheme;
  readonly parameters: readonly ChallengeParameter[];
}

/** Where a request was refused. */
export interface RefusedAt {
  readonly offered: readonly OfferedScheme[];
  /** The scheme the client used; undefined when it is not known or not offered. */
  readonly used: Scheme | undefined;
  /** The scope the route requires, told in challenges that a new token could answer. */
  readonly scopes: readonly string[];
  /** Fields that go with every refusal here. */
  readonly headers: HeaderList;
}

// RFC 6750 §3.1, RFC 9449 §7.1 and §9: a proof fault at a resource server is 401.
const STATUS_AT_RESOURCE: Readonly<Record<AuthErrorCode, number>> = {
  invalid_request: 400,
  invalid_token: 401,
  insufficient_scope: 403,
  invalid_dpop_proof: 401,
  use_dpop_nonce: 401,
};

const NOT_CACHEABLE: HeaderList = [['cache-control', 'no-store']];

/**
 * The answer of a protected resource: status, one `WWW-Authenticate` field for each offered scheme,
 * and a short JSON body. The error stands in the challenge of the scheme that was used
 * (RFC 9449 §7.2); when that is not one of the offered ones, in all of them.
 */
export function denyAtResource(error: AuthError | UnavailableError, at: RefusedAt): Denial {
  if (!isAuthError(error)) return denyUnavailable(error);
  const { code, description } = AUTH_REASONS[error.reason];
  const challenges = at.offered.map(({ scheme, parameters }): readonly [string, string] => {
    const parts: ChallengeParameter[] = [...parameters];
    if (code !== undefined && (at.used === undefined || at.used === scheme)) {
      parts.push(['error', code], ['error_description', description]);
    }
    if (at.scopes.length > 0 && code !== 'invalid_request') {
      parts.push(['scope', at.scopes.join(' ')]);
    }
    return ['www-authenticate', formatChallenge(scheme, parts)];
  });
  return {
    status: code === undefined ? 401 : STATUS_AT_RESOURCE[code],
    headers: [...challenges, ...NOT_CACHEABLE, ...at.headers],
    body: wireBody(error),
  };
}

/**
 * The answer of a token or PAR endpoint to a refused proof: 400 and JSON (RFC 9449 §5, RFC 6749 §5.2).
 *
 * @param headers - further fields, such as a fresh `DPoP-Nonce`
 */
export function denyAtTokenEndpoint(
  error: AuthError | UnavailableError,
  headers: HeaderList = [],
): Denial {
  if (!isAuthError(error)) return denyUnavailable(error);
  return { status: 400, headers: [...NOT_CACHEABLE, ...headers], body: wireBody(error) };
}

function denyUnavailable(error: UnavailableError): Denial {
  return {
    status: 503,
    headers: [['retry-after', String(error.retryAfterSeconds)], ...NOT_CACHEABLE],
    body: {
      error: 'temporarily_unavailable',
      error_description: 'The request cannot be checked at the moment',
    },
  };
}

/** From the table and not from the error's message, which code on the way could have changed. */
function wireBody({ reason }: AuthError): Record<string, string> {
  const { code, description } = AUTH_REASONS[reason];
  return code === undefined
    ? { error_description: description }
    : { error: code, error_description: description };
}
