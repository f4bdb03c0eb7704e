import type { ProtectedRequest } from '@keybound/core';
import { type Authority, parseAuthority } from './http-uri.ts';
import { targetInvalid } from './target-fault.ts';

const NONE: Authority = { host: '', port: '' };

/**
 * The host a request names in `Host` (HTTP/1.1) or `:authority` (HTTP/2); an empty host when it
 * names none, which HTTP/1.0 and an empty `Host` may do (RFC 9112 §3.2).
 *
 * Checked whether or not the host is needed: software in front of this server, behind it and within it
 * must not be able to take one request for two different hosts.
 *
 * @throws AuthError `target_invalid` when it is given more than once (RFC 9112 §3.2), is not a host by
 * grammar (RFC 9110 §7.2), or differs between the two fields (RFC 9113 §8.3.1).
 */
export function requestHost(request: ProtectedRequest): Authority {
  const host = request.headers('host');
  const authority = request.headers(':authority');
  if (host.length > 1 || authority.length > 1) throw targetInvalid(request, 'host_repeated');
  const first = parse(request, host[0] ?? authority[0]);
  const second = host.length === 1 && authority.length === 1 ? parse(request, authority[0]) : first;
  if (first.host !== second.host || first.port !== second.port) {
    throw targetInvalid(request, 'host_contradicted');
  }
  return first;
}

function parse(request: ProtectedRequest, text = ''): Authority {
  const parsed = text === '' ? NONE : parseAuthority(text);
  if (parsed === undefined) throw targetInvalid(request, 'host_malformed');
  return parsed;
}
