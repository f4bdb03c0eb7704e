import type { User } from './users.ts';

/** Somebody who has signed in in a browser. */
export interface Session {
  readonly user: User;
  /** When the person last typed the password, seconds since 1970-01-01T00:00:00Z. */
  readonly authenticatedAt: number;
  /** How (RFC 9470). */
  readonly acr: string;
}

/** The only way to sign in here, by its usual name. */
export const ACR_PASSWORD = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport';

/** The sessions of all browsers. */
export interface Sessions {
  /** @returns the secret for the browser's cookie */
  start(user: User): Promise<string>;
  find(secret: string): Promise<Session | undefined>;
  end(secret: string): Promise<void>;
}
