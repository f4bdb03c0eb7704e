import type { Scheme } from '../request/credentials.ts';

/** One auth-param of a challenge. */
export type ChallengeParameter = readonly [name: string, value: string];

// The strictest of the RFC 6750 §3 value sets; also free of what would end a quoted-string.
const SAFE_VALUE = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

/**
 * The value of one `WWW-Authenticate` field: a scheme and its parameters as quoted strings
 * (RFC 9110 §11.6.1).
 *
 * @throws TypeError when a value has a character outside %x20-21 / %x23-5B / %x5D-7E or a name occurs
 * twice (RFC 6750 §3). Values come from configuration and constant tables, so this is a bug of the
 * caller, not of a client.
 */
export function formatChallenge(scheme: Scheme, parameters: readonly ChallengeParameter[]): string {
  const names = new Set<string>();
  const texts = parameters.map(([name, value]) => {
    if (names.has(name)) throw new TypeError(`challenge parameter ${name} occurs twice`);
    names.add(name);
    assertChallengeValue(name, value);
    return `${name}="${value}"`;
  });
  return texts.length === 0 ? scheme : `${scheme} ${texts.join(', ')}`;
}

/** Refuses a text that may not stand in a challenge. */
export function assertChallengeValue(name: string, value: string): void {
  if (!SAFE_VALUE.test(value)) {
    throw new TypeError(`${name}: only printable ASCII without quote and backslash is allowed`);
  }
}
