import { type ProtectedRequest, protectedRequestFromNode } from '@keybound/core';

/** What is read of a Fastify request. Requests over HTTP/1.1, HTTP/2 and TLS all have it. */
export interface AdaptableRequest {
  /** The method as received. */
  readonly method: string;
  /** The request target before `rewriteUrl`. */
  readonly originalUrl: string;
  /** Node's request: the field lines as they came, and the connection. */
  readonly raw: {
    readonly rawHeaders: readonly string[];
    readonly socket: { readonly remoteAddress?: string | undefined };
  };
  /** The Fastify instance, for the limits and the address of the server under it. */
  readonly server: {
    readonly server: {
      readonly maxHeadersCount?: number | null;
      /** Where the server listens; a text is the path of a unix socket. */
      address(): unknown;
    };
  };
}

/**
 * A Fastify request as the checks need it. Field lines come from `rawHeaders`, because Node's parsed
 * headers drop a second `Authorization` and join several `DPoP` lines; the target is the one before
 * `rewriteUrl`; the peer is the one of the connection, whatever `trustProxy` makes of `request.ip`.
 *
 * @throws AuthError `fields_too_many` when there are as many field lines as Node keeps: some releases
 * drop further ones without a word, and a second token could be among them.
 */
export function protectedRequest(request: AdaptableRequest): ProtectedRequest {
  return protectedRequestFromNode({
    method: request.method,
    target: request.originalUrl,
    message: request.raw,
    server: request.server.server,
  });
}
