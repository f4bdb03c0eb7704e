import { randomUUID } from 'node:crypto';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Queryable } from '../database/database.ts';
import { toInstant } from '../database/instant.ts';
import { grants, sessions, users } from '../database/schema.ts';
import {
  hashPassword,
  PASSWORD_COST,
  type PasswordCost,
  unmatchableHash,
  verifyPassword,
} from './password.ts';

/** A person who can sign in. */
export interface User {
  /** The subject of tokens. */
  readonly id: string;
  readonly username: string;
}

/** A person whose password is published, for demonstrations; kept in memory and never stored. */
export interface DemoUser extends User {
  readonly password: string;
}

/** The people this server knows. */
export interface Users {
  find(id: string): Promise<User | undefined>;
  /** The person of that name when the password is right. Takes as long when there is no such name. */
  verifyPassword(username: string, password: string): Promise<User | undefined>;
}

/** Where people come from. */
export interface UsersOptions {
  readonly db: Queryable;
  readonly demo: readonly DemoUser[];
  /** @defaultValue {@link PASSWORD_COST} */
  readonly cost?: PasswordCost;
}

/** Begins identifiers, so that none is that of a client, which may stand in `sub` as well (RFC 9068 §5). */
const PREFIX = 'user-';

/** People of the database, and those of a demonstration. */
export function createUsers({ db, demo, cost = PASSWORD_COST }: UsersOptions): Users {
  const nobody = unmatchableHash(cost);
  // Made when they first sign in: a hash costs some tenths of a second.
  const demoHashes = new Map<string, Promise<string>>();

  async function passwordHash(username: string): Promise<{ user?: User; hash: string }> {
    const name = normalUsername(username);
    const known = demo.find((one) => one.username === name);
    if (known !== undefined) {
      const hash = demoHashes.get(name) ?? hashPassword(known.password, cost);
      demoHashes.set(name, hash);
      return { user: known, hash: await hash };
    }
    if (!isUsername(name)) return { hash: nobody };
    const [row] = await db.select().from(users).where(eq(users.username, name));
    return row === undefined ? { hash: nobody } : { user: row, hash: row.passwordHash };
  }

  return {
    async find(id): Promise<User | undefined> {
      const known = demo.find((one) => one.id === id);
      if (known !== undefined) return { id, username: known.username };
      const [row] = await db
        .select({ id: users.id, username: users.username })
        .from(users)
        .where(eq(users.id, id));
      return row;
    },
    async verifyPassword(username, password): Promise<User | undefined> {
      const { user, hash } = await passwordHash(username);
      const isRight = await verifyPassword(password, hash);
      return isRight && user !== undefined ? { id: user.id, username: user.username } : undefined;
    },
  };
}

const USERNAME = /^[^\p{C}\p{Z}]{1,64}$/u;

/**
 * Whether a normal name may be anybody's: nothing that cannot be seen, and nothing that the database
 * cannot hold, such as U+0000.
 */
export function isUsername(name: string): boolean {
  return USERNAME.test(name);
}

/** Names are compared without case and as Unicode means them. */
export function normalUsername(username: string): string {
  // Lower case may undo the normal form, so that it is made again.
  return username.normalize('NFKC').toLowerCase().normalize('NFKC');
}

/**
 * Adds a person.
 *
 * @returns whether the name was free
 */
export async function addUser(
  db: Queryable,
  { username, password, now }: { username: string; password: string; now: number },
  cost = PASSWORD_COST,
): Promise<boolean> {
  const added = await db
    .insert(users)
    .values({
      id: PREFIX + randomUUID(),
      username: normalUsername(username),
      passwordHash: await hashPassword(password, cost),
      createdAt: toInstant(now),
    })
    .onConflictDoNothing()
    .returning({ id: users.id });
  return added.length > 0;
}

/**
 * Gives a person a new password and ends what was signed in and consented to with the old one.
 *
 * @returns whether there is such a person
 */
export async function resetPassword(
  db: Queryable,
  { username, password }: { username: string; password: string },
  cost = PASSWORD_COST,
): Promise<boolean> {
  const passwordHash = await hashPassword(password, cost);
  return db.transaction(async (tx) => {
    const [user] = await tx
      .update(users)
      .set({ passwordHash })
      .where(eq(users.username, normalUsername(username)))
      .returning({ id: users.id });
    if (user === undefined) return false;
    await tx.delete(sessions).where(eq(sessions.userId, user.id));
    // Whoever knew the old password may have consented to something.
    await tx
      .update(grants)
      .set({ endedAt: sql`now()` })
      .where(and(eq(grants.userId, user.id), isNull(grants.endedAt)));
    return true;
  });
}
