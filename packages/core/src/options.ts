/** Refuses an option that is not a non-empty text. */
export function requireText(option: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') {
    throw new TypeError(`${option}: must be a non-empty text`);
  }
}

/** Refuses a duration that is negative, endless or not a number. */
export function requireSeconds(option: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0)) {
    throw new TypeError(`${option}: must be 0 or more seconds`);
  }
}

/**
 * Refuses a bound that is not a whole number: compared with NaN, everything would be within it.
 *
 * @param least - the smallest number that makes sense
 */
export function requireCount(option: string, value: number, least = 1): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new TypeError(`${option}: must be a whole number, ${least} or more`);
  }
}

const MAX_LEEWAY_SECONDS = 300;

/** Refuses a leeway that is negative or longer than a few minutes (RFC 9068 §4). */
export function requireLeeway(value: number): void {
  // A text such as '5' would be glued to `exp` instead of added.
  if (!(typeof value === 'number' && value >= 0 && value <= MAX_LEEWAY_SECONDS)) {
    throw new TypeError(`leewaySeconds: must be from 0 to ${MAX_LEEWAY_SECONDS}`);
  }
}
