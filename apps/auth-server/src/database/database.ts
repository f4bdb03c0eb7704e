import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import { drizzle as drizzleNode, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { migrate as migrateNode } from 'drizzle-orm/node-postgres/migrator';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator';
import pg from 'pg';
import { type EmbeddedClient, openEmbeddedClient } from './embedded.ts';
import { lockFolder } from './folder-lock.ts';
import * as schema from './schema.ts';

/** What queries run on: the database itself or a transaction in it. */
export type Queryable = PgDatabase<PgQueryResultHKT, typeof schema>;

/** An open database with the current schema. */
export interface Database {
  readonly db: Queryable;
  close(): Promise<void>;
}

/** Where the data is: a PostgreSQL server, a folder, or neither, for memory. */
export interface DatabaseOptions {
  /** `postgresql://…`; several instances may share it. */
  readonly url?: string;
  /** A folder of one instance alone, kept by embedded PostgreSQL. */
  readonly folder?: string;
}

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Names the lock that lets one instance at a time migrate; any number that nobody else uses. */
const MIGRATION_LOCK = 0x6b62_6d67;

const CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 3_000;
/** A query that takes longer is given up, so that a silent server is an outage and no endless wait. */
const QUERY_TIMEOUT_MS = 10_000;

/**
 * Opens a database and brings its schema up to date.
 *
 * @throws Error when it cannot be reached or written, or the folder is in use by another process.
 */
export function openDatabase(options: DatabaseOptions = {}): Promise<Database> {
  return options.url === undefined ? openEmbedded(options.folder) : openServer(options.url);
}

async function openEmbedded(folder: string | undefined): Promise<Database> {
  const unlock = folder === undefined ? () => {} : lockFolder(folder);
  try {
    const client: EmbeddedClient =
      folder === undefined
        ? await PGlite.create('memory://')
        : await openEmbeddedClient(join(folder, 'postgresql'));
    const db = drizzlePglite({ client: client as PGlite, schema });
    await migratePglite(db, { migrationsFolder: MIGRATIONS });
    return {
      db,
      async close(): Promise<void> {
        await client.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

async function openServer(url: string): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    statement_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'keybound-auth-server',
  });
  // The loss of an idle connection would end the process; whoever needs one next hears what is wrong.
  pool.on('error', () => {});
  // So would that of one in use; there the query that fails says it.
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    await migrateServer(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return { db: pooledQueries(pool), close: () => pool.end() };
}

/**
 * Queries on any connection of the pool, transactions on one each. A connection whose transaction failed
 * is closed: drizzle's own transaction keeps it for ever when `begin` fails, and gives it back to the pool
 * while it still waits for a silent server.
 */
function pooledQueries(pool: pg.Pool): Queryable {
  const db = drizzleNode({ client: pool, schema });
  db.transaction = async (run, config) => {
    const client = await pool.connect();
    let isSound = false;
    try {
      const result = await drizzleNode({ client, schema }).transaction(run, config);
      isSound = true;
      return result;
    } finally {
      client.release(!isSound);
    }
  };
  return db;
}

/** One instance after the other: the lock belongs to the connection and ends with it. */
async function migrateServer(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    const db: NodePgDatabase = drizzleNode({ client });
    await db.execute(sql`select pg_advisory_lock(${MIGRATION_LOCK})`);
    await migrateNode(db, { migrationsFolder: MIGRATIONS });
    await db.execute(sql`select pg_advisory_unlock(${MIGRATION_LOCK})`);
  } finally {
    client.release(true);
  }
}
