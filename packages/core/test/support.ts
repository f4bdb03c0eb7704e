import { isAuthError, isUnavailableError } from '../src/index.ts';

/** What an {@link outcome} looks like when nothing failed. */
export interface Accepted {
  readonly accepted: unknown;
}

/** How a check ended, as one value to compare: a refusal, an outage, a developer's mistake or success. */
export async function outcome(run: () => unknown): Promise<object> {
  try {
    return { accepted: await run() } satisfies Accepted;
  } catch (error) {
    if (isAuthError(error)) {
      const { reason, code, facts } = error;
      return { reason, code, facts };
    }
    if (isUnavailableError(error)) {
      const { component, message, retryAfterSeconds } = error;
      return { component, message, retryAfterSeconds };
    }
    if (error instanceof TypeError) return { typeError: error.message };
    throw error;
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Another spelling of the same bytes: the unused bits of the last character set. */
export function withTailBits(base64url: string): string {
  const last = ALPHABET.indexOf(base64url.at(-1) ?? '');
  return base64url.slice(0, -1) + ALPHABET.charAt(last | 1);
}

/** The base64url text of a big-endian integer. */
export function integer(value: bigint, octets?: number): string {
  const hex = value.toString(16);
  const even = hex.padStart(octets === undefined ? hex.length + (hex.length % 2) : octets * 2, '0');
  return Buffer.from(even, 'hex').toString('base64url');
}

/** The big-endian integer in some base64url text. */
export function toInteger(base64url: string): bigint {
  return BigInt(`0x${Buffer.from(base64url, 'base64url').toString('hex')}`);
}
