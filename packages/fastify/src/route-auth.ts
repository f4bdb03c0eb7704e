import type { Requirement } from '@keybound/core';

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
  const members = typeof auth === 'object' && auth !== null ? Object.entries(auth) : [['', auth]];
  const isRequirement = members.every(
    ([name, value]) => name === 'scopes' && Array.isArray(value) && value.every(isScopeValue),
  );
  if (!isRequirement) {
    throw new TypeError(
      `${route}: config.auth must be 'public' or { scopes: [...] }, one value an entry`,
    );
  }
}

function isScopeValue(value: unknown): boolean {
  return typeof value === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value);
}
