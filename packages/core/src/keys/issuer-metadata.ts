import type { JsonObject } from '../encoding/json.ts';
import { UnavailableError } from '../errors/unavailable-error.ts';
import { type FetchJsonOptions, fetchJson, requireFetchOptions } from './fetch-json.ts';
import { isSecureUrl, parseUrl, secureUrl } from './secure-url.ts';

/** What an authorization server says of itself (RFC 8414 §2); further members are as received. */
export interface IssuerMetadata extends JsonObject {
  /** The issuer identifier, the same text as the one that was asked for (RFC 8414 §3.3). */
  readonly issuer: string;
}

/**
 * Fetches the metadata of an authorization server: RFC 8414 first, then OpenID Connect Discovery,
 * with the well-known part inserted before the issuer's path and, last, appended to it.
 *
 * @throws TypeError when the issuer is not an https URL (http is for loopback only) or has a query,
 * or an option is out of range.
 * @throws UnavailableError `issuer_metadata` when no location answers, or the document names another
 * issuer: it must be the same text (RFC 8414 §3.3).
 */
export async function fetchIssuerMetadata(
  issuer: string,
  options: FetchJsonOptions = {},
): Promise<IssuerMetadata> {
  requireFetchOptions(options);
  for (const url of metadataUrls(issuer)) {
    const { status, body } = await fetchJson('issuer_metadata', url, {}, options);
    if (status === 404) continue;
    if (status !== 200 || body === undefined) {
      throw new UnavailableError('issuer_metadata', `${url} answered with status ${status}`);
    }
    if (body.issuer !== issuer) {
      throw new UnavailableError('issuer_metadata', `${url} is the metadata of another issuer`);
    }
    return body as IssuerMetadata;
  }
  throw new UnavailableError('issuer_metadata', `${issuer} publishes no metadata`);
}

/** The places where an issuer's metadata may be found, in the order to try. */
export function metadataUrls(issuer: string): readonly string[] {
  const url = secureUrl('issuer', issuer);
  if (issuer.includes('?')) throw new TypeError('issuer: a query is not allowed (RFC 8414 §2)');
  const path = url.pathname.replace(/\/$/, '');
  return [
    ...new Set([
      `${url.origin}/.well-known/oauth-authorization-server${path}`,
      `${url.origin}/.well-known/openid-configuration${path}`,
      `${url.origin}${path}/.well-known/openid-configuration`,
    ]),
  ];
}

/**
 * An endpoint of the metadata.
 *
 * @throws UnavailableError `issuer_metadata` when the member is missing or not an https URL.
 */
export function metadataEndpoint(metadata: IssuerMetadata, member: string): string {
  const value = metadata[member];
  if (typeof value !== 'string' || !isAsSecureAs(metadata.issuer, value)) {
    throw new UnavailableError(
      'issuer_metadata',
      `the metadata of ${metadata.issuer} has no usable ${member}`,
    );
  }
  return value;
}

/** A remote issuer must not send our credentials to whatever listens on this machine. */
function isAsSecureAs(issuer: string, endpoint: string): boolean {
  const url = parseUrl(endpoint);
  if (url === undefined) return false;
  return url.protocol === 'https:' || (issuer.startsWith('http:') && isSecureUrl(url));
}
