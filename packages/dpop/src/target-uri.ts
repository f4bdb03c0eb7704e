import { AuthError, type ProtectedRequest, secureUrl } from '@keybound/core';
import { formatHttpUri, parseHttpUri, redactUri } from './http-uri.ts';

/** How the outside world addresses this server. */
export interface TargetUriOptions {
  /**
   * The origin clients use, such as `https://api.example`, without a path. It is configuration and
   * never read from `Host`, `:authority` or a forwarded field: a hostile server could otherwise have
   * a proof made for itself and replay it here under its own name.
   */
  readonly publicOrigin: string;
  /**
   * The path a proxy strips before it passes requests on, such as `/api`: clients see it, this
   * server does not. Prefixes of the framework's own routes do not belong here.
   * @defaultValue none
   */
  readonly mountPrefix?: string;
}

/** Gives the target URI of a request in normal form (RFC 9110 §7.1), query left out. */
export type TargetUri = (request: ProtectedRequest) => string;

// Origin-form, or absolute-form that does not leave the path to be guessed.
const HAS_PATH = /^(?:https?:\/\/[^/?#]*)?\//i;
// A client resolves dot segments before it sends. A router that is sent some anyway takes them as they
// stand, and would run another handler than the one the proof names.
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:\/|;|$)/i;
// The octets RFC 3986 does not allow in a path, and a percent sign that begins no triplet.
const NOT_IN_PATH = /[^A-Za-z0-9\-._~!$&'()*+,;=:@/%\u0100-\uFFFF]|%(?![0-9A-Fa-f]{2})/g;

/**
 * A function that computes the target URI of requests from configuration and the request target.
 * Origin-form contributes its path only, so `//evil.example/r` is a path of this server; absolute-form
 * (RFC 9112 §3.2.2) must name the configured origin and a path.
 *
 * The function throws `AuthError` `target_invalid` for any other form, another origin, a fragment, or a
 * path with dot segments.
 *
 * @throws TypeError when an option is not of the described form, or the origin is plain http and not
 * loopback (RFC 9449 §2).
 */
export function createTargetUri({ publicOrigin, mountPrefix = '' }: TargetUriOptions): TargetUri {
  secureUrl('publicOrigin', publicOrigin);
  const parsed = parseHttpUri(publicOrigin);
  if (parsed === undefined || parsed.path !== '/' || publicOrigin.includes('?')) {
    throw new TypeError(
      'publicOrigin: give scheme, host and port only, such as https://api.example',
    );
  }
  const { origin } = parsed;
  if (mountPrefix !== '' && !isMountPrefix(origin, mountPrefix)) {
    throw new TypeError(
      'mountPrefix: give a path such as /api, in normal form, without a slash at the end',
    );
  }

  return ({ target }) => {
    const [address = ''] = target.split('?', 1); // the query is not part of `htu`
    const uri = parseHttpUri(address.startsWith('/') ? `${origin}${encodePath(address)}` : address);
    if (
      !HAS_PATH.test(address) ||
      DOT_SEGMENT.test(address) ||
      target.includes('#') ||
      uri?.origin !== origin
    ) {
      throw new AuthError('target_invalid', { facts: { target: redactUri(target) } });
    }
    return formatHttpUri({ origin, path: `${mountPrefix}${uri.path}` });
  };
}

/**
 * Browsers send some characters as they are that a URI must encode; a client that puts a valid URI in
 * `htu` encodes them. Node hands over each octet above 0x7F as one character; a character above 0xFF
 * is no octet, stays as it is and makes the target invalid.
 */
function encodePath(path: string): string {
  return path.replace(
    NOT_IN_PATH,
    (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

function isMountPrefix(origin: string, prefix: string): boolean {
  return !prefix.endsWith('/') && parseHttpUri(`${origin}${prefix}`)?.path === prefix;
}
