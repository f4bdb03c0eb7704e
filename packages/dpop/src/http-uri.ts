/** An absolute http or https URI in normal form, without query and fragment. */
export interface HttpUri {
  /** Scheme, host and, unless it is the default, port. */
  readonly origin: string;
  /** Never empty: at least `/`. */
  readonly path: string;
}

/** Host and port in normal form. */
export interface Authority {
  readonly host: string;
  /** Empty when none is given. */
  readonly port: string;
}

// RFC 3986 appendix B, narrowed to http and to what a generic URI parser must tell apart. The last group
// takes every character: one that it refused would have the match tried again from each number sign.
const HTTP_URI = /^(https?):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/is;
// No userinfo: in a received URI it is an error (RFC 9110 §4.2.4). No percent-encoding: http names
// are looked up in the DNS, where it means nothing.
const AUTHORITY = /^([A-Za-z0-9\-._~!$&'()*+,;=]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]*))?$/;
const PATH = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*$/;
const QUERY_OR_FRAGMENT = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*$/;

const DEFAULT_PORT: Readonly<Record<string, string>> = { http: '80', https: '443' };

/**
 * The normal form of an absolute http(s) URI, or `undefined` when the text is not one by the grammar
 * of RFC 3986. What browsers repair (back slashes, missing slashes, blanks, tabs, non-ASCII hosts) is
 * not repaired; `new URL` both repairs and leaves `%7E` apart from `~`, so it is not used.
 *
 * Normalised as RFC 9449 §4.3 advises: case of scheme and host, percent-encoding (RFC 3986
 * §6.2.2.1–2), dot segments (§6.2.2.3), default or empty port and empty path (§6.2.3). Nothing else
 * is equal: `/a%2Fb` and `/a/b`, `/r` and `/r/`, `:443` and `:0443` stay different.
 */
export function parseHttpUri(text: string): HttpUri | undefined {
  const [, scheme = '', authority = '', path = '', query = '', fragment = ''] =
    HTTP_URI.exec(text) ?? [];
  const name = scheme.toLowerCase();
  const parsed = parseAuthority(authority);
  const normalPath = normalizePath(path);
  if (parsed === undefined || normalPath === undefined) return undefined;
  if (!QUERY_OR_FRAGMENT.test(query) || !QUERY_OR_FRAGMENT.test(fragment)) return undefined;

  const { host, port } = parsed;
  const origin = `${name}://${formatAuthority({ host, port: port === DEFAULT_PORT[name] ? '' : port })}`;
  return { origin, path: normalPath };
}

/**
 * The normal form of a path that is empty or begins with a slash, or `undefined` when it is not one by
 * the grammar of RFC 3986 §3.3.
 */
export function normalizePath(path: string): string | undefined {
  if (!PATH.test(path)) return undefined;
  const decoded = path.includes('%') ? normalizePercentEncoding(path) : path;
  return (decoded.includes('/.') ? removeDotSegments(decoded) : decoded) || '/';
}

/**
 * Host and port as `Host`, `:authority` and the fields of proxies carry them, or `undefined` when the
 * text is not one by grammar (RFC 9110 §7.2). Case and an empty port make no difference; a default
 * port stays, as it takes a scheme to know it.
 */
export function parseAuthority(text: string): Authority | undefined {
  const [, host, port = ''] = AUTHORITY.exec(text) ?? [];
  return host === undefined ? undefined : { host: host.toLowerCase(), port };
}

/** Writes host and port back as text. */
export function formatAuthority({ host, port }: Authority): string {
  return port === '' ? host : `${host}:${port}`;
}

/** Every way of writing the authority of an origin in normal form: a default port may be left out. */
export function authoritiesOf(origin: string): readonly string[] {
  const [scheme = '', authority = ''] = origin.split('://', 2);
  const { host = '', port = '' } = parseAuthority(authority) ?? {};
  return port === '' ? [host, `${host}:${DEFAULT_PORT[scheme]}`] : [authority];
}

/** Writes a parsed URI back as text. */
export function formatHttpUri({ origin, path }: HttpUri): string {
  return `${origin}${path}`;
}

/** A received URI as it may stand in a log: userinfo, query and fragment can hold secrets. */
export function redactUri(text: string): string {
  return text.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//');
}

const UNRESERVED = /^[A-Za-z0-9\-._~]$/;

/** The percent-encoded form of each octet (RFC 3986 §2.1). */
export const TRIPLETS: readonly string[] = Array.from(
  { length: 256 },
  (_, octet) => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`,
);

/** The normal form of the triplet of each octet: decoded where it never needed encoding. */
const NORMAL_TRIPLETS: readonly string[] = TRIPLETS.map((triplet, octet) => {
  const character = String.fromCharCode(octet);
  return UNRESERVED.test(character) ? character : triplet;
});

/** Decodes once, and only what never needed encoding; the rest gets upper-case digits. */
function normalizePercentEncoding(path: string): string {
  return path.replace(
    /%[0-9A-Fa-f]{2}/g,
    (triplet) => NORMAL_TRIPLETS[Number.parseInt(triplet.slice(1), 16)] ?? triplet,
  );
}

/** RFC 3986 §5.2.4 for a path that is empty or begins with a slash. */
function removeDotSegments(path: string): string {
  const output: string[] = [];
  const segments = path.split('/').slice(1);
  segments.forEach((segment, index) => {
    const isLast = index === segments.length - 1;
    if (segment === '..') output.pop();
    if (segment !== '.' && segment !== '..') output.push(segment);
    else if (isLast) output.push(''); // "/a/." and "/a/b/.." end in a slash
  });
  return output.map((segment) => `/${segment}`).join('');
}
