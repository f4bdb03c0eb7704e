import type { RequestVector } from '@keybound/dpop-vectors';
import { Refusal } from './fault.ts';
import { valuesOf } from './fields.ts';
import type { Switches } from './switches.ts';

/** An access token and how it came. */
export interface Credentials {
  readonly scheme: 'DPoP' | 'Bearer';
  readonly token: string;
}

const SCHEMES: ReadonlyMap<string, Credentials['scheme']> = new Map([
  ['dpop', 'DPoP'],
  ['bearer', 'Bearer'],
]);
// auth-scheme 1*SP token68 (RFC 9110 §11.4)
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?: +(.*))?$/;
const TOKEN68 = /^[A-Za-z0-9\-._~+/]+=*$/;

/** The token of a request; undefined when there is none in the one place where a token may be. */
export function credentialsOf(request: RequestVector, switches: Switches): Credentials | undefined {
  const fields = valuesOf(request.fields, 'authorization');
  const inQuery = parameter(request.target.split('?')[1] ?? '');
  const inBody = isForm(request) ? parameter(request.body ?? '') : undefined;
  const [field] = fields;
  if (field === undefined) {
    if (inQuery !== undefined && switches.has('token-in-query-accepted')) {
      return { scheme: 'Bearer', token: inQuery };
    }
    if (inBody !== undefined && switches.has('token-in-body-accepted')) {
      return { scheme: 'Bearer', token: inBody };
    }
    return undefined;
  }
  if (fields.length > 1 && !switches.has('first-of-two-authorizations-taken')) {
    throw new Refusal('invalid_request', 'two Authorization fields');
  }
  const isTwice = inQuery !== undefined || inBody !== undefined;
  if (isTwice && !switches.has('second-token-ignored')) {
    throw new Refusal('invalid_request', 'a token in two places');
  }
  return parseField(field, switches);
}

function parseField(field: string, switches: Switches): Credentials | undefined {
  const text = switches.has('authorization-grammar-unchecked')
    ? field.replace(/^(\w+)[ \t]+([^\s,]+).*$/, '$1 $2')
    : field;
  const [, name = '', token] = FIELD.exec(text) ?? [];
  if (name === '') throw new Refusal('invalid_request', 'no scheme');
  const scheme = SCHEMES.get(name.toLowerCase());
  if (scheme === undefined) return undefined;
  if (scheme !== name && switches.has('scheme-case-compared')) return undefined;
  if (token === undefined || !TOKEN68.test(token)) {
    throw new Refusal('invalid_request', 'no token');
  }
  return { scheme, token };
}

function parameter(form: string): string | undefined {
  return new URLSearchParams(form).get('access_token') ?? undefined;
}

function isForm({ fields }: RequestVector): boolean {
  return valuesOf(fields, 'content-type').some((type) =>
    type.toLowerCase().startsWith('application/x-www-form-urlencoded'),
  );
}
