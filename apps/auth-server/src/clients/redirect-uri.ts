import type { ClientMetadata } from './client.ts';

type ApplicationType = ClientMetadata['application_type'];

const MAX_CHARS = 1024;

/** The characters of RFC 3986: what parsers strip, mend or read in two ways has no place here. */
const URI_CHARS = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/;
const USERINFO = /^[^/?#]*\/\/[^/?#]*@/;
const SECURE = /^https:\/\/[^/?#]/;
/** Scheme and host, port, rest. Spelled out: parsers take 127.1 and 0x7f000001 for 127.0.0.1 as well. */
const LOOPBACK = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::\d{1,5})?([/?].*)?$/;
/** A scheme made of a domain in reverse, which javascript, data, file and the like are not. */
const PRIVATE_USE = /^[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+:./;

/**
 * Why a redirect URI may not be registered, as the end of a sentence; undefined when it may. Allowed
 * are https, http to this machine itself (RFC 8252 §7.3), and for native applications private-use
 * schemes (RFC 8252 §7.1). Everything else would send codes in the clear or run what is in the URI.
 */
export function redirectUriFault(
  uri: string,
  applicationType: ApplicationType,
): string | undefined {
  if (uri.length > MAX_CHARS) return `must have at most ${MAX_CHARS} characters each`;
  if (!URI_CHARS.test(uri) || !URL.canParse(uri)) return 'must be absolute URIs';
  if (uri.includes('#')) return 'must have no fragment'; // RFC 6749 §3.1.2
  if (USERINFO.test(uri)) return 'must have no userinfo';
  if (SECURE.test(uri) || LOOPBACK.test(uri)) return undefined;
  if (!PRIVATE_USE.test(uri)) {
    return 'must use https, http to 127.0.0.1, [::1] or localhost, or a scheme such as com.example.app';
  }
  return applicationType === 'native'
    ? undefined
    : 'may have a private scheme in native clients only';
}

/**
 * Whether a request may name a redirect URI: character by character the registered one. Only the port
 * of a native application on this machine may differ, because the system chooses it (RFC 9700 §4.1.3,
 * RFC 8252 §7.3).
 */
export function matchesRedirectUri(
  registered: string,
  requested: string,
  applicationType: ApplicationType,
): boolean {
  if (requested === registered) return true;
  if (applicationType !== 'native') return false;
  const [, origin, rest] = LOOPBACK.exec(registered) ?? [];
  const [, requestedOrigin, requestedRest] = LOOPBACK.exec(requested) ?? [];
  if (origin === undefined || origin !== requestedOrigin || rest !== requestedRest) return false;
  return URL.canParse(requested); // a port above 65535 is none
}
