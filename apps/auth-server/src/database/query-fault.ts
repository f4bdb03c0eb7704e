import { DrizzleQueryError } from 'drizzle-orm';

/**
 * An error as it may be logged: one of a query repeats the statement with its parameters, among them
 * what clients and people have sent, and is replaced by the driver's error behind it.
 */
export function withoutQuery<T>(error: T): T | Error {
  return error instanceof DrizzleQueryError
    ? new Error('a query failed', { cause: error.cause })
    : error;
}
