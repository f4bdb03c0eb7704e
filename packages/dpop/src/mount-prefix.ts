import type { ProtectedRequest } from '@keybound/core';
import { parseHttpUri } from './http-uri.ts';
import { isTrustedPeer, type TrustedProxies } from './proxies.ts';
import { targetInvalid } from './target-fault.ts';

/** The prefix that was stripped from a request, and the fields that chose it. */
export interface ChosenPrefix {
  /** Empty when there is none. */
  readonly prefix: string;
  /** In lower case; none when there was nothing to choose. */
  readonly fields: readonly string[];
}

const FIELD = 'x-forwarded-prefix';
const FORM = 'give a path such as /api, in normal form, without a slash at the end';

/**
 * A function that gives the path that was stripped in front of a request's target: `mountPrefix`, or
 * the one of `proxies.mountPrefixes` that a trusted proxy names in `X-Forwarded-Prefix`.
 *
 * It throws `AuthError` `target_invalid` when a trusted proxy names more than one, or another.
 *
 * @throws TypeError when a prefix is not of the described form.
 */
export function createPrefixChoice(
  mountPrefix: string,
  proxies: TrustedProxies | undefined,
): (request: ProtectedRequest) => ChosenPrefix {
  if (mountPrefix !== '' && !isMountPrefix(mountPrefix))
    throw new TypeError(`mountPrefix: ${FORM}`);
  const further = proxies?.mountPrefixes ?? [];
  if (!Array.isArray(further) || !further.every(isMountPrefix)) {
    throw new TypeError(`proxies.mountPrefixes: of each, ${FORM}`);
  }
  const byConfiguration: ChosenPrefix = { prefix: mountPrefix, fields: [] };
  if (further.length === 0) return () => byConfiguration;
  const prefixes = new Set([mountPrefix, ...further].filter((prefix) => prefix !== ''));

  return (request) => {
    const [named, ...more] = request.headers(FIELD);
    if (named === undefined || !isTrustedPeer(proxies, request)) return byConfiguration;
    if (more.length > 0 || named.includes(',')) throw targetInvalid(request, 'prefix_repeated');
    if (!prefixes.has(named)) throw targetInvalid(request, 'prefix_unknown');
    return { prefix: named, fields: [FIELD] };
  };
}

function isMountPrefix(prefix: unknown): boolean {
  if (typeof prefix !== 'string' || prefix.endsWith('/')) return false;
  return parseHttpUri(`https://any.example${prefix}`)?.path === prefix;
}
