import { type Authenticator, createGuard } from '@keybound/core';

/**
 * A route behind authenticators that a module exports, for `expectProtected`; it asks for `notes:read` and
 * answers with the subject.
 */
export function guardedBy(...authenticators: readonly Authenticator[]) {
  const guard = createGuard({ authenticators });
  return async ({ method, url, headers }: Request): Promise<Response> => {
    // `:authority` of HTTP/2 may be asked for, and Headers refuses names like it.
    const lines = (name: string) =>
      !name.startsWith(':') && headers.has(name) ? [headers.get(name) ?? ''] : [];
    const request = { method, target: new URL(url).pathname, headers: lines };
    const decision = await guard.decide(request, { scopes: ['notes:read'] });
    if (decision.granted) {
      return new Response(decision.auth.claims.sub, { headers: fieldsOf(decision.headers) });
    }
    const { body, status, headers: fields } = decision.denial;
    return Response.json(body, { status, headers: fieldsOf(fields) });
  };
}

function fieldsOf(list: readonly (readonly [string, string])[]): Headers {
  const headers = new Headers();
  for (const [name, value] of list) headers.append(name, value);
  return headers;
}
