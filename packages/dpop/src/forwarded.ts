/** What one hop wrote into `Forwarded` (RFC 7239 §5): parameters by name in lower case, unquoted. */
export type ForwardedElement = ReadonlyMap<string, string>;

// token "=" ( token / quoted-string ), with the character sets of RFC 9110 §5.6. The alternatives share no
// character and every repetition ends in one outside its set, so a match takes linear time.
const PAIR =
  /([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+)|"((?:[\t !#-[\]-~\x80-\xFF]|\\[\t -~\x80-\xFF])*)")/y;
// The next pair of the element, the next element, or the end of the line.
const SEPARATOR = /(;)|[\t ]*(?:(,)[\t ]*|$)/y;
// An address, in brackets when of version 6, with an optional port (RFC 7239 §6).
const NODE =
  /^(?:((?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3})|\[([0-9A-Fa-f:.]+)\])(?::(?:[0-9]{1,5}|_[A-Za-z0-9._-]+))?$/;

/**
 * The elements of all `Forwarded` lines in order, the last one written by the nearest hop; `undefined`
 * when a line is not a list by the grammar of RFC 7239 §4, or something in it is empty.
 *
 * Strict, because a hop that appends to what a client sent makes one text of both: an open quotation
 * mark, an empty element or a parameter given twice must not move the border between them.
 */
export function parseForwarded(lines: readonly string[]): readonly ForwardedElement[] | undefined {
  const elements: ForwardedElement[] = [];
  for (const line of lines) {
    const parsed = parseLine(line);
    if (parsed === undefined) return undefined;
    elements.push(...parsed);
  }
  return elements;
}

function parseLine(line: string): readonly ForwardedElement[] | undefined {
  const elements: ForwardedElement[] = [];
  let element = new Map<string, string>();
  let position = 0;

  while (true) {
    const pair = matchAt(PAIR, line, position);
    const [, name = '', token, quoted = ''] = pair ?? [];
    const key = name.toLowerCase();
    if (pair === null || element.has(key)) return undefined; // each once in an element (RFC 7239 §4)
    element.set(key, token ?? quoted.replace(/\\(.)/gs, '$1'));

    const separator = matchAt(SEPARATOR, line, position + pair[0].length);
    if (separator === null) return undefined;
    const [, nextPair, nextElement] = separator;
    position = SEPARATOR.lastIndex;
    if (nextPair !== undefined) continue;
    elements.push(element);
    if (nextElement === undefined) return elements;
    element = new Map();
  }
}

function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}

/** The IP address of a node such as the value of `for`; `undefined` when it hides it. */
export function addressOfNode(node: string): string | undefined {
  const [, v4, v6] = NODE.exec(node) ?? [];
  return v4 ?? v6;
}
