import type { Scheme } from '../request/credentials.ts';

/** One auth-param of a challenge. */
export type ChallengeParameter = readonly [name: string, value: string];

// The strictest of the RFC 6750 §3 value sets; also free of what would end a quoted-string.
const SAFE_VALUE = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * The value of one `WWW-Authenticate` field: a scheme and its parameters as quoted strings
 * (RFC 9110 §11.6.1).
 *
 * @throws TypeError when a value has a character outside %x20-21 / %x23-5B / %x5D-7E, a name is not a
 * token (RFC 9110 §5.6.2) or occurs twice, in any case (RFC 6750 §3). Names and values come from
 * configuration and constant tables, so this is a bug of the caller, not of a client.
 */
export function formatChallenge(scheme: Scheme, parameters: readonly ChallengeParameter[]): string {
  const names = new Set<string>();
  const texts = parameters.map(([name, value]) => {
    if (!TOKEN.test(name)) throw new TypeError('challenge: a parameter name is not a token');
    if (names.has(name.toLowerCase())) {
      throw new TypeError(`challenge: the parameter ${name} occurs twice`);
    }
    names.add(name.toLowerCase());
    if (!SAFE_VALUE.test(value)) {
      throw new TypeError(`${name}: only printable ASCII without quote and backslash is allowed`);
    }
    return `${name}="${value}"`;
  });
  return texts.length === 0 ? scheme : `${scheme} ${texts.join(', ')}`;
}
