import type { ProtectedRequest } from '@keybound/core';
import { type HttpUri, normalizePath, parseHttpUri, TRIPLETS } from './http-uri.ts';
import { createPrefixChoice } from './mount-prefix.ts';
import { createOriginChoice } from './origins.ts';
import type { TrustedProxies } from './proxies.ts';
import { targetInvalid } from './target-fault.ts';

/**
 * How the outside world addresses this server. A field of a request only ever chooses among what is
 * configured here and never supplies anything: a hostile server could otherwise have a proof made for
 * itself and replay it here under its own name.
 */
export interface TargetUriOptions {
  /**
   * The origin clients use, such as `https://api.example`, without a path. While it is the only one,
   * neither `Host` nor any other field is consulted to find the origin.
   */
  readonly publicOrigin: string;
  /**
   * More origins that clients use. `Host` or `:authority` chooses among all of them, or the host that a
   * trusted proxy forwards ({@link TargetUriOptions.proxies}); a request that names none of them is
   * refused. No two may have the same host and port. @defaultValue none
   */
  readonly furtherOrigins?: readonly string[];
  /**
   * The path a proxy strips before it passes requests on, such as `/api`: clients see it, this
   * server does not. Prefixes of the framework's own routes do not belong here.
   * @defaultValue none
   */
  readonly mountPrefix?: string;
  /**
   * Proxies whose forwarded fields choose among the origins and mount prefixes. Not needed, and without
   * effect, with one origin and one prefix. @defaultValue none, and no forwarded field is believed
   */
  readonly proxies?: TrustedProxies;
  /**
   * For development: is called with a few sentences about each proof refused for its `htu` and each
   * request refused for its target. They say what the proof named, what this server computed and from
   * what, where the two differ, which forwarded fields were there and why they were not believed, and
   * which option to look at. At most 2000 printable ASCII characters without userinfo, query and
   * fragment, so they are fit for a log. Anyone with a good token can cause one. @defaultValue not called
   */
  readonly explain?: (sentences: string) => void;
}

/** The URI of a request in normal form, and where it came from. */
export interface Target {
  /** Query left out (RFC 9449 §4.2). */
  readonly uri: HttpUri;
  /** The mount prefix in the path; empty when there is none. */
  readonly prefix: string;
  /** The forwarded fields that chose origin and prefix, in lower case. */
  readonly believedFields: readonly string[];
}

/** Gives the target URI of a request (RFC 9110 §7.1). */
export type TargetUri = (request: ProtectedRequest) => Target;

/** As many as an `htu` may have: a longer target could be named by none. */
const MAX_CHARS = 2048;
// Origin-form without query that is in normal form as it stands: nothing to decode, no dot, no fragment.
const PLAIN = /^\/[A-Za-z0-9\-_~!$&'()*+,;=:@/]*$/;
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
 * (RFC 9112 §3.2.2) must name the origin the request is for and a path.
 *
 * The function throws `AuthError` `target_invalid`, with a `fault` among its facts, for any other form,
 * another origin, a fragment, a path with dot segments, and for a request whose host is not one host
 * or none of several origins.
 *
 * @throws TypeError when an option is not of the described form, or an origin is plain http and not
 * loopback (RFC 9449 §2).
 */
export function createTargetUri(options: TargetUriOptions): TargetUri {
  const chooseOrigin = createOriginChoice(options);
  const choosePrefix = createPrefixChoice(options.mountPrefix ?? '', options.proxies);

  return (request) => {
    const { origin, fields: originFields } = chooseOrigin(request);
    const { prefix, fields: prefixFields } = choosePrefix(request);
    return {
      uri: { origin, path: `${prefix}${pathOf(request, origin)}` },
      prefix,
      believedFields: [...originFields, ...prefixFields],
    };
  };
}

function pathOf(request: ProtectedRequest, origin: string): string {
  const { target } = request;
  const query = target.indexOf('?'); // which is not part of `htu`
  const address = query < 0 ? target : target.slice(0, query);
  if (address.length > MAX_CHARS) throw targetInvalid(request, 'target_too_long');
  if (PLAIN.test(target)) return target;
  if (target.includes('#')) throw targetInvalid(request, 'target_fragment');
  if (!HAS_PATH.test(address)) throw targetInvalid(request, 'target_form');
  if (DOT_SEGMENT.test(address)) throw targetInvalid(request, 'target_dot_segments');
  const uri = address.startsWith('/') ? pathOnly(origin, address) : parseHttpUri(address);
  if (uri === undefined) throw targetInvalid(request, 'target_malformed');
  if (uri.origin !== origin) throw targetInvalid(request, 'target_other_origin');
  return uri.path;
}

/** The URI of a target in origin-form. */
function pathOnly(origin: string, address: string): HttpUri | undefined {
  const path = normalizePath(encodePath(address));
  return path === undefined ? undefined : { origin, path };
}

/**
 * Browsers send some characters as they are that a URI must encode; a client that puts a valid URI in
 * `htu` encodes them. Node hands over each octet above 0x7F as one character; a character above 0xFF
 * is no octet, stays as it is and makes the target invalid.
 */
function encodePath(path: string): string {
  return path.replace(NOT_IN_PATH, (character) => TRIPLETS[character.charCodeAt(0)] ?? character);
}
