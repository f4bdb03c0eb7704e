import { AUTH_REASONS, type AuthErrorCode, type AuthReason } from './reasons.ts';

/**
 * What was measured when a check failed, for logs: skew in seconds, computed and received target.
 * Texts are cut to 300 characters. Tokens, proofs and nonces are never facts.
 */
export type AuthFacts = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

const MAX_FACT_CHARS = 300;
const BRAND = 'keybound.AuthError';

/** Extra knowledge about a refusal; none of it goes on the wire. */
export interface AuthErrorOptions {
  /** What was measured. @defaultValue nothing */
  readonly facts?: AuthFacts;
  /** What was caught when the check failed, if anything. */
  readonly cause?: unknown;
}

/**
 * The client was wrong: its credentials, token or proof failed a check. `reason` names the check,
 * `code` is the registered OAuth error code (undefined when there were no credentials at all),
 * `message` is the constant sentence of the reason, `facts` and `cause` are for logs only.
 */
export class AuthError extends Error {
  /** Always `'AuthError'`; {@link isAuthError} does not go by it. */
  override readonly name: string = 'AuthError';
  /** Tells this class from another library's of the same name, across installed copies. */
  readonly brand: 'keybound.AuthError' = BRAND;
  /** The check that failed. */
  readonly reason: AuthReason;
  /** The OAuth error code of the reason; undefined when there were no credentials. */
  readonly code: AuthErrorCode | undefined;
  /** What was measured, for logs; frozen. */
  readonly facts: AuthFacts;

  constructor(reason: AuthReason, options: AuthErrorOptions = {}) {
    const { code, description } = AUTH_REASONS[reason];
    super(description, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.code = code;
    this.facts = Object.freeze(shorten(options.facts ?? {}));
  }
}

function shorten(facts: AuthFacts): Record<string, AuthFacts[string]> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(cut) : typeof value === 'string' ? cut(value) : value,
    ]),
  );
}

function cut(text: string): string {
  return text.slice(0, MAX_FACT_CHARS);
}

/**
 * Whether a caught value is an {@link AuthError}, also one made by another installed copy of this
 * package, which `instanceof` would miss.
 */
export function isAuthError(value: unknown): value is AuthError {
  return typeof value === 'object' && value !== null && 'brand' in value && value.brand === BRAND;
}
