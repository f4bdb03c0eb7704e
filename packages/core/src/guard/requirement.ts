import type { Scheme } from '../request/credentials.ts';
import { isScopeValue } from '../token/scope.ts';

/** What a route asks of the token beyond being good. */
export interface Requirement {
  /** Scope values that the token must all carry. @defaultValue none */
  readonly scopes?: readonly string[];
  /**
   * The schemes of which one must be used, for a place that demands more than its neighbours:
   * `['DPoP']` refuses plain bearer tokens, and requests that an authenticator merely reported.
   * @defaultValue every scheme of the guard
   */
  readonly schemes?: readonly Scheme[];
}

/**
 * Refuses what is no {@link Requirement} and nothing else, because a misspelt member would ask for
 * nothing, and what nobody could meet, because it would close a place.
 *
 * @throws TypeError that names the rule.
 */
export function validateRequirement(
  requirement: unknown,
  isOffered: (scheme: Scheme) => boolean,
): void {
  if (!isPlainObject(requirement) || !Object.entries(requirement).every(isListMember)) {
    throw new TypeError(
      'a requirement is { scopes: [...], schemes: [...] }, and either may be left out',
    );
  }
  const { scopes = [], schemes } = requirement;
  // A scope with a blank could never be met, and a quote would end the challenge (RFC 6750 §3).
  if (!scopes.every(isScopeValue)) {
    throw new TypeError('scopes: give one scope value an entry, without blanks (RFC 6749 §3.3)');
  }
  if (schemes === undefined) return;
  if (schemes.length === 0 || !schemes.every(isOffered)) {
    throw new TypeError('schemes: give at least one, of those that have an authenticator here');
  }
}

function isPlainObject(value: unknown): value is Requirement {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isListMember([name, value]: [string, unknown]): boolean {
  return (name === 'scopes' || name === 'schemes') && (value === undefined || Array.isArray(value));
}
