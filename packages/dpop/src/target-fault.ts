import { AuthError, type ProtectedRequest } from '@keybound/core';
import { redactUri } from './http-uri.ts';

/** Why a target is refused as `target_invalid`: the `fault` among the facts of the error. */
export type TargetFault =
  | 'target_form'
  | 'target_too_long'
  | 'target_fragment'
  | 'target_dot_segments'
  | 'target_malformed'
  | 'target_other_origin'
  | 'host_repeated'
  | 'host_malformed'
  | 'host_contradicted'
  | 'host_unknown'
  | 'forwarded_host_missing'
  | 'forwarded_host_repeated'
  | 'forwarded_host_malformed'
  | 'forwarded_host_unknown'
  | 'forwarded_missing'
  | 'forwarded_malformed'
  | 'forwarded_too_long'
  | 'forwarded_for_hidden'
  | 'forwarded_without_host'
  | 'forwarded_unknown'
  | 'prefix_repeated'
  | 'prefix_unknown';

/** What is wrong with a target, and what the operator can do, when the client is an honest one. */
export interface TargetFaultEntry {
  /** Constant: what was received is shown beside it. */
  readonly what: string;
  readonly advice: string;
  /** The fields it is about, in lower case; none when it is the request target. */
  readonly fields: readonly string[];
}

const CLIENT_SENDS = 'The client must send the path it names in htu, as it stands.';
const SET_HOST = 'Have the proxy in front set Host to one value and add none.';
const OVERWRITE = 'Have the proxy write it anew, whatever the client sent (docs/proxies.md).';

/** The one table of faults. */
export const TARGET_FAULTS: Readonly<Record<TargetFault, TargetFaultEntry>> = {
  target_form: {
    what: 'the request target is neither a path nor an absolute URI with a path',
    advice: CLIENT_SENDS,
    fields: [],
  },
  target_too_long: {
    what: 'the request target has more than 2048 characters before its query, more than an htu may have',
    advice: 'Use a shorter path where tokens are bound to keys.',
    fields: [],
  },
  target_fragment: {
    what: 'the request target has a fragment',
    advice: CLIENT_SENDS,
    fields: [],
  },
  target_dot_segments: {
    what: 'the request target has dot segments, which a router would not resolve',
    advice: CLIENT_SENDS,
    fields: [],
  },
  target_malformed: {
    what: 'the request target is not a URI by RFC 3986',
    advice: CLIENT_SENDS,
    fields: [],
  },
  target_other_origin: {
    what: 'the request target is in absolute-form and names another origin than the one this request is for',
    advice:
      'If a proxy sends absolute-form, it must name the public origin; otherwise the client meant another server.',
    fields: [],
  },
  host_repeated: {
    what: 'Host occurs more than once (RFC 9112 section 3.2)',
    advice: SET_HOST,
    fields: ['host', ':authority'],
  },
  host_malformed: {
    what: 'Host is not a host with an optional port (RFC 9110 section 7.2)',
    advice: SET_HOST,
    fields: ['host', ':authority'],
  },
  host_contradicted: {
    what: 'Host and :authority are different (RFC 9113 section 8.3.1)',
    advice: SET_HOST,
    fields: ['host', ':authority'],
  },
  host_unknown: {
    what: 'Host names none of publicOrigin and furtherOrigins',
    advice:
      'If clients are meant to use that host, add its origin to furtherOrigins. If a proxy puts another name in Host, have it keep the one of the client, or list it in proxies and have it write a forwarded host.',
    fields: ['host', ':authority'],
  },
  forwarded_host_missing: {
    what: 'the proxy is trusted, but wrote no X-Forwarded-Host',
    advice:
      'Have the proxy write X-Forwarded-Host, or leave proxies out when it keeps the Host of the client.',
    fields: ['x-forwarded-host'],
  },
  forwarded_host_repeated: {
    what: 'X-Forwarded-Host or X-Forwarded-Port has more than one value, so one of them is not of the proxy',
    advice: OVERWRITE,
    fields: ['x-forwarded-host', 'x-forwarded-port'],
  },
  forwarded_host_malformed: {
    what: 'X-Forwarded-Host is not a host with an optional port, or X-Forwarded-Port is no number',
    advice: OVERWRITE,
    fields: ['x-forwarded-host', 'x-forwarded-port'],
  },
  forwarded_host_unknown: {
    what: 'X-Forwarded-Host, with X-Forwarded-Port, names none of publicOrigin and furtherOrigins',
    advice:
      'If clients are meant to use that host and port, add the origin to furtherOrigins; if not, look at what the proxy writes.',
    fields: ['x-forwarded-host', 'x-forwarded-port'],
  },
  forwarded_missing: {
    what: 'the proxy is trusted, but wrote no Forwarded field',
    advice:
      "Have the proxy write Forwarded (RFC 7239), or set proxies.fields to 'x-forwarded' when that is what it writes.",
    fields: ['forwarded'],
  },
  forwarded_malformed: {
    what: 'Forwarded is not a list by the grammar of RFC 7239 section 4',
    advice: OVERWRITE,
    fields: ['forwarded'],
  },
  forwarded_too_long: {
    what: 'Forwarded has more than 4096 characters',
    advice: 'Have the outermost proxy write it anew instead of adding to what clients send.',
    fields: ['forwarded'],
  },
  forwarded_for_hidden: {
    what: 'an element of Forwarded gives no address in "for", so it cannot be told which hop wrote the next one',
    advice: 'Have each trusted proxy write for= with the address it was called from.',
    fields: ['forwarded'],
  },
  forwarded_without_host: {
    what: 'the element of Forwarded that the outermost trusted proxy wrote has no usable "host"',
    advice: 'Have that proxy write host= with the Host it received.',
    fields: ['forwarded'],
  },
  forwarded_unknown: {
    what: 'Forwarded names none of publicOrigin and furtherOrigins as host',
    advice:
      'If clients are meant to use that host, add its origin to furtherOrigins. If the element was written between your own proxies, make proxies.trusts know them all.',
    fields: ['forwarded'],
  },
  prefix_repeated: {
    what: 'X-Forwarded-Prefix has more than one value, so one of them is not of the proxy',
    advice: OVERWRITE,
    fields: ['x-forwarded-prefix'],
  },
  prefix_unknown: {
    what: 'X-Forwarded-Prefix is neither mountPrefix nor one of proxies.mountPrefixes',
    advice:
      'If the proxy strips that prefix, add it to proxies.mountPrefixes, without a slash at the end.',
    fields: ['x-forwarded-prefix'],
  },
};

/** The refusal of a request whose target is not one this server answers for. */
export function targetInvalid({ target }: ProtectedRequest, fault: TargetFault): AuthError {
  return new AuthError('target_invalid', { facts: { target: redactUri(target), fault } });
}
