import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type Database, openDatabase, type Queryable } from '../../src/database/database.ts';

/** The database of a test file. */
export interface TestDatabase {
  readonly db: Queryable;
  /** Where it is, for processes of their own; undefined when it is embedded. */
  readonly url: string | undefined;
}

/** Takes seconds to start, therefore one for all files of a worker; it ends with the worker. */
let embedded: Promise<Database> | undefined;

/**
 * A database for all tests of a file, empty before the first and after each: embedded PostgreSQL in the
 * project `pglite`, a new database on the server of `DATABASE_URL` in the project `postgresql`.
 */
export function useDatabase(): TestDatabase {
  let database: Database | undefined;
  let url: string | undefined;
  let drop = async (): Promise<void> => {};

  beforeAll(async () => {
    if (process.env.TEST_STORAGE === 'postgresql') ({ url, drop } = await createDatabase());
    database = await (url === undefined ? openEmbedded() : openDatabase({ url }));
    await emptyDatabase(database.db);
  }, 180_000);
  afterEach(async () => {
    if (database !== undefined) await emptyDatabase(database.db);
  });
  afterAll(async () => {
    if (url !== undefined) await database?.close();
    await drop();
  });

  return {
    get db(): Queryable {
      if (database === undefined) throw new Error('the database opens before the first test');
      return database.db;
    },
    get url(): string | undefined {
      return url;
    },
  };
}

function openEmbedded(): Promise<Database> {
  embedded ??= openDatabase();
  return embedded;
}

/** Creates a database on the server that `DATABASE_URL` names. */
export async function createDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const server = process.env.DATABASE_URL;
  if (server === undefined) throw new Error('DATABASE_URL: names no server');
  const name = `keybound_test_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(server, `drop database ${name} with (force)`) };
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function emptyDatabase(db: Queryable): Promise<void> {
  await db.execute(
    sql`truncate users, sessions, registered_clients, pushed_requests, interactions, grants, authorization_codes, refresh_tokens, access_tokens, used_jtis, signing_keys`,
  );
}
