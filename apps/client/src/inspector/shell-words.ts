/** Nothing that a person pastes has a command of more words. */
const MAX_WORDS = 1000;
/** What begins another command, a redirection or a comment. */
const ENDS_COMMAND = /[|;&<>#\n]/;
/** A backslash makes only these literal within double quotes. */
const ESCAPED_IN_DOUBLE = /["\\$`]/;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['e', '\x1b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);
/** The numbers of $'…' that browsers write: octet, UTF-16 code unit, code point. */
const NUMBERED = /^(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8}))/;

/** Text that was read and the place behind it. */
interface Piece {
  readonly text: string;
  readonly end: number;
}

/**
 * The words of the first command in a text, as a POSIX shell with the `$'…'` of bash splits it; undefined
 * when a quotation does not end. Variables stay as they are written, since nothing here knows them.
 */
export function splitShellWords(text: string): readonly string[] | undefined {
  // Blanks behind the backslash that continues a line come from copying; a shell would stop there.
  const source = text
    .replace(/\r\n?/g, '\n')
    .replace(/\\[ \t]*\n/g, (continued) => continued.slice(1, -1));
  const words: string[] = [];
  let at = 0;
  while (words.length < MAX_WORDS) {
    while (source[at] === ' ' || source[at] === '\t') at++;
    const first = source[at];
    if (first === undefined || ENDS_COMMAND.test(first)) break;
    const word = readWord(source, at);
    if (word === undefined) return undefined;
    words.push(word.text);
    at = word.end;
  }
  return words;
}

function readWord(source: string, start: number): Piece | undefined {
  let text = '';
  let at = start;
  for (;;) {
    const character = source[at];
    if (character === undefined || /[ \t\n]/.test(character)) return { text, end: at };
    const piece = readPiece(source, at, character);
    if (piece === undefined) return undefined;
    text += piece.text;
    at = piece.end;
  }
}

function readPiece(source: string, at: number, character: string): Piece | undefined {
  if (character === "'") return readSingleQuoted(source, at + 1);
  if (character === '"') return readDoubleQuoted(source, at + 1);
  if (character === '$' && source[at + 1] === "'") return readDollarQuoted(source, at + 2);
  if (character === '\\') return { text: source[at + 1] ?? '', end: at + 2 };
  return { text: character, end: at + 1 };
}

function readSingleQuoted(source: string, start: number): Piece | undefined {
  const end = source.indexOf("'", start);
  return end < 0 ? undefined : { text: source.slice(start, end), end: end + 1 };
}

function readDoubleQuoted(source: string, start: number): Piece | undefined {
  let text = '';
  for (let at = start; at < source.length; at++) {
    const character = source[at] ?? '';
    const next = source[at + 1] ?? '';
    if (character === '"') return { text, end: at + 1 };
    if (character === '\\' && ESCAPED_IN_DOUBLE.test(next)) {
      text += next;
      at++;
    } else {
      text += character;
    }
  }
  return undefined;
}

function readDollarQuoted(source: string, start: number): Piece | undefined {
  let text = '';
  let at = start;
  while (at < source.length) {
    const character = source[at] ?? '';
    if (character === "'") return { text, end: at + 1 };
    const piece =
      character === '\\' ? readEscape(source, at + 1) : { text: character, end: at + 1 };
    text += piece.text;
    at = piece.end;
  }
  return undefined;
}

function readEscape(source: string, at: number): Piece {
  const [whole, octet, unit, point] = NUMBERED.exec(source.slice(at, at + 9)) ?? [];
  if (whole !== undefined) {
    const number = Number.parseInt(octet ?? unit ?? point ?? '', 16);
    const text = number <= 0x10ffff ? String.fromCodePoint(number) : '';
    return { text, end: at + whole.length };
  }
  const character = source[at] ?? '';
  return { text: ESCAPES.get(character) ?? character, end: at + 1 };
}
