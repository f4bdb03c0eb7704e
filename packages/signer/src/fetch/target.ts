import { isSecureUrl, secureUrl } from '@keybound/core';
import { SignerError } from '../signer-error.ts';

/**
 * The origins of an `origins` option.
 *
 * @throws TypeError when the list is empty or a member is more than an origin, or plain http to
 * another machine.
 */
export function parseOrigins(origins: readonly string[]): ReadonlySet<string> {
  if (!Array.isArray(origins) || origins.length === 0) {
    throw new TypeError('origins: give at least one origin that may receive the token');
  }
  return new Set(origins.map(parseOrigin));
}

function parseOrigin(value: string): string {
  const url = secureUrl('origins', value);
  if (url.pathname !== '/' || value.includes('?')) {
    throw new TypeError(`origins: ${value} must be scheme, host and port only`);
  }
  return url.origin;
}

/**
 * Refuses a URL that may not get the token.
 *
 * @throws SignerError `origin_not_allowed`, `token_in_query`
 */
export function checkTarget(url: URL, origins: ReadonlySet<string>): void {
  // The origin of a blob: URL is the one that made it, so the scheme counts too.
  if (!origins.has(url.origin) || !isSecureUrl(url)) {
    throw new SignerError(
      'origin_not_allowed',
      `${url.protocol}//${url.host} is not one of origins; add it, or use plain fetch for it`,
    );
  }
  // RFC 9700 §4.3.2: query strings end up in logs and Referer fields.
  if (url.searchParams.has('access_token')) {
    throw new SignerError(
      'token_in_query',
      'the URL has an access_token parameter; take it out, the token goes in a header field',
    );
  }
}

/**
 * Refuses header fields that would stand beside ours: one request presents one token, in one way
 * (RFC 6750 §2). Where there is no token to present, HTTP Basic may pass: it is how clients
 * authenticate at token and PAR endpoints (RFC 6749 §2.3.1).
 *
 * @throws SignerError `header_not_allowed`
 */
export function checkCallerFields(headers: Headers, presentsToken: boolean): void {
  const authorization = headers.get('authorization');
  const isClientAuthentication = !presentsToken && /^basic /i.test(authorization ?? '');
  if (headers.has('dpop') || (authorization !== null && !isClientAuthentication)) {
    throw new SignerError(
      'header_not_allowed',
      'leave out the Authorization and DPoP header fields; they are set for every send',
    );
  }
}
