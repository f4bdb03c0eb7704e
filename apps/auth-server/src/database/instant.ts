/** Seconds since 1970-01-01T00:00:00Z, as clocks and claims have them, as a database instant. */
export function toInstant(seconds: number): Date {
  return new Date(seconds * 1000);
}

/** A database instant in whole seconds. */
export function toSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}
