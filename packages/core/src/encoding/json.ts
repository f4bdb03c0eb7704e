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
  return isJsonObject(value) && isUnambiguous(text, limits) ? value : undefined;
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

/**
 * Walks a text that `JSON.parse` has accepted and looks for what the parsed value no longer shows.
 * Because the grammar is known to hold, only quotes, brackets and commas matter.
 */
function isUnambiguous(text: string, limits: JsonLimits): boolean {
  // One entry per open bracket: the names seen in an object, undefined for an array.
  const open: (Set<string> | undefined)[] = [];
  let members = 0;
  let nameIsNext = false;
  for (let i = 0; i < text.length; i++) {
    switch (text[i]) {
      case '{':
        open.push(new Set());
        if (open.length > limits.depth) return false;
        nameIsNext = true;
        break;
      case '[':
        open.push(undefined);
        if (open.length > limits.depth) return false;
        nameIsNext = false;
        break;
      case '}':
      case ']':
        open.pop();
        nameIsNext = false;
        break;
      case ',':
        nameIsNext = open.at(-1) !== undefined;
        break;
      case '"': {
        const end = closingQuote(text, i);
        if (nameIsNext) {
          // Escapes are resolved first: "a" and "\u0061" are the same name.
          const name: string = JSON.parse(text.slice(i, end + 1));
          const names = open.at(-1);
          members++;
          if (names?.has(name) || members > limits.members) return false;
          names?.add(name);
          nameIsNext = false;
        }
        i = end;
        break;
      }
    }
  }
  return true;
}

function closingQuote(text: string, openingQuote: number): number {
  let i = openingQuote + 1;
  while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i;
}
