import { type Database, openDatabase } from '@keybound/auth-server';
import { beforeAll } from 'vitest';

/** Takes seconds to start, therefore one for all files of a worker; it ends with the worker. */
let opened: Promise<Database> | undefined;

/** All tables of the schema, whatever they are; the record of migrations is in another one. */
const EMPTY = `do $$ begin execute (
  select 'truncate ' || string_agg(quote_ident(tablename), ', ')
  from pg_tables where schemaname = 'public'
); end $$`;

/**
 * One embedded database for all deployments of a test file, empty before the first. Call it at the top
 * of the file: what it gives may be used in tests and hooks.
 */
export function useDatabase(): Database {
  let database: Database | undefined;
  beforeAll(async () => {
    opened ??= openDatabase();
    database = await opened;
    await database.db.execute(EMPTY);
  }, 60_000);
  return {
    get db() {
      if (database === undefined) throw new Error('the database is open in tests and hooks only');
      return database.db;
    },
    close: async () => {}, // it is of the next file too
  };
}
