import { NOW } from '@keybound/test-kit';
import { count } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { BATCH_ROWS, deleteExpired, RETENTION_SECONDS } from '../src/database/cleaning.ts';
import { toInstant } from '../src/database/instant.ts';
import {
  accessTokens,
  authorizationCodes,
  grants,
  refreshTokens,
  usedJtis,
} from '../src/database/schema.ts';
import { useDatabase } from './support/database.ts';
import { grantCode, redeem } from './support/grants.ts';
import { startServer } from './support/server.ts';

const database = useDatabase();

async function rows(table: typeof usedJtis | typeof grants | typeof accessTokens): Promise<number> {
  const [row] = await database.db.select({ rows: count() }).from(table);
  return row?.rows ?? 0;
}

describe('deleteExpired', () => {
  it('more than a batch → all that are over go, the others stay', async () => {
    const over = NOW - RETENTION_SECONDS - 1;
    const record = (id: string, seconds: number) => ({ id, expiresAt: toInstant(seconds) });
    const old = Array.from({ length: 2 * BATCH_ROWS + 1 }, (_, i) => record(`old ${i}`, over));
    await database.db.insert(usedJtis).values([...old, record('new', NOW - RETENTION_SECONDS)]);
    expect(await deleteExpired(database.db, NOW)).toBe(2 * BATCH_ROWS + 1);
    expect(await database.db.select({ id: usedJtis.id }).from(usedJtis)).toEqual([{ id: 'new' }]);
  });

  it('two at once → every row goes once', async () => {
    const expiresAt = toInstant(NOW - 2 * RETENTION_SECONDS);
    const old = Array.from({ length: 1200 }, (_, i) => ({ id: `old ${i}`, expiresAt }));
    await database.db.insert(usedJtis).values(old);
    const deleted = await Promise.all([
      deleteExpired(database.db, NOW),
      deleteExpired(database.db, NOW),
    ]);
    expect(deleted[0] + deleted[1]).toBe(1200);
    expect(await rows(usedJtis)).toBe(0);
  });

  it('a grant that is over → it goes with its code and tokens', async () => {
    const lifetimes = { accessTokenSeconds: 50, refreshTokenSeconds: 100, grantSeconds: 100 };
    const { app } = await startServer(database, { lifetimes });
    await redeem(app, await grantCode(database.db));
    await grantCode(database.db); // a consent that nobody followed up
    await deleteExpired(database.db, NOW + RETENTION_SECONDS + 99);
    expect(await rows(grants)).toBe(1);
    await deleteExpired(database.db, NOW + RETENTION_SECONDS + 101);
    expect(await rows(grants)).toBe(0);
    for (const table of [authorizationCodes, refreshTokens, accessTokens]) {
      const left = await database.db.select({ rows: count() }).from(table);
      expect(left[0]?.rows).toBe(0);
    }
  });
});
