import { createTestClock, NOW } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { sessions as table } from '../../src/database/schema.ts';
import { DEMO_USERS } from '../../src/users/demo-users.ts';
import { ACR_PASSWORD, createSessions, SESSION_SECONDS } from '../../src/users/sessions.ts';
import { createUsers } from '../../src/users/users.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const ALICE = { id: 'user-alice', username: 'alice' };

function setUp(demo = DEMO_USERS) {
  const { db } = database;
  const clock = createTestClock(NOW + 0.25);
  return { clock, sessions: createSessions({ db, users: createUsers({ db, demo }), clock }) };
}

describe('sessions', () => {
  it('started → found with the person, when and how they signed in', async () => {
    const { sessions } = setUp();
    const secret = await sessions.start(ALICE);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(await sessions.find(secret)).toEqual({
      user: ALICE,
      authenticatedAt: NOW + 0.25,
      acr: ACR_PASSWORD,
    });
  });

  it('what is stored → no secret', async () => {
    const { sessions } = setUp();
    const secret = await sessions.start(ALICE);
    const rows = await database.db.select().from(table);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  it('eight hours later → over', async () => {
    const { sessions, clock } = setUp();
    const secret = await sessions.start(ALICE);
    clock.advance(SESSION_SECONDS - 1);
    expect(await sessions.find(secret)).toBeDefined();
    clock.advance(1);
    expect(await sessions.find(secret)).toBeUndefined();
  });

  it('ended → gone, others stay', async () => {
    const { sessions } = setUp();
    const [one, other] = [await sessions.start(ALICE), await sessions.start(ALICE)];
    await sessions.end(one);
    expect(await sessions.find(one)).toBeUndefined();
    expect(await sessions.find(other)).toBeDefined();
  });

  it('an unknown secret, or the hash from the database → nothing', async () => {
    const { sessions } = setUp();
    await sessions.start(ALICE);
    const [row] = await database.db.select().from(table);
    expect(await sessions.find(row?.idHash ?? '')).toBeUndefined();
    expect(await sessions.find('')).toBeUndefined();
  });

  it('a person who is gone → nothing', async () => {
    const secret = await setUp().sessions.start(ALICE);
    expect(await setUp([]).sessions.find(secret)).toBeUndefined();
  });
});
