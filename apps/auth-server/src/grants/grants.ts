import { eq } from 'drizzle-orm';
import { and, isNull } from 'drizzle-orm';
import type { Queryable } from '../database/database.ts';
import { toInstant } from '../database/instant.ts';
import { grants } from '../database/schema.ts';

/** What a person has allowed a client. */
export type Grant = typeof grants.$inferSelect;

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
