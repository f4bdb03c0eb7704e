import type { ReplayStore } from '@keybound/core';
import { createProofVerifier, PRESETS } from '@keybound/dpop';
import { testRequest } from '@keybound/test-kit';
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

for (const [name, { maxAgeSeconds, maxFutureSeconds }] of Object.entries(PRESETS)) {
  proofsOnceContract(
    `preset ${name} over the database, whose instances have its clock`,
    {
      maxAgeSeconds,
      maxFutureSeconds,
      async start(clock, instanceClocks) {
        const replay = await cleanedStore(database.db, clock);
        return instanceClocks.map((instanceClock) => {
          const proofs = createProofVerifier({
            publicOrigin: 'https://as.example',
            preset: name as keyof typeof PRESETS,
            replay,
            clock: instanceClock,
          });
          return async (proof) => {
            const request = testRequest({ dpop: proof }, { method: 'POST', target: '/token' });
            return proofs.verify(request).then(
              () => true,
              () => false,
            );
          };
        });
      },
    },
    { skews: [0], numRuns: 10 },
  );
}
