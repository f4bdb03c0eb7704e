import { randomBytes } from 'node:crypto';

/** JSON text of about as many characters as asked for, never more. */
export type Filler = (chars: number) => string;

/** Finds out once how much fits, so that a text is as long as a limit allows, save a few characters. */
export function filledTo(limit: number, build: Filler): () => string {
  let fitting: number | undefined;
  return () => {
    fitting ??= mostChars(limit, build);
    return build(fitting);
  };
}

function mostChars(limit: number, build: Filler): number {
  // Four characters of base64url for three.
  let chars = Math.floor(((limit - build(0).length) * 3) / 4);
  while (build(chars).length > limit) chars--;
  return chars;
}

/** Letters and digits that nobody has seen. */
export function randomText(chars: number): string {
  return randomBytes(Math.ceil(Math.max(chars, 0) / 2))
    .toString('hex')
    .slice(0, Math.max(chars, 0));
}

/** One text without anything to look at. */
export const longText: Filler = (chars) => `"x":"${randomText(chars - 6)}"`;

/** One text in which every character is written as an escape. */
export const escapes: Filler = (chars) => `"x":"${'\\u0041'.repeat(Math.max(chars - 6, 0) / 6)}"`;

/** One number with as many digits. */
export const longNumber: Filler = (chars) => `"x":1${'7'.repeat(Math.max(chars - 5, 0))}`;

/** As many of something in an array as make so many values, and a text that takes the other characters. */
function manyOf(one: string, valuesOfOne: number, values: number): Filler {
  const list = Array.from({ length: Math.floor(values / valuesOfOne) }, () => one).join(',');
  return (chars) => `"l":[${list}],${longText(chars - list.length - 7)}`;
}

/** Objects without members; each counts once for its comma and once for itself. */
export const emptyObjects = (values: number): Filler => manyOf('{}', 2, values);

/** Empty arrays. */
export const emptyArrays = (values: number): Filler => manyOf('[]', 2, values);

/** Arrays in arrays as deep as told, side by side. */
export const deepArrays = (depth: number, values: number): Filler =>
  manyOf('['.repeat(depth) + ']'.repeat(depth), depth + 1, values);

/** As many empty objects as there is room for. */
export const objectsWithoutEnd: Filler = (chars) =>
  `"x":[${'{},'.repeat(Math.max(chars - 8, 0) / 3)}{}]`;

/** One array in another as deep as it gets. */
export const bottomless: Filler = (chars) => {
  const depth = Math.floor(Math.max(chars - 4, 2) / 2);
  return `"x":${'['.repeat(depth)}${']'.repeat(depth)}`;
};

/** Members with new names, all names equally long. */
export const newMembers =
  (count: number): Filler =>
  (chars) => {
    const length = Math.max(Math.floor(chars / count) - 5, 6);
    return Array.from({ length: count }, () => `"${randomText(length)}":0`).join(',');
  };

/** As many members as fit, with names that are as short as new ones can be. */
export const manyMembers: Filler = (chars) =>
  Array.from({ length: Math.max(1, Math.floor(chars / 9)) }, () => `"${randomText(4)}":0`).join(
    ',',
  );

/** An array of objects with one member each, as many as fit. */
export const manyObjects: Filler = (chars) => {
  const count = Math.max(1, Math.floor((chars - 6) / 11));
  return `"x":[${Array.from({ length: count }, () => `{"${randomText(4)}":0}`).join(',')}]`;
};

/** At most 256 members whose names consist of escapes, which have to be resolved to compare them. */
export const escapedMembers =
  (count: number): Filler =>
  (chars) => {
    const letters = Math.max(Math.floor((Math.floor(chars / count) - 5) / 6), 2);
    return Array.from({ length: count }, (_, i) => {
      const number = i.toString(16).padStart(2, '0');
      return `"${escaped(`${randomText(letters - number.length)}${number}`)}":0`;
    }).join(',');
  };

function escaped(digits: string): string {
  return Array.from(digits, (digit) => `\\u004${digit}`).join('');
}

/** A member that is there twice, at the very end. */
export const duplicateAtEnd =
  (count: number): Filler =>
  (chars) =>
    `${newMembers(count)(chars - 14)},"q":0,"\\u0071":0`;
