import { runtime } from '#crypto';
import type { Awaitable } from '../crypto/runtime-crypto.ts';

/**
 * The SHA-256 hash of a text's UTF-8 bytes as 43 base64url characters: the form of `ath` (RFC 9449
 * §4.2) and of a JWK thumbprint (RFC 7638). There at once on Node, promised elsewhere.
 */
export function sha256Base64url(text: string): Awaitable<string> {
  return runtime.sha256(text);
}

// 32 bytes make 43 characters; the last one carries two unused bits, which are zero.
const CANONICAL_SHA256 = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** Whether a value is the canonical base64url text of a SHA-256 hash. */
export function isSha256Base64url(value: unknown): value is string {
  return typeof value === 'string' && CANONICAL_SHA256.test(value);
}
