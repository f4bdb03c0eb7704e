import { SignerError } from '../signer-error.ts';
import { type OutgoingRequest, requireReplayable } from './outgoing-request.ts';

/** How many redirects one call follows. */
export const MAX_REDIRECTS = 5;

const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

// The request-body headers of the Fetch standard, and the length, which runtimes compute.
const BODY_FIELDS = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-type',
];

// What another origin must not see; a browser lets no script set the last three.
const CREDENTIAL_FIELDS = ['authorization', 'cookie', 'host', 'proxy-authorization'];

/**
 * The request a redirect asks for, or `undefined` when the response is the answer. Method and body
 * change as in the Fetch standard (HTTP-redirect fetch).
 *
 * @throws SignerError `redirect_not_readable`, `redirect_not_allowed`, `body_not_replayable`, each
 * with the response.
 */
export function redirectedRequest(
  request: OutgoingRequest,
  response: Response,
): OutgoingRequest | undefined {
  if (request.redirect !== 'follow') return undefined;
  if (response.type === 'opaqueredirect') {
    throw new SignerError(
      'redirect_not_readable',
      'the server redirects and the browser does not say where to; call the final URL',
      { response },
    );
  }
  const location = response.headers.get('location');
  if (!REDIRECT_STATUSES.has(response.status) || location === null) return undefined;

  const url = parseLocation(location, request.url);
  if (url === undefined) {
    throw new SignerError(
      'redirect_not_allowed',
      'the redirect does not lead to a plain http or https URL; call the final URL',
      { response },
    );
  }
  if (becomesGet(response.status, request.method)) {
    const headers = withoutFields(request.headers, BODY_FIELDS);
    return { ...request, url, method: 'GET', headers, body: null };
  }
  requireReplayable(request, response);
  return { ...request, url };
}

function parseLocation(location: string, base: URL): URL | undefined {
  let url: URL;
  try {
    url = new URL(location, base);
  } catch {
    return undefined;
  }
  const isHttp = url.protocol === 'https:' || url.protocol === 'http:';
  return isHttp && url.username === '' && url.password === '' ? url : undefined;
}

function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return (status === 301 || status === 302) && method === 'POST';
}

/** The request as another origin may see it: without the caller's credentials (RFC 6750 §5.2). */
export function withoutCredentials(request: OutgoingRequest): OutgoingRequest {
  return { ...request, headers: withoutFields(request.headers, CREDENTIAL_FIELDS) };
}

function withoutFields(headers: Headers, names: readonly string[]): Headers {
  const rest = new Headers(headers);
  for (const name of names) rest.delete(name);
  return rest;
}
