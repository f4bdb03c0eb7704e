import type { RequestVector, RsConfig } from '@keybound/dpop-vectors';
import { demand, refusing } from './fault.ts';
import { valuesOf } from './fields.ts';
import type { Switches } from './switches.ts';
import { type HttpUri, parseAuthority, parseUri } from './uri.ts';

// Clients resolve dot segments before they send.
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:[/;]|$)/i;
// What a URI must encode, and some clients send as it is.
const UNENCODED = /[^A-Za-z0-9\-._~!$&'()*+,;=:@/%\u0100-\uffff]|%(?![0-9A-Fa-f]{2})/g;

/** The URI that the client has asked for (RFC 9110 §7.1), by configuration and request target. */
export function targetUri(config: RsConfig, request: RequestVector, switches: Switches): HttpUri {
  return refusing('invalid_request', () => {
    const origin = parseUri(chooseOrigin(config, request, switches), switches);
    const [address = ''] = request.target.split('?');
    demand(!request.target.includes('#'), 'a fragment in the target');
    const hasDots = DOT_SEGMENT.test(address) && !switches.has('target-dot-segments-resolved');
    demand(!hasDots, 'dot segments in the target');
    const { mountPrefix = '' } = config;
    if (address.startsWith('//') && switches.has('target-resolved-as-link')) {
      return parseUri(`${origin.scheme}:${address}`, switches);
    }
    if (address.startsWith('/')) {
      const path = `${mountPrefix}${address.replace(UNENCODED, percentEncoded)}`;
      return { ...origin, path: parseUri(`https://path.example${path}`, switches).path };
    }
    demand(/^https?:\/\/[^/]+\//i.test(address), 'neither a path nor an absolute URI');
    const uri = parseUri(address, switches);
    const isOwn = isSameOrigin(uri, origin) || switches.has('target-of-other-origin-trusted');
    demand(isOwn, 'the URI of another server');
    return { ...uri, path: `${mountPrefix}${uri.path}` };
  });
}

/** Only configuration supplies an origin; where there are several, the host that was asked for chooses. */
function chooseOrigin(config: RsConfig, request: RequestVector, switches: Switches): string {
  const { origin, furtherOrigins = [], trustedProxies = [] } = config;
  const hosts = valuesOf(request.fields, 'host');
  demand(hosts.length < 2, 'two Host fields');
  const [host] = hosts;
  if (host !== undefined && host !== '') parseAuthority(host);
  const [forwarded, ...further] = valuesOf(request.fields, 'x-forwarded-host');
  if (switches.has('forwarded-host-trusted') && forwarded !== undefined) {
    return `https://${forwarded}`;
  }
  if (switches.has('host-trusted') && host !== undefined) return `https://${host}`;
  if (furtherOrigins.length === 0) return origin;
  const fromProxy = trustedProxies.includes(request.peerAddress ?? '');
  demand(!fromProxy || further.length === 0, 'two X-Forwarded-Host fields');
  const chosen = hostOf(`https://${(fromProxy ? forwarded : host) ?? ''}`);
  const found = [origin, ...furtherOrigins].find((one) => hostOf(one) === chosen);
  demand(found !== undefined, 'the host of another server');
  return found;

  function hostOf(text: string): string {
    const uri = parseUri(text, switches);
    return `${uri.host}:${uri.port}`;
  }
}

function isSameOrigin(one: HttpUri, other: HttpUri): boolean {
  return one.scheme === other.scheme && one.host === other.host && one.port === other.port;
}

/** Each character is an octet. */
function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Whether `htu` names the target (RFC 9449 §4.3 check 9). */
export function namesTarget(
  htu: string,
  target: HttpUri,
  request: { readonly target: string },
  switches: Switches,
): boolean {
  const uri = parseUri(htu, switches);
  const query = (text: string): string => text.split('?')[1] ?? '';
  if (switches.has('htu-query-compared') && query(htu) !== query(request.target)) return false;
  const isSamePath =
    uri.path === target.path ||
    (switches.has('htu-compared-by-beginning') && uri.path.startsWith(target.path));
  return (
    isSamePath &&
    (uri.scheme === target.scheme || switches.has('htu-scheme-ignored')) &&
    (uri.host === target.host || switches.has('htu-host-ignored')) &&
    (uri.port === target.port || switches.has('htu-port-ignored'))
  );
}
