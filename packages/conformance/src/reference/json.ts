import { demand, Fault } from './fault.ts';
import type { Switches } from './switches.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** How much of JSON is read at the most. */
export interface JsonLimits {
  readonly depth: number;
  /** In one object. */
  readonly members: number;
  /** In all. */
  readonly values: number;
}

const BLANKS = /[ \t\r\n]*/y;
const STRING = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;

/**
 * Parses the UTF-8 of one JSON object strictly: no member twice, no name that needs an escape, no half
 * of a surrogate pair, nothing beyond the limits. `JSON.parse` would let all of it pass.
 */
export function parseJsonObject(
  bytes: Uint8Array,
  limits: JsonLimits,
  switches: Switches,
): JsonObject {
  const text = decodeUtf8(bytes, switches);
  let at = 0;
  let values = 0;

  function token(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  }

  /** Takes one of the characters, and the blanks around it. */
  function mark(characters: string): string | undefined {
    token(BLANKS);
    const found = text[at];
    if (found === undefined || !characters.includes(found)) return undefined;
    at += 1;
    token(BLANKS);
    return found;
  }

  function value(depth: number): unknown {
    values += 1;
    demand(values <= limits.values && depth <= limits.depth, 'too much JSON');
    const opening = mark('{[');
    if (opening === '{') return object(depth);
    if (opening === '[') return array(depth);
    if (text[at] === '"') return string();
    const simple = token(LITERAL) ?? token(NUMBER);
    demand(simple !== undefined, 'not JSON');
    return JSON.parse(simple);
  }

  function string(): string {
    const quoted = token(STRING);
    demand(quoted !== undefined, 'not a JSON string');
    const content: string = JSON.parse(quoted);
    demand(content.isWellFormed(), 'half of a surrogate pair');
    return content;
  }

  function object(depth: number): JsonObject {
    // Without a prototype, so that `__proto__` is a name like others.
    const members: Record<string, unknown> = Object.create(null);
    if (mark('}')) return members;
    let count = 0;
    do {
      const name = string();
      demand(JSON.stringify(name) === `"${name}"`, 'a name that needs an escape');
      count += 1;
      demand(count <= limits.members, 'too many members');
      demand(mark(':') !== undefined, 'no colon');
      const content = value(depth + 1);
      if (!(name in members)) members[name] = content;
      else demand(switches.has('duplicate-members-first-wins'), `${name} twice`);
    } while (mark(','));
    demand(mark('}') !== undefined, 'an object without its end');
    return members;
  }

  function array(depth: number): readonly unknown[] {
    const items: unknown[] = [];
    if (mark(']')) return items;
    do items.push(value(depth + 1));
    while (mark(','));
    demand(mark(']') !== undefined, 'an array without its end');
    return items;
  }

  const result = value(1);
  token(BLANKS);
  demand(at === text.length, 'something behind the JSON');
  demand(isObject(result), 'not a JSON object');
  return result;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as a text of its own; objects here have no method for that. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function decodeUtf8(bytes: Uint8Array, switches: Switches): string {
  const fatal = !switches.has('utf8-unchecked');
  try {
    // A byte order mark stays, and is no JSON.
    return new TextDecoder('utf-8', { fatal, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Fault('not UTF-8');
  }
}
