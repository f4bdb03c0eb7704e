/** A challenge of a `WWW-Authenticate` field. */
export interface Challenge {
  readonly scheme: string;
  /** The one value of schemes that have no parameters. */
  readonly token68?: string;
  /** In order, repetitions included; names in lower case, values without quotes and escapes. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const TOKEN68 = /[A-Za-z0-9\-._~+/]+=*(?=[ \t]*(?:,|$))/y;
const QUOTED = /"((?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t\x20-\x7e\x80-\xff])*)"/y;
const BLANKS = / +/y;
const SEPARATOR = /[ \t]*,[ \t]*/y;

/**
 * Parses the value of one `WWW-Authenticate` field line (RFC 9110 §11.6.1), by the rules for senders: no
 * empty list elements, no blanks around `=`.
 *
 * @throws SyntaxError with the place where the grammar ends.
 */
export function parseChallenges(value: string): readonly Challenge[] {
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(value);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  const demand = (pattern: RegExp, what: string): RegExpExecArray => {
    const match = take(pattern);
    if (match === null) throw new SyntaxError(`${what} is missing at character ${at + 1}`);
    return match;
  };
  const parameterValue = (): string => {
    const text = take(QUOTED);
    return text === null
      ? demand(TOKEN, 'a token or quoted string')[0]
      : (text[1] ?? '').replace(/\\(.)/g, '$1');
  };

  const challenges: Challenge[] = [];
  let parameters: [string, string][] | undefined;
  do {
    const [word] = demand(TOKEN, 'a scheme or parameter name');
    if (value[at] === '=') {
      if (parameters === undefined) {
        throw new SyntaxError(`the parameter at character ${at - word.length + 1} has no scheme`);
      }
      at += 1;
      parameters.push([word.toLowerCase(), parameterValue()]);
      continue;
    }
    if (take(BLANKS) === null) {
      challenges.push({ scheme: word, parameters: [] });
      parameters = undefined;
      continue;
    }
    const token68 = take(TOKEN68)?.[0];
    parameters = token68 === undefined ? [] : undefined;
    challenges.push({
      scheme: word,
      ...(token68 === undefined ? {} : { token68 }),
      parameters: parameters ?? [],
    });
    if (parameters !== undefined) {
      const [name] = demand(TOKEN, 'a parameter name');
      demand(/=/y, '"="');
      parameters.push([name.toLowerCase(), parameterValue()]);
    }
  } while (take(SEPARATOR) !== null);
  if (at < value.length) throw new SyntaxError(`a comma is missing at character ${at + 1}`);
  return challenges;
}
