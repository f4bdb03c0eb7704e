import { type NodeServer, type ProtectedRequest, protectedRequestFromNode } from '@keybound/core';

/** What is read of an Express request. */
export interface AdaptableRequest {
  /** Exactly as received. */
  readonly method: string;
  /** The target as received, before any mounting or rewriting. */
  readonly originalUrl: string;
  /** Names and values in turn, as they were received. */
  readonly rawHeaders: readonly string[];
  /** The connection, whose other end is the peer. */
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/**
 * An Express request as the checks need it, for token and PAR endpoints too. Field lines come from
 * `rawHeaders`, because Node's parsed headers drop a second `Authorization` and join several `DPoP`
 * lines; the target is the one before any mounting or rewriting within Express, so whatever changes `request.url`
 * before Express sees it changes what a proof must name; the peer is the one of the connection, whatever
 * `trust proxy` makes of `request.ip`.
 *
 * @throws AuthError `fields_too_many` when there are as many field lines as Node keeps: some releases
 * drop further ones without a word, and a second token could be among them.
 */
export function protectedRequest(request: AdaptableRequest): ProtectedRequest {
  // Node sets it on every connection of an HTTP server; its types do not say so.
  const { server } = request.socket as { server?: NodeServer };
  const { method, originalUrl: target } = request;
  return protectedRequestFromNode({ method, target, message: request, server });
}
