/** SQLSTATE classes and codes that say the database cannot work now: not that the query is wrong. */
const OUTAGE_STATES = /^(?:08|28|3D|53|57|58|25006|40001|40P01)/;

const OUTAGE_CODES: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** What `pg` says without a code. */
const OUTAGE_MESSAGES =
  /^(?:Connection terminated|Query read timeout|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/**
 * The error behind an error when it is that the database is out of reach, shutting down, full or
 * read-only; undefined for every other fault. What it returns names no query and no parameter.
 */
export function outageOf(error: unknown): Error | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException;
    if (
      OUTAGE_CODES.has(code) ||
      OUTAGE_STATES.test(code ?? '') ||
      OUTAGE_MESSAGES.test(at.message)
    ) {
      return at;
    }
  }
  return undefined;
}
