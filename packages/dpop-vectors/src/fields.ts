import type { FieldLine } from './format.ts';

/** The values of a field, one for each line that has it. */
export function valuesOf(fields: readonly FieldLine[], name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return fields.filter(([own]) => own.toLowerCase() === wanted).map(([, value]) => value);
}
