import { and, eq, isNull } from 'drizzle-orm';
import type { Queryable } from '../database/database.ts';
import { toInstant } from '../database/instant.ts';
import { grants } from '../database/schema.ts';

/** What a person has allowed a client. */
export type Grant = typeof grants.$inferSelect;

/** Creates a grant. */
export async function createGrant(db: Queryable, grant: Omit<Grant, 'endedAt'>): Promise<void> {
  await db.insert(grants).values(grant);
}

/**
 * A grant, held until the transaction ends: what happens to its tokens happens one after the other, in
 * whatever process.
 */
export async function lockGrant(tx: Queryable, id: string): Promise<Grant | undefined> {
  const [grant] = await tx.select().from(grants).where(eq(grants.id, id)).for('update');
  return grant;
}

/** Gives a grant the time it is to last, now that its code has been redeemed. */
export async function prolongGrant(tx: Queryable, id: string, expiresAt: number): Promise<void> {
  await tx
    .update(grants)
    .set({ expiresAt: toInstant(expiresAt) })
    .where(eq(grants.id, id));
}

/**
 * Ends a grant with all its tokens.
 *
 * @returns whether it had not ended before
 */
export async function endGrant(db: Queryable, id: string, now: number): Promise<boolean> {
  const ended = await db
    .update(grants)
    .set({ endedAt: toInstant(now) })
    .where(and(eq(grants.id, id), isNull(grants.endedAt)))
    .returning({ id: grants.id });
  return ended.length > 0;
}
