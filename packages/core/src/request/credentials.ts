import { AuthError } from '../errors/auth-error.ts';
import type { ProtectedRequest } from './protected-request.ts';

/** An authentication scheme for access tokens (RFC 6750 §2.1, RFC 9449 §7.1). */
export type Scheme = 'Bearer' | 'DPoP';

/** An access token and the scheme it was presented with. Nothing is verified yet. */
export interface Credentials {
  /** The scheme in the spelling of its RFC, however the client spelt it. */
  readonly scheme: Scheme;
  /** The access token as received; only its characters are checked (token68, RFC 9110 §11.2). */
  readonly token: string;
}

const SCHEMES: ReadonlyMap<string, Scheme> = new Map([
  ['bearer', 'Bearer'],
  ['dpop', 'DPoP'],
]);

// auth-scheme 1*SP token68, and what a field of any scheme begins with (RFC 9110 §11.4).
const SCHEME_AND_TOKEN = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) +([A-Za-z0-9\-._~+/]+=*)$/;
const SCHEME = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?: |$)/;

/**
 * The access token of a request, or `undefined` when it presents none: no `Authorization` field, or
 * one of another scheme. Only the header form is read (RFC 6750 §2.1); tokens in a query or a body
 * are not honoured.
 *
 * @throws AuthError `credentials_repeated` when the token comes in two `Authorization` fields, or in
 * one field and the query as well (RFC 6750 §2); `credentials_malformed` when the field is not a
 * scheme, blanks and one token.
 */
export function parseCredentials(request: ProtectedRequest): Credentials | undefined {
  const fields = request.headers('authorization');
  const [field] = fields;
  if (field === undefined) return undefined;
  if (fields.length > 1) throw new AuthError('credentials_repeated');

  const [, name, token] = SCHEME_AND_TOKEN.exec(field) ?? SCHEME.exec(field) ?? [];
  if (name === undefined) throw new AuthError('credentials_malformed');
  const scheme = SCHEMES.get(name.toLowerCase());
  if (scheme === undefined) return undefined;
  if (token === undefined) throw new AuthError('credentials_malformed');
  if (hasQueryToken(request.target)) throw new AuthError('credentials_repeated');
  return { scheme, token };
}

/** A parameter of this name, with any of its letters percent-encoded. */
const ACCESS_TOKEN_PARAMETER = new RegExp(
  `(?:^|&)${Array.from('access_token', (letter) => `(?:${letter}|%${hexOf(letter)})`).join('')}(?:[=&]|$)`,
);

/** Either case of the digits. */
function hexOf(letter: string): string {
  const [high, low = ''] = letter.charCodeAt(0).toString(16);
  return `${high}[${low}${low.toUpperCase()}]`;
}

function hasQueryToken(target: string): boolean {
  const query = target.indexOf('?');
  return query >= 0 && ACCESS_TOKEN_PARAMETER.test(target.slice(query + 1));
}

/**
 * Refuses a request whose form body carries an access token beside the `Authorization` field
 * (RFC 6750 §2: one method per request). For adapters that see the parsed body.
 *
 * @param form - the fields of the form as members of an object
 * @throws AuthError `credentials_repeated`
 */
export function refuseTokenInForm(form: unknown): void {
  if (typeof form === 'object' && form !== null && Object.hasOwn(form, 'access_token')) {
    throw new AuthError('credentials_repeated');
  }
}
