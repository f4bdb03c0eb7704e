import { type ReplayAnswer, type ReplayStore, UnavailableError } from '@keybound/core';
import type { Queryable } from '../database/database.ts';
import { toInstant } from '../database/instant.ts';
import { usedJtis } from '../database/schema.ts';

/**
 * A memory of used proofs and client assertions that all instances share: the primary key lets one
 * insert of each record through. It loses nothing that PostgreSQL has confirmed.
 */
export function createDatabaseReplayStore(db: Queryable): ReplayStore {
  return {
    async add({ id, rememberUntil }): Promise<ReplayAnswer> {
      try {
        const added = await db
          .insert(usedJtis)
          .values({ id, expiresAt: toInstant(rememberUntil) })
          .onConflictDoNothing()
          .returning({ id: usedJtis.id });
        return { isNew: added.length > 0, completeSince: 0 };
      } catch (error) {
        // The driver's error repeats the query; its cause is what the operator needs.
        const cause = error instanceof Error ? error.cause : error;
        throw new UnavailableError('replay_store', 'the database cannot keep a used jti', {
          cause,
        });
      }
    },
  };
}
