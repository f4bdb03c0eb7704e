import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Queryable } from '../database/database.ts';
import { toInstant } from '../database/instant.ts';
import { sessions, users } from '../database/schema.ts';
import { hashPassword, PASSWORD_COST, type PasswordCost, verifyPassword } from './password.ts';

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
  // Made when somebody first signs in: a hash costs some tenths of a second.
  let nobody: Promise<string> | undefined;
  const demoHashes = new Map<string, Promise<string>>();

  async function passwordHash(username: string): Promise<{ user?: User; hash: string }> {
    const name = normalUsername(username);
    const known = demo.find((one) => one.username === name);
    if (known !== undefined) {
      const hash = demoHashes.get(name) ?? hashPassword(known.password, cost);
      demoHashes.set(name, hash);
      return { user: known, hash: await hash };
    }
    const [row] = await db.select().from(users).where(eq(users.username, name));
    if (row !== undefined) return { user: row, hash: row.passwordHash };
    nobody ??= hashPassword(randomUUID(), cost);
    return { hash: await nobody };
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

/** Names are compared without case and as Unicode means them. */
export function normalUsername(username: string): string {
  return username.normalize('NFKC').toLowerCase();
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
 * Gives a person a new password and ends what was signed in with the old one.
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
    return true;
  });
}
