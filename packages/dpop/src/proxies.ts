import type { ProtectedRequest } from '@keybound/core';
import { addressOfNode, parseForwarded } from './forwarded.ts';
import { type Authority, parseAuthority } from './http-uri.ts';
import { type TargetFault, targetInvalid } from './target-fault.ts';

/** The proxies in front of this server, and which of their fields are believed. */
export interface TrustedProxies {
  /**
   * Whether a proxy of yours has this address: an IP address, or `unix:` for a socket of this machine.
   * Anything but `true` means no. It is asked about the other end of the connection and, with
   * `'forwarded'`, about the hops before it. `createTrustedProxies` of `@keybound/fastify` makes one
   * from a list of addresses and networks.
   */
  readonly trusts: (address: string) => boolean;
  /**
   * The convention by which they tell the host clients used: `Forwarded` (RFC 7239), or
   * `X-Forwarded-Host` with `X-Forwarded-Port` when the host has no port. The other one is ignored.
   * They must write it anew, whatever a client sent; `Forwarded` may be appended to.
   */
  readonly fields: 'forwarded' | 'x-forwarded';
  /**
   * The prefixes that `X-Forwarded-Prefix` may choose among, `mountPrefix` included by itself. Without
   * that field `mountPrefix` holds. @defaultValue none, and the field is ignored
   */
  readonly mountPrefixes?: readonly string[];
}

/** The host a trusted proxy says clients used, and where it says so. */
export interface ForwardedHost {
  readonly authority: Authority;
  /** The fields that were read, in lower case. */
  readonly fields: readonly string[];
  /** The fault when no configured origin has this host. */
  readonly ifUnknown: TargetFault;
}

/** Reads the host out of what a trusted proxy wrote. Only for requests whose peer is trusted. */
export type ReadForwardedHost = (request: ProtectedRequest) => ForwardedHost;

/** Whether the peer of a request is one of the proxies. */
export function isTrustedPeer(
  proxies: TrustedProxies | undefined,
  { peerAddress }: ProtectedRequest,
): boolean {
  // A promise, as from a function that was made async by mistake, must not count as yes.
  return peerAddress !== undefined && proxies?.trusts(peerAddress) === true;
}

/**
 * A function for the convention of these proxies.
 *
 * @throws TypeError when an option is not of the described form.
 */
export function createForwardedHost({ trusts, fields }: TrustedProxies): ReadForwardedHost {
  if (typeof trusts !== 'function') {
    throw new TypeError('proxies.trusts: give a function that tells whether an address is yours');
  }
  if (fields === 'x-forwarded') return readXForwardedHost;
  if (fields === 'forwarded') return (request) => readForwarded(request, trusts);
  throw new TypeError("proxies.fields: must be 'forwarded' or 'x-forwarded'");
}

function readXForwardedHost(request: ProtectedRequest): ForwardedHost {
  const [text, ...furtherHosts] = request.headers('x-forwarded-host');
  if (text === undefined) throw targetInvalid(request, 'forwarded_host_missing');
  if (furtherHosts.length > 0 || text.includes(',')) {
    throw targetInvalid(request, 'forwarded_host_repeated');
  }
  const authority = parseAuthority(text);
  if (authority === undefined) throw targetInvalid(request, 'forwarded_host_malformed');
  const found = { ifUnknown: 'forwarded_host_unknown' } as const;
  const [port, ...furtherPorts] = request.headers('x-forwarded-port');
  if (authority.port !== '' || port === undefined) {
    return { ...found, authority, fields: ['x-forwarded-host'] };
  }
  if (furtherPorts.length > 0 || port.includes(',')) {
    throw targetInvalid(request, 'forwarded_host_repeated');
  }
  if (!/^[0-9]+$/.test(port)) throw targetInvalid(request, 'forwarded_host_malformed');
  return {
    ...found,
    authority: { ...authority, port },
    fields: ['x-forwarded-host', 'x-forwarded-port'],
  };
}

/** Room for some thirty hops; a client that sends more keeps the server busy. */
const MAX_FORWARDED_CHARS = 4096;

/**
 * Goes from the element of the peer to the one before as long as the peer of that hop was trusted too
 * (RFC 7239 §7.4). What stands further left was sent by somebody nobody vouches for.
 */
function readForwarded(request: ProtectedRequest, trusts: TrustedProxies['trusts']): ForwardedHost {
  const lines = request.headers('forwarded');
  const chars = lines.reduce((sum, line) => sum + line.length, 0);
  if (chars > MAX_FORWARDED_CHARS) throw targetInvalid(request, 'forwarded_too_long');
  const elements = parseForwarded(lines);
  if (elements === undefined) throw targetInvalid(request, 'forwarded_malformed');
  if (elements.length === 0) throw targetInvalid(request, 'forwarded_missing');

  let written = elements.length - 1;
  while (written > 0) {
    const address = addressOfNode(elements[written]?.get('for') ?? '');
    if (address === undefined) throw targetInvalid(request, 'forwarded_for_hidden');
    if (trusts(address) !== true) break;
    written--;
  }
  const authority = parseAuthority(elements[written]?.get('host') ?? '');
  if (authority === undefined) throw targetInvalid(request, 'forwarded_without_host');
  return { authority, fields: ['forwarded'], ifUnknown: 'forwarded_unknown' };
}
