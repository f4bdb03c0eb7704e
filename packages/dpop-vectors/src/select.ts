import type { VectorFile } from './format.ts';
import type { Case } from './run.ts';

/** Conditions that a case must meet to be run, all of them. */
export interface Selection {
  /** A part of `<file>/<id>`. */
  readonly only?: string;
  /** Cases with one of these flags are left out. */
  readonly flagsOut?: readonly string[];
}

/** Makes the condition for cases that `runVectors` takes. */
export function selectCases({ only = '', flagsOut = [] }: Selection): (one: Case) => boolean {
  return ({ file, test }) =>
    `${file.file}/${test.id}`.includes(only) && !test.flags.some((flag) => flagsOut.includes(flag));
}

/**
 * The files with these names, all when there are none.
 *
 * @throws Error when there is no file of a name.
 */
export function selectFiles(
  files: readonly VectorFile[],
  names: readonly string[],
): readonly VectorFile[] {
  const unknown = names.find((name) => files.every(({ file }) => file !== name));
  if (unknown !== undefined) {
    throw new Error(
      `There is no vector file ${unknown}; there are ${files.map(({ file }) => file).join(', ')}.`,
    );
  }
  return names.length === 0 ? files : files.filter(({ file }) => names.includes(file));
}
