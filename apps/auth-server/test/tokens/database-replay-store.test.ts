import type { ReplayStore } from '@keybound/core';
import { createProofVerifier, PRESETS } from '@keybound/dpop';
import { proofsOnceContract, replayStoreContract } from '@keybound/test-kit/contracts';
import { sql } from 'drizzle-orm';
import { deleteExpired, RETENTION_SECONDS } from '../../src/database/cleaning.ts';
import type { Queryable } from '../../src/database/database.ts';
import { createDatabaseReplayStore } from '../../src/tokens/database-replay-store.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

/** An empty store that is cleaned whenever its clock has moved, as if every row went at its time. */
async function cleanedStore(db: Queryable, clock: () => number): Promise<ReplayStore> {
  await db.execute(sql`truncate used_jtis`);
  const store = createDatabaseReplayStore(db);
  let cleanedAt = clock();
  return {
    async add(record) {
      if (clock() !== cleanedAt) {
        cleanedAt = clock();
        await deleteExpired(db, clock() + RETENTION_SECONDS);
      }
      return store.add(record);
    },
  };
}

replayStoreContract('the database', (clock) => cleanedStore(database.db, clock));

proofsOnceContract(
  'the database, whose instances have its clock',
  {
    presets: PRESETS,
    createProofVerifier,
    createStore: (clock) => cleanedStore(database.db, clock),
  },
  { skews: [0], numRuns: 10 },
);
