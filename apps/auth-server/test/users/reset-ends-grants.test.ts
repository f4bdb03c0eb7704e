import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { grants, users } from '../../src/database/schema.ts';
import { addUser, resetPassword } from '../../src/users/users.ts';
import { useDatabase } from '../support/database.ts';
import { grantCode, redeem, refresh } from '../support/grants.ts';
import { startServer } from '../support/server.ts';

const database = useDatabase();
const COST = { logN: 4, r: 8, p: 1 };

it('a password is reset → what was consented to with the old one has ended', async () => {
  const { app } = await startServer(database);
  const { refresh_token: token } = (await redeem(app, await grantCode(database.db))).json();
  const carol = { username: 'carol', password: 'a password of carol' };
  await addUser(database.db, { ...carol, now: 0 }, COST);
  const [row] = await database.db.select({ id: users.id }).from(users);
  await database.db.update(grants).set({ userId: row?.id ?? '' });
  await resetPassword(database.db, carol, COST);
  expect((await refresh(app, token)).json().error).toBe('invalid_grant');
  const left = await database.db
    .select()
    .from(grants)
    .where(eq(grants.userId, row?.id ?? ''));
  expect(left.map(({ endedAt }) => endedAt !== null)).toEqual([true]);
});
