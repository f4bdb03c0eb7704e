import { createHash, randomBytes } from 'node:crypto';

// RFC 6749 §10.10 asks for a guess probability of 2^-160 at most.
const SECRET_BYTES = 32;

/** A new secret text: a code, a token, an identifier that must not be guessed. */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** What is kept of a secret. Enough for secrets that cannot be guessed; passwords need more. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
