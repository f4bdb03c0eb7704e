import type { Awaitable } from '../crypto/runtime-crypto.ts';
import { freezeJson, type JsonObject } from '../encoding/json.ts';
import { AuthError } from '../errors/auth-error.ts';
import type { Observation } from '../observation.ts';
import { type Confirmation, parseConfirmation } from './confirmation.ts';

/** The mark of a {@link VerifiedToken}. It exists for the compiler alone. */
declare const verified: unique symbol;

/**
 * The claims of a verified access token under their registered names (RFC 9068 §2.2, RFC 7662 §2.2).
 * A member that is typed here has that type whenever it is present; all others are as received.
 */
export interface TokenClaims extends JsonObject {
  /** The issuer identifier. */
  readonly iss?: string;
  /** The user, or the client where no user is involved (RFC 9068 §2.2). */
  readonly sub?: string;
  /** The client the token was issued to. */
  readonly client_id?: string;
  /** The resources the token is for; this one is among them. */
  readonly aud?: string | readonly string[];
  /** Seconds since 1970-01-01T00:00:00Z, like `iat` and `nbf`. */
  readonly exp?: number;
  /** When the token was issued, in seconds since 1970-01-01T00:00:00Z. */
  readonly iat?: number;
  /** From when on the token is good, in seconds since 1970-01-01T00:00:00Z. */
  readonly nbf?: number;
  /** The name of the token, unique at its issuer. */
  readonly jti?: string;
  /** Scope values with blanks between them; {@link VerifiedToken.scope} has them as a list. */
  readonly scope?: string;
}

/**
 * An access token that a {@link TokenVerifier} has accepted. Only the verifiers of this package make
 * one, so a function that takes it cannot be handed an unchecked token by mistake.
 */
export interface VerifiedToken {
  /** Only the verifiers of this package can set it; there is nothing to read. */
  readonly [verified]: true;
  /** What the token says, under the registered names. */
  readonly claims: TokenClaims;
  /** The scope values of the token, in order; empty when it has none. */
  readonly scope: readonly string[];
  /** The key the token is bound to; undefined when it is not bound. */
  readonly confirmation: Confirmation | undefined;
  /** Seconds since 1970-01-01T00:00:00Z; undefined when the authorization server gave none. */
  readonly expiresAt: number | undefined;
  /** The SHA-256 hash of the token's text in base64url: what `ath` of a proof must be (RFC 9449 §4.2). */
  hash(): Awaitable<string>;
}

/** Turns an access token into what it says, after checking that it may be believed. */
export interface TokenVerifier {
  /**
   * Checks a token, and says what is in it.
   *
   * @param token - the access token as received
   * @param observation - where to write whether the token was remembered; only where a guard's `onDecision` asks for it
   * @throws AuthError with a `token_*` or `confirmation_*` reason when the token is not good.
   * @throws UnavailableError when that could not be found out.
   */
  verify(token: string, observation?: Observation): Promise<VerifiedToken>;
}

/** What a resource server expects of every token, however it is verified. */
export interface TokenExpectations {
  readonly audience: string;
  readonly leewaySeconds: number;
  readonly now: number;
}

/**
 * Checks the claims that JWT and introspected tokens share, in order: types · `aud` names this
 * resource · `exp` and `nbf` · `cnf`.
 *
 * @throws AuthError `token_claims_invalid`, `token_audience_mismatch`, `token_expired`,
 * `token_not_yet_valid`, `confirmation_unsupported`
 */
export function createVerifiedToken(
  claims: JsonObject,
  hash: () => Awaitable<string>,
  expectations: TokenExpectations,
): VerifiedToken {
  const { iss, sub, client_id, jti, scope = '', exp, iat, nbf, aud, cnf } = claims as TokenClaims;
  requireText('iss', iss);
  requireText('sub', sub);
  requireText('client_id', client_id);
  requireText('jti', jti);
  requireText('scope', scope);
  requireTime('exp', exp);
  requireTime('iat', iat);
  requireTime('nbf', nbf);
  checkAudience(aud, expectations.audience);
  checkLifetime(claims, expectations);
  return {
    claims: claims as TokenClaims,
    scope: scope.split(' ').filter((value) => value !== ''),
    confirmation: parseConfirmation(cnf),
    expiresAt: exp,
    hash,
  } as unknown as VerifiedToken;
}

/** Makes a token unchangeable that many requests are to share: no handler changes it for the next one. */
export function freezeToken(token: VerifiedToken): VerifiedToken {
  freezeJson(token.claims);
  Object.freeze(token.scope);
  return Object.freeze(token);
}

function requireText(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'string') throw invalidClaim(name);
}

/** JSON has no infinity, but `JSON.parse` makes one of 1e999. */
function requireTime(name: string, value: unknown): void {
  if (value !== undefined && !Number.isFinite(value)) throw invalidClaim(name);
}

function checkAudience(aud: unknown, expected: string): void {
  if (aud === expected) return;
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : aud === undefined ? [] : [aud];
  if (!audiences.every((one) => typeof one === 'string')) throw invalidClaim('aud');
  if (!audiences.includes(expected)) {
    throw new AuthError('token_audience_mismatch', { facts: { expected } });
  }
}

/**
 * Whether a token is good now; asked again each time a token comes that was verified before.
 *
 * @throws AuthError `token_expired`, `token_not_yet_valid`
 */
export function checkLifetime(
  { exp, nbf }: TokenClaims,
  { leewaySeconds, now }: Omit<TokenExpectations, 'audience'>,
): void {
  // Asked the other way round, a clock that gives NaN would accept everything.
  if (exp !== undefined && !(now < exp + leewaySeconds)) {
    throw new AuthError('token_expired', { facts: { expiredSecondsAgo: now - exp } });
  }
  if (nbf !== undefined && !(now >= nbf - leewaySeconds)) {
    throw new AuthError('token_not_yet_valid', { facts: { validInSeconds: nbf - now } });
  }
}

/** The refusal of a claim that is missing or has the wrong type. */
export function invalidClaim(name: string): AuthError {
  return new AuthError('token_claims_invalid', { facts: { claim: name } });
}
