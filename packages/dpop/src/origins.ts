import { type ProtectedRequest, secureUrl } from '@keybound/core';
import { authoritiesOf, formatAuthority, parseHttpUri } from './http-uri.ts';
import { createForwardedHost, isTrustedPeer, type TrustedProxies } from './proxies.ts';
import { requestHost } from './request-host.ts';
import { type TargetFault, targetInvalid } from './target-fault.ts';

/** The origins of this server and who tells which one a request means. */
export interface OriginOptions {
  readonly publicOrigin: string;
  readonly furtherOrigins?: readonly string[] | undefined;
  readonly proxies?: TrustedProxies | undefined;
}

/** One of the configured origins, in normal form, and the fields that chose it. */
export interface ChosenOrigin {
  readonly origin: string;
  /** In lower case; none when there was nothing to choose. */
  readonly fields: readonly string[];
}

/**
 * A function that gives the origin a request is for: the only one there is, or the one that a trusted
 * proxy's forwarded host or else the host of the request chooses. The scheme always is the configured one.
 *
 * It throws `AuthError` `target_invalid` when the host of the request is not one host, see
 * {@link requestHost}, or none of the configured ones.
 *
 * @throws TypeError when an option is not of the described form, or one host could mean two origins.
 */
export function createOriginChoice(
  options: OriginOptions,
): (request: ProtectedRequest) => ChosenOrigin {
  const { publicOrigin, furtherOrigins = [], proxies } = options;
  if (!Array.isArray(furtherOrigins)) {
    throw new TypeError('furtherOrigins: give a list of origins such as https://api.example');
  }
  const only = parseOrigin('publicOrigin', publicOrigin);
  const byHost = new Map(authoritiesOf(only).map((host) => [host, only]));
  for (const further of furtherOrigins) {
    const origin = parseOrigin('furtherOrigins', further);
    for (const host of authoritiesOf(origin)) {
      const other = byHost.get(host);
      if (other === origin) throw new TypeError(`furtherOrigins: ${origin} is there twice`);
      if (other !== undefined) {
        throw new TypeError(
          `furtherOrigins: the host ${host} could mean both ${other} and ${origin}`,
        );
      }
      byHost.set(host, origin);
    }
  }
  const readForwardedHost = proxies && createForwardedHost(proxies);

  /** The host that chooses, and the fault when it chooses nothing. */
  function namedHost(request: ProtectedRequest): {
    host: string;
    fields: readonly string[];
    ifUnknown: TargetFault;
  } {
    const own = requestHost(request);
    if (readForwardedHost !== undefined && isTrustedPeer(proxies, request)) {
      const { authority, ...rest } = readForwardedHost(request);
      return { host: formatAuthority(authority), ...rest };
    }
    return { host: formatAuthority(own), fields: [], ifUnknown: 'host_unknown' };
  }

  if (furtherOrigins.length === 0) {
    const chosen: ChosenOrigin = { origin: only, fields: [] };
    return (request) => {
      requestHost(request);
      return chosen;
    };
  }
  return (request) => {
    const { host, fields, ifUnknown } = namedHost(request);
    const origin = byHost.get(host);
    if (origin === undefined) throw targetInvalid(request, ifUnknown);
    return { origin, fields };
  };
}

/** Scheme, host and port in normal form. */
function parseOrigin(option: string, text: string): string {
  secureUrl(option, text);
  const parsed = parseHttpUri(text);
  if (parsed === undefined || parsed.path !== '/' || text.includes('?')) {
    throw new TypeError(`${option}: give scheme, host and port only, such as https://api.example`);
  }
  return parsed.origin;
}
