/** What is changed of a response of Node: of `node:http` as well as of `node:http2`. */
export interface NodeResponse {
  /** Sends the status line and the fields. */
  writeHead(...parameters: never[]): unknown;
  /** Sets a field. */
  setHeader(name: string, value: number | string | readonly string[]): unknown;
  /** Adds a line to a field; `node:http2` has it since Node 20.12. */
  appendHeader?(name: string, value: string | readonly string[]): unknown;
}

type Call = (...parameters: unknown[]) => unknown;

/**
 * Makes a response of Node one that no cache stores, whatever `Cache-Control` anybody sets until its
 * fields are sent, hooks that run last included: a response with a `DPoP-Nonce` must not be handed to
 * anybody else (RFC 9449 §8.2). For adapters of frameworks; nothing of Node is imported for it.
 *
 * Not prevented: what writes to the socket by itself.
 */
export function neverStored(response: NodeResponse): void {
  const writeHead = response.writeHead as Call;
  const setHeader = response.setHeader as Call;
  const appendHeader = response.appendHeader as Call | undefined;
  // Node calls it too when a handler does not, and a wrapper that is older than this one inside of it.
  response.writeHead = (...parameters: unknown[]) => {
    setHeader.call(response, 'cache-control', 'no-store');
    return writeHead.apply(response, parameters.map(withoutCacheControl));
  };
  response.setHeader = (name, value) =>
    setHeader.call(response, name, isCacheControl(name) ? 'no-store' : value);
  if (appendHeader === undefined) return;
  response.appendHeader = (name, value) =>
    isCacheControl(name)
      ? setHeader.call(response, name, 'no-store')
      : appendHeader.call(response, name, value);
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
