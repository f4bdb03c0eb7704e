import type { OauthError } from '../oauth-error.ts';
import type { AuthorizationRequest } from './authorization-request.ts';

/** Where an answer goes. */
export type ResponseTarget = Pick<AuthorizationRequest, 'redirectUri' | 'state'>;

/** The address that brings the browser back to the client with a code (RFC 6749 §4.1.2). */
export function codeResponseUrl(issuer: string, target: ResponseTarget, code: string): string {
  return responseUrl(issuer, target, { code });
}

/** The address that brings the browser back to the client with an error (RFC 6749 §4.1.2.1). */
export function errorResponseUrl(
  issuer: string,
  target: ResponseTarget,
  error: OauthError,
): string {
  return responseUrl(issuer, target, { error: error.code, error_description: error.message });
}

/** RFC 9207 §2: `iss` is in every answer, so that a client notices another server's. */
function responseUrl(
  issuer: string,
  { redirectUri, state }: ResponseTarget,
  answer: Readonly<Record<string, string>>,
): string {
  const parameters = { ...answer, ...(state !== undefined && { state }), iss: issuer };
  // A redirect URI may have a query of its own, which stays as it is (RFC 6749 §3.1.2).
  const separator = redirectUri.includes('?') ? '&' : '?';
  return `${redirectUri}${separator}${new URLSearchParams(parameters)}`;
}

/** The origin, or the scheme, that a redirect URI leads to: what a person can recognise. */
export function destinationOf(redirectUri: string): string {
  const { origin, protocol } = new URL(redirectUri);
  return origin === 'null' ? protocol : origin;
}
