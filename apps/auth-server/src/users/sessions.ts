import type { Clock } from '@keybound/core';
import { eq } from 'drizzle-orm';
import type { Queryable } from '../database/database.ts';
import { toInstant, toSeconds } from '../database/instant.ts';
import { sessions } from '../database/schema.ts';
import { hashSecret, newSecret } from '../secrets.ts';
import type { User, Users } from './users.ts';

/** Somebody who has signed in in a browser. */
export interface Session {
  readonly user: User;
  /** When the person last typed the password, seconds since 1970-01-01T00:00:00Z with a fraction. */
  readonly authenticatedAt: number;
  /** How (RFC 9470). */
  readonly acr: string;
}

/** The only way to sign in here, by its usual name. */
export const ACR_PASSWORD = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport';

/** How long a browser stays signed in. */
export const SESSION_SECONDS: number = 8 * 3600;

/** The sessions of all browsers. */
export interface Sessions {
  /** @returns the secret for the browser's cookie */
  start(user: User): Promise<string>;
  find(secret: string): Promise<Session | undefined>;
  end(secret: string): Promise<void>;
}

/** Sessions in the database, under hashes: what it shows opens no session. */
export function createSessions({
  db,
  users,
  clock,
}: {
  readonly db: Queryable;
  readonly users: Users;
  readonly clock: Clock;
}): Sessions {
  return {
    async start(user): Promise<string> {
      const secret = newSecret();
      const now = clock();
      await db.insert(sessions).values({
        idHash: hashSecret(secret),
        userId: user.id,
        authenticatedAt: toInstant(now),
        acr: ACR_PASSWORD,
        expiresAt: toInstant(now + SESSION_SECONDS),
      });
      return secret;
    },
    async find(secret): Promise<Session | undefined> {
      const [row] = await db
        .select()
        .from(sessions)
        .where(eq(sessions.idHash, hashSecret(secret)));
      if (row === undefined || toSeconds(row.expiresAt) <= clock()) return undefined;
      const user = await users.find(row.userId);
      if (user === undefined) return undefined;
      return { user, authenticatedAt: row.authenticatedAt.getTime() / 1000, acr: row.acr };
    },
    async end(secret): Promise<void> {
      await db.delete(sessions).where(eq(sessions.idHash, hashSecret(secret)));
    },
  };
}
