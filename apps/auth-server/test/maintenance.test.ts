import { createTestClock } from '@keybound/test-kit';
import type { FastifyBaseLogger } from 'fastify';
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../src/audit.ts';
import { createContext } from '../src/create-context.ts';
import { maintain } from '../src/maintenance.ts';
import { useDatabase } from './support/database.ts';
import { contextOptions } from './support/server.ts';

const database = useDatabase();
const DAY = 86_400;

/** A log that keeps what it is told. */
function createLog(): { log: FastifyBaseLogger; lines: [object, string][] } {
  const lines: [object, string][] = [];
  const keep = (details: object, sentence: string) => void lines.push([details, sentence]);
  return { log: { info: keep, error: keep } as unknown as FastifyBaseLogger, lines };
}

async function setUp() {
  const clock = createTestClock();
  const events: AuditEvent[] = [];
  const audit = (event: AuditEvent) => void events.push(event);
  const context = await createContext({ ...contextOptions(database.db), audit, clock });
  return { context, clock, events, ...createLog() };
}

describe('a round of maintenance', () => {
  it('nothing is due → nothing happens and nothing is logged', async () => {
    const { context, events, log, lines } = await setUp();
    await maintain(context, log);
    expect(events).toEqual([]);
    expect(lines).toEqual([]);
  });

  it('a key is old and a session over → the key rotates, the session is deleted', async () => {
    const { context, clock, events, log, lines } = await setUp();
    await context.sessions.start({ id: 'user-alice', username: 'alice' });
    const before = await context.keys.current();
    clock.advance(31 * DAY);
    await maintain(context, log);
    expect((await context.keys.current()).kid).not.toBe(before.kid);
    expect(events).toEqual([expect.objectContaining({ event: 'key_rotated' })]);
    expect(lines).toEqual([[{ rows: 1, clients: 0 }, 'expired rows deleted']]);
  });

  it('keys cannot be rotated → logged, and expired rows go all the same', async () => {
    const { context, clock, log, lines } = await setUp();
    await context.sessions.start({ id: 'user-alice', username: 'alice' });
    clock.advance(DAY);
    const fault = new Error('the key cannot be opened');
    const keys = { ...context.keys, rotateIfDue: () => Promise.reject(fault) };
    await maintain({ ...context, keys }, log);
    expect(lines).toEqual([
      [{ err: fault }, 'maintenance failed'],
      [{ rows: 1, clients: 0 }, 'expired rows deleted'],
    ]);
  });

  it('the database is away → logged, and the next round tries again', async () => {
    const { context, log, lines } = await setUp();
    const away = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const keys = { ...context.keys, rotateIfDue: () => Promise.reject(away) };
    await maintain({ ...context, keys }, log);
    expect(lines).toEqual([[{ err: away }, 'the database is not available']]);
  });
});
