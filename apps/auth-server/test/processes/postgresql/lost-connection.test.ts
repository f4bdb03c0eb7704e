import { sql } from 'drizzle-orm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../../src/database/database.ts';
import { outageOf } from '../../../src/database/outage.ts';
import { createDatabase } from '../../support/database.ts';
import { startProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

/** More than there are connections. */
const PARALLEL = 12;

async function openBehindProxy(): Promise<{ database: Database; proxy: TcpProxy }> {
  const { url, drop } = await createDatabase();
  onTestFinished(drop);
  const behind = new URL(url);
  const proxy = await startProxy({ host: behind.hostname, port: Number(behind.port || 5432) });
  behind.host = `127.0.0.1:${proxy.port}`;
  const database = await openDatabase({ url: behind.href });
  onTestFinished(() => database.close());
  return { database, proxy };
}

describe('a connection to PostgreSQL', () => {
  it('lost within a transaction → the transaction fails as an outage, the process lives, the next one works', async () => {
    const { database, proxy } = await openBehindProxy();
    const failed = database.db.transaction(async (tx) => {
      await tx.execute(sql`select 1`);
      proxy.cut();
      // Idle, as it is while a transaction computes something.
      await new Promise((resolve) => setImmediate(resolve));
      await tx.execute(sql`select pg_sleep(0.1)`);
    });
    const error = await failed.catch((error: unknown) => error);
    expect(outageOf(error)).toBeInstanceOf(Error);
    proxy.restore();
    await expect(database.db.transaction((tx) => tx.execute(sql`select 1`))).resolves.toBeDefined();
  });

  it('silent → transactions fail as an outage in bounded time, and none keeps its connection', async () => {
    const { database, proxy } = await openBehindProxy();
    const { db } = database;
    const inAll = () =>
      Promise.allSettled(
        Array.from({ length: PARALLEL }, () => db.transaction((tx) => tx.execute(sql`select 1`))),
      );
    await inAll();
    proxy.swallow();
    const outcomes = await inAll();
    for (const outcome of outcomes) {
      expect(outcome.status === 'rejected' && outageOf(outcome.reason)).toBeInstanceOf(Error);
    }
    proxy.restore();
    expect((await inAll()).map(({ status }) => status)).toEqual(
      Array.from({ length: PARALLEL }, () => 'fulfilled'),
    );
  }, 180_000);
});
