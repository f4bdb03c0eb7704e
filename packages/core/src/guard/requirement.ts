import { isScopeValue } from '../token/scope.ts';
import type { Requirement } from './guard.ts';

/**
 * Whether a value is a {@link Requirement} and nothing else: a plain object whose only members are a list
 * of scope values and a list of schemes. For adapters to ask where a route is set up, because a misspelt
 * member would ask for nothing. Whether a guard can meet it is asked of {@link Guard.validate}.
 */
export function isRequirement(value: unknown): value is Requirement {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null;
  return isPlain && Object.entries(value).every(isListMember);
}

function isListMember([name, value]: [string, unknown]): boolean {
  if (!Array.isArray(value)) return false;
  return name === 'schemes' || (name === 'scopes' && value.every(isScopeValue));
}
