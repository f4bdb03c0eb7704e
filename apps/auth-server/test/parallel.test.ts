import { KEYS } from '@keybound/test-kit';
import { count, isNull } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { accessTokens, refreshTokens } from '../src/database/schema.ts';
import { useDatabase } from './support/database.ts';
import { grantCode, redeem, refresh } from './support/grants.ts';
import { proofFor, startServer } from './support/server.ts';

// Two processes do the same in processes/postgresql; here it is one, on either storage.

const database = useDatabase();
const PARALLEL = 200;

async function tokenRows() {
  const { db } = database;
  const [access] = await db.select({ rows: count() }).from(accessTokens);
  const unspent = isNull(refreshTokens.spentAt);
  const [living] = await db.select({ rows: count() }).from(refreshTokens).where(unspent);
  return { access: access?.rows, living: living?.rows };
}

it('200 parallel redemptions of one code → one success, the rest invalid_grant, and the grant is over [OAUTH-4.1.2-01, OAUTH-4.1.3-01]', async () => {
  const { app } = await startServer(database);
  const code = await grantCode(database.db);
  const answers = await Promise.all(Array.from({ length: PARALLEL }, () => redeem(app, code)));
  const won = answers.filter(({ statusCode }) => statusCode === 200);
  expect(won).toHaveLength(1);
  for (const answer of answers) {
    if (answer.statusCode !== 200) {
      expect([answer.statusCode, answer.json().error]).toEqual([400, 'invalid_grant']);
    }
  }
  expect(await tokenRows()).toEqual({ access: 1, living: 1 });
  const later = await refresh(app, won[0]?.json().refresh_token);
  expect(later.json().error).toBe('invalid_grant');
});

it("200 parallel refreshes, half of them with a thief's key → one response for the owner, none for the thief", async () => {
  const { app } = await startServer(database);
  const token = (await redeem(app, await grantCode(database.db))).json().refresh_token;
  const answers = await Promise.all(
    Array.from({ length: PARALLEL }, (_, i) =>
      refresh(app, token, {}, { dpop: proofFor(i % 2 === 0 ? {} : { key: KEYS.mallory }) }),
    ),
  );
  const [own, stolen] = [0, 1].map((half) => answers.filter((_, i) => i % 2 === half));
  expect(new Set(own?.map(({ body }) => body)).size).toBe(1);
  expect(new Set(stolen?.map((answer) => answer.json().error))).toEqual(new Set(['invalid_grant']));
  // One of each from the code and from all the refreshes.
  expect(await tokenRows()).toEqual({ access: 2, living: 1 });
  expect((await refresh(app, own?.[0]?.json().refresh_token)).statusCode).toBe(200);
});
