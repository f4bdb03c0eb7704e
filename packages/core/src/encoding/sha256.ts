import { encodeBase64url } from './base64url.ts';

const utf8 = new TextEncoder();

/**
 * The SHA-256 hash of a text's UTF-8 bytes as 43 base64url characters: the form of `ath` (RFC 9449
 * §4.2) and of a JWK thumbprint (RFC 7638).
 */
export async function sha256Base64url(text: string): Promise<string> {
  return encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8.encode(text))));
}

// 32 bytes make 43 characters; the last one carries two unused bits, which are zero.
const CANONICAL_SHA256 = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** Whether a value is the canonical base64url text of a SHA-256 hash. */
export function isSha256Base64url(value: unknown): value is string {
  return typeof value === 'string' && CANONICAL_SHA256.test(value);
}
