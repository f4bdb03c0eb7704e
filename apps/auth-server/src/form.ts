import { OauthError } from './oauth-error.ts';

/** The parameters of a request, none of which may be repeated; `resource` is not among them. */
export type Form = Readonly<Record<string, string | undefined>>;

/**
 * The parameters of a parsed form or query. An empty value counts as absent, a repeated parameter is
 * refused (RFC 6749 §3.1, §3.2); `resource` may be repeated and is for {@link parseResources}.
 *
 * @throws OauthError `invalid_request`
 */
export function parseForm(body: unknown): Form {
  const form: Record<string, string> = {};
  for (const [name, value] of entriesOf(body)) {
    if (name === 'resource' || value === '') continue;
    if (typeof value !== 'string')
      throw new OauthError('invalid_request', 'A parameter is repeated');
    form[name] = value;
  }
  return form;
}

/** The resources a request names (RFC 8707 §2), each once. */
export function parseResources(body: unknown): readonly string[] {
  const values = entriesOf(body).flatMap(([name, value]) => (name === 'resource' ? value : []));
  return [...new Set(values)].filter((value): value is string => value !== '');
}

function entriesOf(body: unknown): [string, unknown][] {
  if (typeof body !== 'object' || body === null) throw new OauthError('invalid_request');
  return Object.entries(body);
}
