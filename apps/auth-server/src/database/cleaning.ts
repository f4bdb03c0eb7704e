import { inArray, lt } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { Queryable } from './database.ts';
import { toInstant } from './instant.ts';
import * as schema from './schema.ts';

/** Small enough that nobody waits for a batch. */
export const BATCH_ROWS = 500;

/**
 * How long a row stays after its time. A clock that jumps ahead and comes back within this has lost
 * nothing, least of all the memory of used proofs; access tokens outlive their grants by less.
 */
export const RETENTION_SECONDS = 3600;

/** Tables by what identifies a row; children before the grants they belong to. */
const EXPIRING = [
  [schema.usedJtis, schema.usedJtis.id],
  [schema.sessions, schema.sessions.idHash],
  [schema.interactions, schema.interactions.idHash],
  [schema.pushedRequests, schema.pushedRequests.uriHash],
  [schema.authorizationCodes, schema.authorizationCodes.codeHash],
  [schema.accessTokens, schema.accessTokens.tokenHash],
  [schema.refreshTokens, schema.refreshTokens.tokenHash],
  [schema.grants, schema.grants.id],
] as const;

/**
 * Deletes rows whose time is over, in batches, until none is left. Several instances may clean at
 * once: each takes rows the others have not locked.
 *
 * @returns how many rows went
 */
export async function deleteExpired(db: Queryable, now: number): Promise<number> {
  const limit = toInstant(now - RETENTION_SECONDS);
  let deleted = 0;
  for (const [table, key] of EXPIRING) {
    for (;;) {
      const batch = db
        .select({ key })
        .from(table as PgTable)
        .where(lt(table.expiresAt, limit))
        .limit(BATCH_ROWS)
        .for('update', { skipLocked: true });
      const gone = await db.delete(table).where(inArray(key, batch)).returning({ key });
      deleted += gone.length;
      if (gone.length < BATCH_ROWS) break;
    }
  }
  return deleted;
}
