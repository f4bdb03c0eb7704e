import type { Guard, Requirement } from '@keybound/core';

/**
 * What a route asks for, set as `config.auth`: scopes beyond a good token, schemes of which one must be used,
 * or `'public'` for a route that anybody may call. A wrong value is refused when the route is added. The compiler
 * sees a misspelt member only where the type is named, as in `{ scopes: ['notes:read'] } satisfies RouteAuth`:
 * Fastify takes the type of `config` from what is written there.
 *
 * @defaultValue a good token, any scope and scheme
 */
export type RouteAuth = Requirement | 'public';

/**
 * Refuses a `config.auth` that is not a {@link RouteAuth} when the route is added: a misspelt member
 * would otherwise ask for nothing, and one that nobody can meet would close the route.
 *
 * @throws TypeError that names the route.
 */
export function validateRouteAuth(auth: unknown, route: string, guard: Guard): void {
  if (auth === undefined || auth === 'public') return;
  try {
    guard.validate(auth as Requirement);
  } catch (cause) {
    const rule = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`${route}: config.auth: neither 'public' nor good: ${rule}`, { cause });
  }
}
