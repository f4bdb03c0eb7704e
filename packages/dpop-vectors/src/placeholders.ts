import { valuesOf } from './fields.ts';
import type { AsRequestVector, FieldLine } from './format.ts';
import type { Decision } from './questions.ts';
import { EarlyEnd } from './verdict.ts';

/** The value that stands for a name in `{{name}}`; undefined when there is none. */
export type Lookup = (name: string) => string | undefined;

/**
 * Fills in the names of a text.
 *
 * @throws EarlyEnd when a name has no value: the case is then not testable.
 */
function filled(text: string, lookup: Lookup): string {
  return text.replace(/\{\{([^{}]+)\}\}/g, (_, name: string) => {
    const value = lookup(name);
    if (value === undefined) throw new EarlyEnd('not-testable', `Nothing stands for {{${name}}}.`);
    return value;
  });
}

/** Fills in the names of a request to an authorization server, in its fields and in its form. */
export function filledRequest(request: AsRequestVector, lookup: Lookup): AsRequestVector {
  const line = ([name, value]: FieldLine): FieldLine => [name, filled(value, lookup)];
  return { ...request, fields: request.fields.map(line), form: request.form.map(line) };
}

/** Fills in the names of a request in bytes, encoded for the form they stand in; not `{{length}}`. */
export function filledRaw(raw: string, lookup: Lookup): string {
  return filled(raw, (name) => {
    if (name === 'length') return '{{length}}';
    const value = lookup(name);
    return value === undefined ? undefined : encodeURIComponent(value);
  });
}

/** Fills in `{{length}}`: the number of bytes behind the first empty line. */
export function withLength(raw: string): string {
  const end = raw.indexOf('\r\n\r\n');
  const length = end < 0 ? 0 : raw.length - end - 4;
  return raw.replaceAll('{{length}}', String(length));
}

/** What later requests can take over from an answer: members of its body, or parameters of a redirect. */
export function capture(answer: Decision | undefined, name: string): string | undefined {
  const member = answer?.body?.[name];
  if (typeof member === 'string') return member;
  const [location] = valuesOf(answer?.fields ?? [], 'location');
  if (location === undefined || !URL.canParse(location)) return undefined;
  return new URL(location).searchParams.get(name) ?? undefined;
}
