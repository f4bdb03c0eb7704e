import { isSecureUrl } from '@keybound/core';
import { SignerError } from '../signer-error.ts';

// pchar and "/" of RFC 3986 §3.3, with the "%" of escapes that are there already.
const NOT_ALLOWED_IN_PATH = /[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]/g;

/**
 * The `htu` of a request: its target URI without query, fragment and userinfo; an empty path is `/`
 * (RFC 9449 §4.2).
 *
 * The URL standard leaves characters such as `|`, `[` and `^` raw in a path where RFC 3986 does not
 * allow them. They are percent-encoded in upper-case hex, the form to which RFC 3986 §6.2.2 brings
 * both sides of the comparison.
 *
 * @throws TypeError when the text is not an absolute URL.
 * @throws SignerError `uri_not_secure` unless it is https, or http to this machine (RFC 9449 §2).
 */
export function formatHtu(uri: string | URL): string {
  const url = typeof uri === 'string' ? new URL(uri) : uri;
  if (!isSecureUrl(url)) {
    throw new SignerError(
      'uri_not_secure',
      `${url.origin} is not protected by TLS; use https (http is for loopback only)`,
    );
  }
  return url.origin + url.pathname.replace(NOT_ALLOWED_IN_PATH, encodeURIComponent);
}
