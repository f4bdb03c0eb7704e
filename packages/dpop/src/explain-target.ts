import type { AuthError, ProtectedRequest } from '@keybound/core';
import { untrustedFields } from './forwarded-fields.ts';
import { formatHttpUri, type HttpUri, parseAuthority, redactUri } from './http-uri.ts';
import { isTrustedPeer } from './proxies.ts';
import { TARGET_FAULTS, type TargetFault, type TargetFaultEntry } from './target-fault.ts';
import type { Target, TargetUriOptions } from './target-uri.ts';

const MAX_CHARS = 2000;
const MAX_SHOWN_CHARS = 200;

/** Why a proof was refused as `htu_mismatch`, and what to look at. */
export function explainMismatch(
  received: HttpUri,
  target: Target,
  request: ProtectedRequest,
  options: TargetUriOptions,
): string {
  const { where, advice } = differenceOf(received, target);
  return sentences(
    `htu_mismatch: the proof names ${show(formatHttpUri(received))}; this server computed ${show(formatHttpUri(target.uri))} from ${sourcesOf(target, request, options)}`,
    `They differ in ${where}`,
    advice,
    ...disbelief(request, options, target.believedFields),
  );
}

/** Why a proof was refused as `htu_malformed`. */
export function explainMalformed(htu: string, target: Target): string {
  return sentences(
    `htu_malformed: the proof names ${show(redactUri(htu))}, which is no absolute http URI by RFC 3986; expected was ${show(formatHttpUri(target.uri))}`,
    'The client must put scheme, host and path in htu, percent-encoded, without userinfo',
  );
}

/** Why a request was refused as `target_invalid`. */
export function explainRefusal(
  { facts }: AuthError,
  request: ProtectedRequest,
  options: TargetUriOptions,
): string {
  const { what, advice, fields }: TargetFaultEntry = TARGET_FAULTS[facts.fault as TargetFault];
  const shown = fields.flatMap((name) =>
    request.headers(name).map((value) => `${name}: ${show(redactHost(value))}`),
  );
  return sentences(
    `target_invalid: ${what}`,
    `The request target is ${show(redactUri(request.target))}${shown.map((field) => `, ${field}`).join('')}${peerOf(request)}`,
    advice,
    ...disbelief(request, options, fields),
  );
}

/** The configuration and the fields a target was computed from. */
function sourcesOf(
  { prefix, believedFields }: Target,
  request: ProtectedRequest,
  { furtherOrigins = [] }: TargetUriOptions,
): string {
  const hosts = believedFields.filter((name) => name !== 'x-forwarded-prefix');
  const peer = `of the trusted peer ${show(request.peerAddress ?? '')}`;
  const host = hosts.length > 0 ? `${hosts.join(' and ')} ${peer}` : 'the host of the request';
  const origin =
    furtherOrigins.length > 0 ? `publicOrigin and furtherOrigins, by ${host}` : 'publicOrigin';
  const chooser = hosts.length < believedFields.length ? ` by x-forwarded-prefix ${peer}` : '';
  const mount = prefix === '' ? 'no mountPrefix' : `mountPrefix ${show(prefix)}${chooser}`;
  return `${origin}, ${mount} and the request target ${show(redactUri(request.target))}`;
}

/** Where two URIs differ, most significant part first, and what usually is the reason. */
function differenceOf(
  received: HttpUri,
  { uri, prefix }: Target,
): { where: string; advice: string } {
  const [theirs, ours] = [partsOf(received), partsOf(uri)];
  const parts = (['scheme', 'host', 'port', 'path'] as const).filter(
    (part) => theirs[part] !== ours[part],
  );
  const where = parts.map((part) => `the ${part}`).join(', ');
  if (parts.includes('host') || parts.includes('port')) {
    return {
      where,
      advice: `If clients are meant to reach this server at ${show(received.origin)}, put that in publicOrigin or furtherOrigins; if they are not, the proof was made for another server, and the refusal is right`,
    };
  }
  if (parts.includes('scheme')) {
    return {
      where,
      advice: `The scheme is the one of publicOrigin, never of a field; if clients use ${theirs.scheme}, say so there`,
    };
  }
  return differenceOfPaths(theirs.path, ours.path, prefix);
}

function differenceOfPaths(
  theirs: string,
  ours: string,
  prefix: string,
): { where: string; advice: string } {
  const sameRequest = 'The client must name the path it sends; nothing on the way may change it';
  if (`${theirs}/` === ours || theirs === `${ours}/`) {
    return { where: 'the path, and only in a slash at its end', advice: sameRequest };
  }
  if (theirs.toLowerCase() === ours.toLowerCase()) {
    return { where: 'the path, and only in the case of letters', advice: sameRequest };
  }
  if (decoded(theirs) === decoded(ours)) {
    return {
      where: 'the path, and only in percent-encoding of characters that have a meaning',
      advice: sameRequest,
    };
  }
  if (prefix !== '' && `${prefix}${theirs}` === ours) {
    return {
      where: `the path: the proof lacks mountPrefix ${show(prefix)}`,
      advice: 'If clients do not see that prefix, leave mountPrefix out',
    };
  }
  if (theirs.endsWith(ours)) {
    const front = theirs.slice(0, -ours.length);
    return {
      where: `the path: the proof has ${show(front)} in front`,
      advice: `If a proxy strips it, set mountPrefix to ${show(`${front}${prefix}`)}`,
    };
  }
  return { where: 'the path', advice: sameRequest };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Which forwarded fields had no say, and why. */
function disbelief(
  request: ProtectedRequest,
  options: TargetUriOptions,
  believedFields: readonly string[],
): string[] {
  const fields = untrustedFields(request, believedFields);
  if (fields.length === 0) return [];
  return [`${fields.join(', ')} ${fields.length === 1 ? 'was' : 'were'} not believed: ${reason()}`];

  function reason(): string {
    const { proxies, furtherOrigins = [] } = options;
    if (proxies === undefined) return 'the option proxies is not set';
    if (request.peerAddress === undefined) return 'the address of the peer is not known';
    if (!isTrustedPeer(proxies, request)) {
      return `proxies.trusts does not know the peer ${show(request.peerAddress)}`;
    }
    const isHostRead = furtherOrigins.length > 0 ? '' : ', with one origin no host is read';
    return `proxies.fields is '${proxies.fields}', the scheme is never read${isHostRead}, and a prefix only with proxies.mountPrefixes`;
  }
}

function peerOf({ peerAddress }: ProtectedRequest): string {
  return peerAddress === undefined ? '' : `, the peer ${show(peerAddress)}`;
}

function partsOf({ origin, path }: HttpUri): Record<'scheme' | 'host' | 'port' | 'path', string> {
  const [scheme = '', authority = ''] = origin.split('://', 2);
  const { host = '', port = '' } = parseAuthority(authority) ?? {};
  return { scheme, host, port, path };
}

/** A value of a host field without userinfo and what follows the host, which can hold secrets. */
function redactHost(value: string): string {
  return redactUri(`//${value}`).slice(2);
}

/** Received text in quotes, cut, with everything escaped that is not printable ASCII. */
function show(text: string): string {
  const escaped = text
    .slice(0, MAX_SHOWN_CHARS)
    .replace(
      /[^ !#-[\]-~]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  return `"${escaped}${text.length > MAX_SHOWN_CHARS ? '...' : ''}"`;
}

function sentences(...parts: readonly string[]): string {
  const text = parts.map((part) => (part.endsWith('.') ? part : `${part}.`)).join(' ');
  return text.slice(0, MAX_CHARS);
}
