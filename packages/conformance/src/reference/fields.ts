import type { FieldLine } from '@keybound/dpop-vectors';

/** The values of all fields of a name in lower case, without the whitespace around them (RFC 9110 §5.5). */
export function valuesOf(fields: readonly FieldLine[], name: string): readonly string[] {
  return fields
    .filter(([own]) => own.toLowerCase() === name)
    .map(([, value]) => value.replace(/^[ \t]+|[ \t]+$/g, ''));
}
