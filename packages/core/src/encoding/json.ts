/** A parsed JSON object; the type of every member is still to be checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Bounds on a JSON text that comes from a stranger, looked at before it is parsed. */
export interface JsonLimits {
  /** How deep objects and arrays may nest; the outermost object is depth 1. */
  readonly depth: number;
  /** How many members all objects together may have. */
  readonly members: number;
  /** How many values all objects and arrays together may have; an empty one counts as if it had one. */
  readonly values: number;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The JSON object in some bytes, or `undefined` when they are not exactly one: invalid UTF-8, a byte
 * order mark, text after the object, another JSON type, a member name used twice (RFC 7515 §4 lets a
 * parser refuse it, and two parsers in one chain may disagree), a name that JSON can only spell with an
 * escape (a quotation mark, a backslash, a control character, half a surrogate pair), or more depth,
 * members or values than allowed.
 */
export function parseJsonObject(bytes: Uint8Array, limits: JsonLimits): JsonObject | undefined {
  const members = countMembersWithin(bytes, limits);
  if (members === undefined) return undefined;
  let value: unknown;
  try {
    const text = utf8.decode(bytes);
    value = JSON.parse(text);
    if (bytes.includes(BACKSLASH)) value = parsePlainly(text, value);
  } catch {
    return undefined;
  }
  // Of two members with one name, however spelt, the parsed value has kept one.
  return isJsonObject(value) && members === countMembers(value) ? value : undefined;
}

/** Whether a JSON value is an object, not an array and not null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Makes a parsed JSON value unchangeable, down to its innermost objects and arrays. */
export function freezeJson<Value>(value: Value): Value {
  for (const one of valuesIn(value)) Object.freeze(one);
  return value;
}

/** What V8 takes for each, estimated from above; most for objects that no other object has the shape of. */
const OBJECT_BYTES = 160;
const VALUE_BYTES = 32;
const NAME_BYTES = 64;
const TEXT_BYTES = 32;
const CHAR_BYTES = 2;

/** The memory that a parsed JSON value takes, in bytes, estimated from above. */
export function bytesOfJson(value: unknown): number {
  let bytes = 0;
  for (const one of valuesIn(value)) {
    bytes += VALUE_BYTES;
    if (typeof one === 'string') bytes += TEXT_BYTES + CHAR_BYTES * one.length;
    if (typeof one !== 'object' || one === null) continue;
    bytes += OBJECT_BYTES;
    if (Array.isArray(one)) continue;
    for (const name in one) bytes += NAME_BYTES + CHAR_BYTES * name.length;
  }
  return bytes;
}

/** A parsed JSON value and every value in it, however deep and however many. */
function* valuesIn(value: unknown): Generator<unknown> {
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    yield next;
    if (typeof next !== 'object' || next === null) continue;
    for (const inner of Object.values(next)) open.push(inner);
  }
}

/** A text of valid JSON; followed by a colon, the name of a member. */
const TEXT = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/**
 * What {@link parseJsonObject} is to believe of a valid JSON text with escapes in it. V8 of Node 24 may
 * take a name that is spelt with an escape for another name with a backslash in it that some text before
 * had at this place, so that two members with one name pass for two names. Names are therefore parsed
 * one by one, and the text once more with each spelt as it is.
 */
function parsePlainly(text: string, value: unknown): unknown {
  const plain = text.replace(TEXT, (written: string, colon: string | undefined) => {
    if (colon === undefined || !written.includes('\\')) return written;
    const name: string = JSON.parse(written.slice(0, -colon.length));
    const spelt = JSON.stringify(name);
    return spelt.includes('\\') ? NO_JSON : `${spelt}${colon}`;
  });
  return plain === text ? value : JSON.parse(plain);
}

/** In place of a name that cannot be spelt without an escape; not parsed by anything. */
const NO_JSON = '\0';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
// In UTF-8 as in ASCII: [ and ] differ from { and } in one bit.
const OPENING = 0x5b;
const CLOSING = 0x5d;
const EITHER_BRACKET = ~0x20;

/**
 * The members written in a JSON text, each of which has a colon outside strings; `undefined` when it is
 * over a limit. Of a text that is no JSON it tells nothing.
 */
function countMembersWithin(bytes: Uint8Array, limits: JsonLimits): number | undefined {
  let depth = 0;
  let members = 0;
  let values = 0;
  let isString = false;
  for (let i = 0; i < bytes.length; i++) {
    const code = bytes[i] ?? 0;
    if (code === QUOTE) isString = !isString;
    else if (isString) {
      if (code === BACKSLASH) i++;
    } else if (code === COLON) members++;
    else if (code === COMMA) values++;
    else if ((code & EITHER_BRACKET) === OPENING) {
      values++;
      depth++;
      if (depth > limits.depth) return undefined;
    } else if ((code & EITHER_BRACKET) === CLOSING) depth--;
  }
  return members <= limits.members && values <= limits.values ? members : undefined;
}

/** The members of all objects in a value that nests no deeper than was allowed. */
function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let members = 0;
  for (const name in value) {
    if (!Object.hasOwn(value, name)) continue;
    members += countMembers((value as JsonObject)[name]);
    if (!Array.isArray(value)) members++;
  }
  return members;
}
