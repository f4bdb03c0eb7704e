const MOST_CHARACTERS = 160;

/** A value of the software under test as it may stand in a report: cut, and without control characters. */
export function quoted(value: unknown): string {
  const text = (JSON.stringify(value) ?? String(value)).replace(/[\u007f-\u009f]/g, escaped);
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS)}…`;
}

/** What was thrown, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : quoted(error);
}

/** `a`, `a or b`, `a, b or c`. */
export function either(values: readonly (string | number)[]): string {
  const last = values.at(-1);
  return values.length < 2
    ? String(last ?? 'none')
    : `${values.slice(0, -1).join(', ')} or ${String(last)}`;
}

/** `1 case`, `2 cases`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
