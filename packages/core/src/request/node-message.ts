import { AuthError } from '../errors/auth-error.ts';
import type { ProtectedRequest } from './protected-request.ts';

/**
 * What is read of a request as servers of Node hand it over: `IncomingMessage` of `node:http`, and what
 * stands for it over TLS and HTTP/2.
 */
export interface NodeMessage {
  /** Names and values in turn, as they were received. */
  readonly rawHeaders: readonly string[];
  /** The connection, whose other end is the peer. */
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** What is read of the server that took the connection. */
export interface NodeServer {
  /** How many field lines are kept; 0 is no limit, and 1000 where it is left out. */
  readonly maxHeadersCount?: number | null;
  /** Where the server listens; a text is the path of a unix socket. */
  address(): unknown;
}

/** A request to a server of Node, and what the framework knows better than the message. */
export interface NodeRequest {
  /** Exactly as received. */
  readonly method: string;
  /** Exactly as received, before the framework rewrote or mounted anything. */
  readonly target: string;
  /** The message of `node:http`, or what a framework keeps of it. */
  readonly message: NodeMessage;
  /** Left out, Node's own limit of field lines is assumed, and a peer without address is unknown. */
  readonly server?: NodeServer | undefined;
}

/** The names and values that Node keeps unless `maxHeadersCount` says otherwise. */
const KEPT_BY_DEFAULT = 2000;
const MAPPED_IPV4 = /^::ffff:([0-9]+(?:\.[0-9]+){3})$/i;

/**
 * A request to a server of Node as the checks need it, for adapters of frameworks and for plain
 * `node:http`. Field lines come from `rawHeaders`, because Node's parsed headers drop a second
 * `Authorization` and join several `DPoP` lines; the peer is the one of the connection, whatever a field
 * says. Nothing of Node is imported for it.
 *
 * @throws AuthError `fields_too_many` when there are as many field lines as Node keeps: some releases
 * drop further ones without a word, and a second token could be among them.
 */
export function protectedRequestFromNode({
  method,
  target,
  message,
  server,
}: NodeRequest): ProtectedRequest {
  const { rawHeaders } = message;
  // Two for each of `maxHeadersCount`; 0 is no limit.
  const kept =
    typeof server?.maxHeadersCount === 'number' ? server.maxHeadersCount * 2 : KEPT_BY_DEFAULT;
  if (kept > 0 && rawHeaders.length >= kept) throw new AuthError('fields_too_many');
  return {
    method,
    target,
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
    peerAddress: peerAddressOf(message, server),
  };
}

/** A server on a dual-stack socket sees IPv4 peers in IPv6 notation; one on a unix socket has a path. */
function peerAddressOf(
  { socket: { remoteAddress } }: NodeMessage,
  server: NodeServer | undefined,
): string | undefined {
  if (remoteAddress !== undefined) return MAPPED_IPV4.exec(remoteAddress)?.[1] ?? remoteAddress;
  return typeof server?.address() === 'string' ? 'unix:' : undefined;
}
