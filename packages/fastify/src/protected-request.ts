import { AuthError, type ProtectedRequest } from '@keybound/core';

/** What is read of a Fastify request. Requests over HTTP/1.1, HTTP/2 and TLS all have it. */
export interface AdaptableRequest {
  readonly method: string;
  readonly originalUrl: string;
  readonly raw: {
    readonly rawHeaders: readonly string[];
    readonly socket: { readonly remoteAddress?: string | undefined };
  };
  readonly server: {
    readonly server: { readonly maxHeadersCount?: number | null; address(): unknown };
  };
}

const MAPPED_IPV4 = /^::ffff:([0-9]+(?:\.[0-9]+){3})$/i;

/**
 * A Fastify request as the checks need it. Field lines come from `rawHeaders`, because Node's parsed
 * headers drop a second `Authorization` and join several `DPoP` lines; the target is the one before
 * `rewriteUrl`; the peer is the one of the connection, whatever `trustProxy` makes of `request.ip`.
 *
 * @throws AuthError `fields_too_many` when there are as many field lines as Node keeps: some releases
 * drop further ones without a word, and a second token could be among them.
 */
export function protectedRequest(request: AdaptableRequest): ProtectedRequest {
  const { rawHeaders } = request.raw;
  // The names and values that Node keeps: 2000, or two for each of `maxHeadersCount`; 0 is no limit.
  const { maxHeadersCount } = request.server.server;
  const kept = typeof maxHeadersCount === 'number' ? maxHeadersCount * 2 : 2000;
  if (kept > 0 && rawHeaders.length >= kept) throw new AuthError('fields_too_many');
  return {
    method: request.method,
    target: request.originalUrl,
    headers(name: string): readonly string[] {
      const values: string[] = [];
      for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
        const own = rawHeaders[i] ?? '';
        // The length tells most names apart, and takes no time.
        if (own.length !== name.length || own.toLowerCase() !== name) continue;
        values.push(rawHeaders[i + 1] ?? '');
      }
      return values;
    },
    peerAddress: peerAddressOf(request),
  };
}

/** A server on a dual-stack socket sees IPv4 peers in IPv6 notation; one on a unix socket has a path. */
function peerAddressOf({ raw, server }: AdaptableRequest): string | undefined {
  const { remoteAddress } = raw.socket;
  if (remoteAddress !== undefined) return MAPPED_IPV4.exec(remoteAddress)?.[1] ?? remoteAddress;
  return typeof server.server.address() === 'string' ? 'unix:' : undefined;
}
