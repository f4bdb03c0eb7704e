/** A challenge as a client reads it. */
export interface ParsedChallenge {
  readonly scheme: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/**
 * Reads one challenge by the grammar of RFC 9110 §11.6.1, written apart from the code under test.
 * Throws when anything is left over, or a parameter occurs twice.
 */
export function parseChallenge(text: string): ParsedChallenge {
  const scheme = /^[A-Za-z]+/.exec(text)?.[0] ?? '';
  let rest = text.slice(scheme.length);
  const parameters: [string, string][] = [];
  while (rest !== '') {
    const separator = parameters.length === 0 ? ' ' : ', ';
    const [whole, name, value] =
      /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)="([^"\\]*)"/.exec(rest.slice(separator.length)) ?? [];
    if (!rest.startsWith(separator) || whole === undefined) throw new Error(`unreadable: ${text}`);
    parameters.push([name ?? '', value ?? '']);
    rest = rest.slice(separator.length + whole.length);
  }
  const names = parameters.map(([name]) => name.toLowerCase());
  if (new Set(names).size !== names.length) throw new Error(`a parameter twice: ${text}`);
  return { scheme, parameters };
}
