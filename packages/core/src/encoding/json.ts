/** A parsed JSON object; the type of every member is still to be checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Bounds on a JSON text that comes from a stranger. */
export interface JsonLimits {
  /** How deep objects and arrays may nest; the outermost object is depth 1. */
  readonly depth: number;
  /** How many members all objects together may have. */
  readonly members: number;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The JSON object in some bytes, or `undefined` when they are not exactly one: invalid UTF-8, a byte
 * order mark, text after the object, another JSON type, a member name used twice (RFC 7515 §4 lets a
 * parser refuse it, and two parsers in one chain may disagree), or more depth or members than allowed.
 */
export function parseJsonObject(bytes: Uint8Array, limits: JsonLimits): JsonObject | undefined {
  let text: string;
  let value: unknown;
  try {
    text = utf8.decode(bytes);
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  // Of two members with one name, however spelt, the parsed value has kept one.
  const written = countColons(text);
  if (written > limits.members || written !== countMembers(value, limits.depth)) return undefined;
  return value;
}

/** Whether a JSON value is an object, not an array and not null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Makes a parsed JSON value unchangeable, down to its innermost objects and arrays. */
export function freezeJson<Value>(value: Value): Value {
  const open: unknown[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    Object.freeze(next);
    open.push(...Object.values(next));
  }
  return value;
}

/** The colons outside strings in a text that `JSON.parse` has accepted: one for each member. */
function countColons(text: string): number {
  let colons = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === COLON) colons++;
    else if (code === QUOTE) i = closingQuote(text, i);
  }
  return colons;
}

function closingQuote(text: string, openingQuote: number): number {
  let i = openingQuote;
  do i = text.indexOf('"', i + 1);
  while (isEscaped(text, i));
  return i;
}

/** An odd number of backslashes before a character leaves one that is not escaped itself. */
function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === BACKSLASH) before--;
  return (at - before) % 2 === 0;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** The members of all objects in a value; NaN when it nests deeper than that. */
function countMembers(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth === 0) return Number.NaN;
  const inner: unknown[] = Object.values(value);
  let members = Array.isArray(value) ? 0 : inner.length;
  for (const one of inner) members += countMembers(one, depth - 1);
  return members;
}
