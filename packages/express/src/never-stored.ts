import type { ServerResponse } from 'node:http';

/**
 * Makes a response one that no cache stores, whatever `Cache-Control` a handler sets until its fields are
 * sent: a response with a `DPoP-Nonce` must not be handed to anybody else (RFC 9449 §8.2).
 */
export function neverStored(response: ServerResponse): void {
  const writeHead = response.writeHead as (...parameters: unknown[]) => ServerResponse;
  // Node calls it too when a handler does not.
  response.writeHead = (...parameters: unknown[]): ServerResponse => {
    response.setHeader('cache-control', 'no-store');
    return writeHead.apply(response, parameters.map(withoutCacheControl));
  };
}

/** Fields among the parameters win over those that were set. Node takes an object or names and values in turn. */
function withoutCacheControl(parameter: unknown): unknown {
  if (typeof parameter !== 'object' || parameter === null) return parameter;
  if (!Array.isArray(parameter)) {
    return Object.fromEntries(Object.entries(parameter).filter(([name]) => !isCacheControl(name)));
  }
  return parameter.filter((_, i) => !isCacheControl(parameter[i - (i % 2)]));
}

function isCacheControl(name: unknown): boolean {
  return String(name).toLowerCase() === 'cache-control';
}
