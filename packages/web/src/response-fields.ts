import type { HeaderList } from '@keybound/core';

/**
 * A response with these fields in the place of its own of the same names. It is the response that was
 * given, or, when its headers cannot be changed, as of `Response.redirect` and of what `fetch` resolves
 * to, a new one with the same status and body. One that carries a `DPoP-Nonce` is never stored by a cache
 * (RFC 9449 §8.2), whatever its own `Cache-Control` says.
 */
export function withFields(response: Response, fields: HeaderList): Response {
  if (fields.length === 0) return response;
  try {
    setFields(response.headers, fields);
    return response;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const copy = new Response(response.body, response);
    setFields(copy.headers, fields);
    return copy;
  }
}

function setFields(headers: Headers, fields: HeaderList): void {
  for (const [name] of fields) headers.delete(name);
  for (const [name, value] of fields) headers.append(name, value);
  if (headers.has('dpop-nonce')) headers.set('cache-control', 'no-store');
}
