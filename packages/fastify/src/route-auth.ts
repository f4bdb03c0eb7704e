import { isScopeValue, type Requirement } from '@keybound/core';

/**
 * What a route asks for, set as `config.auth`: scopes beyond a good token, or `'public'` for a route
 * that anybody may call. @defaultValue a good token, any scope
 */
export type RouteAuth = Requirement | 'public';

/**
 * Refuses a `config.auth` that is not a {@link RouteAuth} when the route is added: a misspelt member
 * would otherwise ask for nothing.
 *
 * @throws TypeError that names the route.
 */
export function validateRouteAuth(auth: unknown, route: string): void {
  if (auth === undefined || auth === 'public') return;
  if (!isPlainObject(auth) || !Object.entries(auth).every(isScopesMember)) {
    throw new TypeError(
      `${route}: config.auth must be 'public' or { scopes: [...] }, one value an entry`,
    );
  }
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isScopesMember([name, value]: [string, unknown]): boolean {
  return name === 'scopes' && Array.isArray(value) && value.every(isScopeValue);
}
