import { AuthError, type ProtectedRequest } from '@keybound/core';
import { fieldLines } from './field-lines.ts';

/**
 * A `Request` as the checks need it, for token and PAR endpoints too. The target is what stands after the
 * origin of `request.url`; the origin is looked at only where there is no `Host` field, as in HTTP/2, and
 * then chooses among configured origins and no more.
 *
 * What a `Request` does not tell cannot be checked: whether the target was in absolute-form, or had dot
 * segments that the runtime resolved, and field lines that the runtime dropped.
 *
 * @param peerAddress - who is at the other end of the connection, for `proxies` of `@keybound/dpop`: an IP
 * address, or `unix:`. Never what a field says that a client can write. @defaultValue not known
 * @throws AuthError `target_invalid` when the path has a backslash: some runtimes leave it in the text, and
 * `new URL` takes it for a slash, so another handler could run than the one the proof names.
 */
export function protectedRequest(
  request: Pick<Request, 'method' | 'url' | 'headers'>,
  peerAddress?: string | undefined,
): ProtectedRequest {
  const { host, target } = parts(request.url);
  if (BACKSLASH_IN_PATH.test(target)) {
    throw new AuthError('target_invalid', { facts: { fault: 'target_backslash' } });
  }
  return {
    method: request.method,
    target,
    headers(name: string): readonly string[] {
      if (name === ':authority') return request.headers.get('host') === null ? [host] : [];
      return fieldLines(name, request.headers.get(name));
    },
    peerAddress,
  };
}

const BACKSLASH_IN_PATH = /^[^?#]*\\/;

/** By text, because the router of the framework takes the rest as it stands too. */
function parts(url: string): { host: string; target: string } {
  const [, host = '', target = url] = /^[^:/?#]+:\/\/([^/?#]*)(.*)$/s.exec(url) ?? [];
  return { host, target };
}
