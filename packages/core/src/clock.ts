/**
 * The current time in seconds since 1970-01-01T00:00:00Z, the unit of every NumericDate
 * (RFC 7519 §2). Fractions are allowed. Pass your own in tests; the default is {@link systemClock}.
 */
export type Clock = () => number;

/** The clock of the machine, in seconds with milliseconds as the fraction. */
export const systemClock: Clock = () => Date.now() / 1000;
