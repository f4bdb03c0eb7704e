import type { RequestVector, RsConfig } from '@keybound/dpop-vectors';

/** Why a request cannot be put into the form a peer takes. */
export interface Inexpressible {
  readonly skip: string;
}

/**
 * The request as a `Request` of the Fetch standard, as servers on that interface make it: several fields
 * of a name are joined.
 */
export function fetchRequest(
  { origin }: Pick<RsConfig, 'origin'>,
  { method, target, fields }: RequestVector,
): Request | Inexpressible {
  try {
    const headers = new Headers();
    for (const [name, value] of fields) headers.append(name, value);
    return new Request(`${origin}${target}`, { method, headers });
  } catch {
    return { skip: 'A Request of the Fetch standard cannot be made of this.' };
  }
}

/**
 * The fields as Node presents them: names in small letters, of `Authorization` the first field alone, of
 * others all joined with commas.
 */
export function nodeHeaders({ fields }: RequestVector): Record<string, string> | Inexpressible {
  const headers: Record<string, string> = {};
  for (const [name, value] of fields) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what Node refuses
    if (/[\x00-\x08\x0a-\x1f\x7f]|[^\x00-\xff]/.test(value)) {
      return { skip: 'Node passes on no field with such characters.' };
    }
    const key = name.toLowerCase();
    const text = value.replace(/^[ \t]+|[ \t]+$/g, '');
    const earlier = headers[key];
    if (earlier === undefined) headers[key] = text;
    else if (!ONCE.has(key)) headers[key] = `${earlier}${key === 'cookie' ? ';' : ','} ${text}`;
  }
  return headers;
}

/** Of the fields that Node takes the first of, those that occur in the vectors. */
const ONCE: ReadonlySet<string> = new Set([
  'authorization',
  'content-type',
  'host',
  'proxy-authorization',
]);

/** A token as the only content of an `Authorization` field; a token with blanks would be another one there. */
export function bearerField(token: string): RequestVector | Inexpressible {
  if (!/^[\x21-\x7e]+$/.test(token)) {
    return { skip: 'It takes tokens from an Authorization field, which cannot carry this one.' };
  }
  return { method: 'GET', target: '/r', fields: [['Authorization', `Bearer ${token}`]] };
}

/** Whether there is a request, or a reason why there is none. */
export function isInexpressible(value: object): value is Inexpressible {
  return 'skip' in value;
}
