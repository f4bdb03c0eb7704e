/** One challenge of a `WWW-Authenticate` field (RFC 9110 §11.6.1). */
export interface Challenge {
  /** The scheme as sent; compare it without case. */
  readonly scheme: string;
  /** Every parameter, unknown ones too. Names in lower case, quoted values without their escapes. */
  readonly parameters: ReadonlyMap<string, string>;
  /** What stands in place of parameters in schemes such as Negotiate. */
  readonly token68?: string;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const QUOTED = '"((?:[^"\\\\]|\\\\.)*)"';
const END = '[ \\t]*(?=,|$)';

const SEPARATORS = /[ \t,]*/y;
const PARAMETER = new RegExp(`(${TOKEN})[ \\t]*=[ \\t]*(?:${QUOTED}|(${TOKEN}))${END}`, 'sy');
const SCHEME = new RegExp(`(${TOKEN})(?:[ \\t]+|(?=,|$))`, 'y');
const TOKEN68 = new RegExp(`([A-Za-z0-9\\-._~+/]+=*)${END}`, 'y');
// To the next comma outside quotes; a quote that is never closed takes the rest with it.
const GARBAGE = /(?:[^",]|"(?:[^"\\]|\\.)*"?)+/sy;

/**
 * The challenges in the values of one or several `WWW-Authenticate` fields, in order. A field may hold
 * several, and commas stand between challenges as well as between parameters (RFC 9110 §11.6.1).
 *
 * Never throws: a piece that fits no rule is left out and reading goes on after the next comma. Of a
 * parameter that occurs twice in a challenge the first is kept.
 */
export function parseChallenges(values: string | readonly string[]): readonly Challenge[] {
  return (typeof values === 'string' ? [values] : values).flatMap(parseField);
}

interface OpenChallenge {
  readonly scheme: string;
  readonly parameters: Map<string, string>;
  token68?: string;
}

function parseField(field: string): readonly Challenge[] {
  const challenges: OpenChallenge[] = [];
  let at = 0;

  function take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = at;
    const match = pattern.exec(field) ?? undefined;
    if (match !== undefined) at = pattern.lastIndex;
    return match;
  }

  function takeParameter(challenge: OpenChallenge | undefined): boolean {
    const [, name, quoted, token = ''] = take(PARAMETER) ?? [];
    if (name === undefined) return false;
    const key = name.toLowerCase();
    if (challenge !== undefined && !challenge.parameters.has(key)) {
      challenge.parameters.set(key, quoted?.replace(/\\(.)/gs, '$1') ?? token);
    }
    return true;
  }

  for (take(SEPARATORS); at < field.length; take(SEPARATORS)) {
    if (takeParameter(challenges.at(-1))) continue;
    const scheme = take(SCHEME)?.[1];
    if (scheme === undefined) {
      take(GARBAGE);
      continue;
    }
    const challenge: OpenChallenge = { scheme, parameters: new Map() };
    challenges.push(challenge);
    const token68 = take(TOKEN68)?.[1];
    if (token68 !== undefined) challenge.token68 = token68;
  }
  return challenges;
}
