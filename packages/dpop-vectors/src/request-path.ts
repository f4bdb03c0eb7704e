import { valuesOf } from './fields.ts';
import { decodeProof } from './proof.ts';
import type { EmittedRequest } from './questions.ts';

/**
 * The value at a path of a request; undefined when there is none. The lines of a field are joined by
 * commas, as HTTP has it.
 */
export function valueAt(request: EmittedRequest, path: string): unknown {
  const [root, ...rest] = path.split('.');
  switch (root) {
    case 'method':
    case 'url':
    case 'body':
      return rest.length === 0 ? request[root] : undefined;
    case 'fields': {
      const values = valuesOf(request.fields, rest.join('.'));
      return values.length === 0 ? undefined : values.join(', ');
    }
    case 'proof':
      return member(proofOf(request), rest);
    default:
      throw new Error(`There is no path ${path} of a request`);
  }
}

function proofOf(request: EmittedRequest): unknown {
  const [text] = valuesOf(request.fields, 'dpop');
  return text === undefined ? undefined : decodeProof(text);
}

function member(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return member((value as Readonly<Record<string, unknown>>)[name], rest);
}
