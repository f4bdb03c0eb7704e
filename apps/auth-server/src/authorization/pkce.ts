import { createHash } from 'node:crypto';

const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

/** Whether a verifier is the one a challenge was made of (RFC 7636 §4.6, S256). */
export function matchesChallenge(verifier: string, challenge: string): boolean {
  if (!VERIFIER.test(verifier)) return false; // RFC 7636 §4.1
  return createHash('sha256').update(verifier).digest('base64url') === challenge;
}
