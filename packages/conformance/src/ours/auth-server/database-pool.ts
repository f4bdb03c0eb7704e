import { type Database, openDatabase } from '@keybound/auth-server';

/** Databases for one server each; opening one takes seconds, emptying it almost no time. */
export interface DatabasePool {
  /** An empty database. */
  take(): Promise<Database>;
  giveBack(database: Database): Promise<void>;
  close(): Promise<void>;
}

/** All tables of the schema, whatever they are; the record of migrations is in another one. */
const EMPTY = `do $$ begin execute (
  select 'truncate ' || string_agg(quote_ident(tablename), ', ')
  from pg_tables where schemaname = 'public'
); end $$`;

/**
 * Embedded databases that are used again and again. Proofs are frozen, so that two servers with one memory
 * would take each other's for replays.
 */
export function createDatabasePool(): DatabasePool {
  const free: Database[] = [];
  return {
    take: async () => free.pop() ?? openDatabase(),
    async giveBack(database) {
      await database.db.execute(EMPTY);
      free.push(database);
    },
    async close() {
      await Promise.all(free.splice(0).map((database) => database.close()));
    },
  };
}
