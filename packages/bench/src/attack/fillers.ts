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

/** An array of objects without members: each takes two characters. */
export const emptyObjects: Filler = (chars) =>
  `"x":[${'{},'.repeat(Math.max(chars - 8, 0) / 3)}{}]`;

/** An array of empty arrays. */
export const emptyArrays: Filler = (chars) => `"x":[${'[],'.repeat(Math.max(chars - 8, 0) / 3)}[]]`;

/** Arrays in arrays that go as deep as is allowed, side by side. */
export const deepArrays =
  (depth: number): Filler =>
  (chars) => {
    const one = '['.repeat(depth) + ']'.repeat(depth);
    const count = Math.floor(Math.max(chars - 7, 0) / (one.length + 1));
    return `"x":[${Array.from({ length: count }, () => one).join(',')}]`;
  };

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

/** Members whose names consist of escapes, which have to be resolved to compare them. */
export const escapedMembers =
  (count: number): Filler =>
  (chars) => {
    const letters = Math.max(Math.floor((Math.floor(chars / count) - 5) / 6), 2);
    return Array.from({ length: count }, () => `"${escapedText(letters)}":0`).join(',');
  };

function escapedText(letters: number): string {
  return Array.from(
    randomBytes(letters),
    (octet) => `\\u00${octet.toString(16).padStart(2, '0')}`,
  ).join('');
}

/** A member that is there twice, at the very end. */
export const duplicateAtEnd =
  (count: number): Filler =>
  (chars) =>
    `${newMembers(count)(chars - 14)},"q":0,"\\u0071":0`;
