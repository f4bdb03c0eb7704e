import { isJsonObject } from '../encoding/json.ts';
import { isSha256Base64url } from '../encoding/sha256.ts';
import { AuthError } from '../errors/auth-error.ts';

/** The key a token is bound to: its RFC 7638 thumbprint (RFC 9449 §6.1). */
export interface Confirmation {
  /** The thumbprint as 43 base64url characters. */
  readonly jkt: string;
}

/**
 * The confirmation in a `cnf` claim, or `undefined` when the token has none and so is not bound.
 * A `cnf` that is there but not understood never means unbound: the token is refused under every
 * scheme. Members beside `jkt` are ignored (RFC 7800 §3.1), save `x5t#S256`: a certificate binding
 * (RFC 8705 §3.1) is not checked here, so a token that has one is refused.
 *
 * @throws AuthError `confirmation_unsupported`
 */
export function parseConfirmation(cnf: unknown): Confirmation | undefined {
  if (cnf === undefined) return undefined;
  if (!isJsonObject(cnf) || !isSha256Base64url(cnf.jkt) || Object.hasOwn(cnf, 'x5t#S256')) {
    throw new AuthError('confirmation_unsupported');
  }
  return Object.freeze({ jkt: cnf.jkt });
}
