import { demand } from './fault.ts';
import type { Switches } from './switches.ts';

/** An absolute http(s) URI in normal form, without query and fragment. */
export interface HttpUri {
  readonly scheme: string;
  readonly host: string;
  /** Empty for the default one. */
  readonly port: string;
  readonly path: string;
}

// RFC 3986 appendix B, for http and https only.
const HTTP_URI = /^(https?):\/\/([^/?#]*)([^?#]*)(?:\?[^#]*)?(?:#.*)?$/i;
const CHARACTERS = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/;
const AUTHORITY = /^([A-Za-z0-9\-._~!$&'()*+,;=]+|\[[0-9A-Fa-f:.]+\])(?::(\d*))?$/;
const PATH = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*$/;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };

/** Parses by the grammar of RFC 3986, and repairs nothing; normalizes by its §6.2.2 and §6.2.3. */
export function parseUri(text: string, switches: Switches): HttpUri {
  if (switches.has('htu-by-whatwg-url')) return parseAsBrowsersDo(text);
  const uri = switches.has('htu-blanks-trimmed') ? text.trim() : text;
  demand(CHARACTERS.test(uri), 'characters that no URI has');
  const [, scheme = '', authority = '', path = ''] = HTTP_URI.exec(uri) ?? [];
  const { host, port } = parseAuthority(
    switches.has('htu-userinfo-ignored') ? authority.replace(/^.*@/, '') : authority,
  );
  demand(PATH.test(path), 'not a path');
  const name = scheme.toLowerCase();
  const shownPort = port === DEFAULT_PORTS[name] ? '' : port;
  return { scheme: name, host, port: shownPort, path: normalPath(path, switches) };
}

/** Host and port, as they stand in a URI and in `Host`. */
export function parseAuthority(text: string): { readonly host: string; readonly port: string } {
  const [, host, port = ''] = AUTHORITY.exec(text) ?? [];
  demand(host !== undefined, 'not a host');
  return { host: host.toLowerCase(), port };
}

function normalPath(path: string, switches: Switches): string {
  let normal = decodeUnreserved(path);
  if (switches.has('htu-decoded-twice')) normal = decodeUnreserved(normal.replace(/%25/g, '%'));
  if (switches.has('htu-reserved-decoded')) normal = normal.replace(/%2F/g, '/');
  if (switches.has('htu-slashes-merged')) normal = normal.replace(/\/+/g, '/');
  if (switches.has('htu-path-parameters-ignored')) normal = normal.replace(/;[^/]*/g, '');
  if (switches.has('htu-path-case-folded')) normal = normal.toLowerCase();
  if (switches.has('htu-trailing-slash-ignored')) normal = normal.replace(/\/$/, '');
  return withoutDotSegments(normal) || '/';
}

/** Decodes what never needed encoding, once, and writes the rest in upper case. */
function decodeUnreserved(path: string): string {
  return path.replace(/%[0-9A-Fa-f]{2}/g, (triplet) => {
    const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : triplet.toUpperCase();
  });
}

/** RFC 3986 §5.2.4. */
function withoutDotSegments(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/');
  for (const [index, segment] of segments.entries()) {
    const isDots = segment === '.' || segment === '..';
    if (segment === '..' && kept.length > 1) kept.pop();
    if (!isDots) kept.push(segment);
    else if (index === segments.length - 1) kept.push('');
  }
  return kept.join('/');
}

/** What `new URL` makes of a text, be it a URI or not. */
function parseAsBrowsersDo(text: string): HttpUri {
  demand(URL.canParse(text), 'not a URL');
  const { protocol, hostname, port, pathname } = new URL(text);
  return { scheme: protocol.slice(0, -1), host: hostname, port, path: pathname };
}
