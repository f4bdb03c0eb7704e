/** Exact JSON text in the place of a value, for what no serialiser writes. */
export class RawJson {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** `rawJson('1e999')` in a value comes out as it stands. */
export function rawJson(text: string): RawJson {
  return new RawJson(text);
}

/** A member of an object, in the order of the text; names may repeat. */
export type Member = readonly [name: string, value: unknown];

/**
 * JSON text without blanks: members in the order they have, those that are undefined left out, nothing
 * escaped that need not be.
 */
export function jsonText(value: unknown): string {
  if (value instanceof RawJson) return value.text;
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return `${value}`;
  if (typeof value === 'string') return stringText(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value === 'object') return objectText(Object.entries(value));
  throw new TypeError(`no JSON for ${typeof value}`);
}

/** The text of an object from a list of members, which may name one twice. */
export function objectText(members: readonly Member[]): string {
  const texts = members
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${stringText(name)}:${jsonText(value)}`);
  return `{${texts.join(',')}}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function stringText(text: string): string {
  let escaped = '';
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const character = text[index] as string;
    const isControl = unit < 0x20;
    // A surrogate without its other half has no UTF-8; it can only be written as an escape.
    const isLone = isLoneSurrogate(text, index);
    escaped +=
      ESCAPES[character] ??
      (isControl || isLone ? `\\u${unit.toString(16).padStart(4, '0')}` : character);
  }
  return `"${escaped}"`;
}

function isLoneSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  if (unit >= 0xd800 && unit < 0xdc00) {
    const next = text.charCodeAt(index + 1);
    return !(next >= 0xdc00 && next < 0xe000);
  }
  if (unit >= 0xdc00 && unit < 0xe000) {
    const previous = text.charCodeAt(index - 1);
    return !(previous >= 0xd800 && previous < 0xdc00);
  }
  return false;
}
