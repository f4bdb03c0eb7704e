import { type Database, openDatabase } from '@keybound/auth-server';
import { afterAll, beforeAll } from 'vitest';

/**
 * One embedded database for all deployments of a test file, because it takes seconds to start. Call it
 * at the top of the file: what it gives may be used in tests and hooks.
 */
export function useDatabase(): Database {
  let opened: Database | undefined;
  beforeAll(async () => {
    opened = await openDatabase();
  }, 60_000);
  afterAll(() => opened?.close());
  return {
    get db() {
      if (opened === undefined) throw new Error('the database is open in tests and hooks only');
      return opened.db;
    },
    close: async () => {}, // the hook's affair
  };
}
