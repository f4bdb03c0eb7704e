import { OauthError } from './oauth-error.ts';

/** The parameters of a form request; `resource` apart, none may be repeated. */
export type Form = Readonly<Record<string, string | undefined>>;

/**
 * The parameters of a parsed `application/x-www-form-urlencoded` body. An empty value counts as
 * absent, a repeated parameter is refused (RFC 6749 §3.2).
 *
 * @throws OauthError `invalid_request`, or `invalid_target` for a repeated `resource`: RFC 8707 §2
 * allows several, this server issues a token for one.
 */
export function parseForm(body: unknown): Form {
  if (typeof body !== 'object' || body === null) throw new OauthError('invalid_request');
  const entries = Object.entries(body).filter(([, value]) => value !== '');
  for (const [name, value] of entries) {
    if (typeof value !== 'string') {
      throw new OauthError(name === 'resource' ? 'invalid_target' : 'invalid_request');
    }
  }
  return Object.fromEntries(entries);
}
