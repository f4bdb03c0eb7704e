import { NOW } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { sessions, users as usersTable } from '../../src/database/schema.ts';
import { DEMO_USERS } from '../../src/users/demo-users.ts';
import { createSessions } from '../../src/users/sessions.ts';
import {
  addUser,
  createUsers,
  isUsername,
  normalUsername,
  resetPassword,
} from '../../src/users/users.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const cost = { logN: 4, r: 8, p: 1 };

const CAROL = { username: 'Carol', password: 'a password of carol', now: NOW };

describe('users', () => {
  it('somebody who was added → signs in by name and password, whatever the case', async () => {
    const users = createUsers({ db: database.db, demo: [], cost });
    expect(await addUser(database.db, CAROL, cost)).toBe(true);
    const carol = await users.verifyPassword('CAROL', CAROL.password);
    expect(carol).toEqual({ id: expect.stringMatching(/^user-[\da-f-]{36}$/), username: 'carol' });
    expect(await users.find(carol?.id ?? '')).toEqual(carol);
    expect(await users.verifyPassword('carol', 'another')).toBeUndefined();
    expect(await users.verifyPassword('carole', CAROL.password)).toBeUndefined();
  });

  it('what is stored → a hash, no password', async () => {
    await addUser(database.db, CAROL, cost);
    const [row] = await database.db.select().from(usersTable);
    expect(row?.passwordHash).toMatch(/^scrypt\$4\$8\$1\$/);
    expect(JSON.stringify(row)).not.toContain(CAROL.password);
  });

  it('a name that is taken, in another spelling → not added, and the password stays', async () => {
    await addUser(database.db, CAROL, cost);
    const again = { ...CAROL, username: 'ＣＡＲＯＬ', password: 'another password' };
    expect(await addUser(database.db, again, cost)).toBe(false);
    const users = createUsers({ db: database.db, demo: [], cost });
    expect(await users.verifyPassword('carol', CAROL.password)).toBeDefined();
  });

  it('20 at once with one name → one is added', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => addUser(database.db, CAROL, cost)),
    );
    expect(outcomes.filter(Boolean)).toHaveLength(1);
  });

  it.each(DEMO_USERS)(
    '$username of the demonstration → known when asked for, stored never',
    async (demo) => {
      const users = createUsers({ db: database.db, demo: DEMO_USERS, cost });
      const user = { id: demo.id, username: demo.username };
      expect(await users.verifyPassword(demo.username.toUpperCase(), demo.password)).toEqual(user);
      expect(await users.verifyPassword(demo.username, `${demo.password}!`)).toBeUndefined();
      expect(await users.find(demo.id)).toEqual(user);
      expect(await database.db.select().from(usersTable)).toEqual([]);
      const real = createUsers({ db: database.db, demo: [], cost });
      expect(await real.verifyPassword(demo.username, demo.password)).toBeUndefined();
      expect(await real.find(demo.id)).toBeUndefined();
    },
  );

  it.each([['carol\0'], ['\ud800'], ['x'.repeat(100_000)], ['']])(
    'a name that nobody can have (%#) → nobody, no fault of the database',
    async (username) => {
      const users = createUsers({ db: database.db, demo: [], cost });
      expect(await users.verifyPassword(username, 'x')).toBeUndefined();
    },
  );

  it.each([
    ['Carol', 'carol'],
    ['ＣＡＲＯＬ', 'carol'],
    ['JOSE\u0301', 'josé'],
    ['ﬁona', 'fiona'],
    ['ΣΊΣΥΦΟΣ', 'σίσυφος'],
    ['İ', 'i\u0307'],
  ])('%s → %s, which is its own normal form', (name, normal) => {
    expect(normalUsername(name)).toBe(normal);
    expect(normalUsername(normal)).toBe(normal);
  });

  it.each([
    ['carol', true],
    ['josé', true],
    ['carol@example.com', true],
    ['王', true],
    ['x'.repeat(64), true],
    ['x'.repeat(65), false],
    ['', false],
    ['carol jones', false],
    ['carol\u202e', false],
    ['carol\u200b', false],
    ['carol\n', false],
  ])('%j may be a name: %s', (name, outcome) => {
    expect(isUsername(name)).toBe(outcome);
  });
});

describe('resetPassword', () => {
  it('somebody who is there → new password, and sessions of theirs end, of others not', async () => {
    const { db } = database;
    const users = createUsers({ db, demo: DEMO_USERS, cost });
    const own = createSessions({ db, users, clock: () => NOW });
    await addUser(db, CAROL, cost);
    const carol = await users.verifyPassword('carol', CAROL.password);
    const [alice] = DEMO_USERS;
    if (carol === undefined || alice === undefined) throw new Error('missing');
    const [hers, others] = [await own.start(carol), await own.start(alice)];
    const reset = { username: 'CAROL', password: 'a new password' };
    expect(await resetPassword(db, reset, cost)).toBe(true);
    expect(await own.find(hers)).toBeUndefined();
    expect(await own.find(others)).toBeDefined();
    expect(await users.verifyPassword('carol', CAROL.password)).toBeUndefined();
    expect(await users.verifyPassword('carol', 'a new password')).toEqual(carol);
    expect(await db.select().from(sessions)).toHaveLength(1);
  });

  it('nobody of that name → false', async () => {
    expect(await resetPassword(database.db, { username: 'x', password: 'y' }, cost)).toBe(false);
  });
});
