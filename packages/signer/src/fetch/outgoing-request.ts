import { SignerError } from '../signer-error.ts';

/** A request as it will go on the wire, taken from the arguments of `fetch` once. */
export interface OutgoingRequest {
  /** Upper-cased where `fetch` does so, which is not for `patch` (RFC 9449 §4.2: sign what is sent). */
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: BodyInit | null;
  /** What the caller wants done with redirects. */
  readonly redirect: RequestRedirect;
  /** Everything else the caller gave: signal, credentials, cache, a runtime's own members. */
  readonly settings: RequestInit;
}

// What a Request says about itself beside method, URL, headers, body and redirect mode.
const SETTINGS = [
  'cache',
  'credentials',
  'integrity',
  'keepalive',
  'mode',
  'referrer',
  'referrerPolicy',
  'signal',
] as const;

/**
 * The request that `fetch(input, init)` describes: members of `init` win over those of a `Request`.
 * The body of a `Request` is not read yet; {@link bufferBody} does that.
 *
 * @throws TypeError where `fetch` would throw one: a bad URL, userinfo in it, a forbidden method.
 */
export function describeRequest(input: RequestInfo | URL, init: RequestInit): OutgoingRequest {
  const given = input instanceof Request ? input : undefined;
  // The platform's own rules make the method and the URL what they are on the wire.
  const { method, url } = new Request(given?.url ?? input, {
    method: init.method ?? given?.method ?? 'GET',
  });
  const target = new URL(url);
  // Deno sends the userinfo that the Fetch Standard refuses in a Request.
  if (target.username !== '' || target.password !== '') {
    throw new TypeError('the URL must not have userinfo');
  }
  return {
    method,
    url: target,
    headers: new Headers(init.headers ?? given?.headers),
    body: init.body ?? null,
    redirect: init.redirect ?? given?.redirect ?? 'follow',
    // Members are picked as well as spread: those of a Request are getters, which spreading misses.
    settings: { ...pickSettings(given), ...pickSettings(init), ...init },
  };
}

function pickSettings(source: Request | RequestInit | undefined): RequestInit {
  const entries = SETTINGS.map((name) => [name, source?.[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/**
 * The request with the body of a `Request` read into memory, since a `Request` gives it only once.
 *
 * @throws TypeError when that body has been read before.
 */
export async function bufferBody(
  request: OutgoingRequest,
  input: RequestInfo | URL,
): Promise<OutgoingRequest> {
  if (request.body !== null || !(input instanceof Request)) return request;
  // Not asked for by `input.body`, which some browsers lack.
  const bytes = await input.arrayBuffer();
  return bytes.byteLength === 0 ? request : { ...request, body: bytes };
}

/**
 * Refuses to go on when the body can be sent only once. Texts, buffers, blobs and forms can be sent
 * again; streams and async iterables cannot.
 *
 * @throws SignerError `body_not_replayable` with the response that asks for another send.
 */
export function requireReplayable({ body }: OutgoingRequest, response: Response): void {
  if (typeof body !== 'object' || body === null) return;
  if (!(body instanceof ReadableStream) && !(Symbol.asyncIterator in body)) return;
  throw new SignerError(
    'body_not_replayable',
    'the server wants the request again and its body was a stream; call once more with a new ' +
      'stream (what the server asked for is remembered), or pass text, bytes or a Blob',
    { response },
  );
}

/** The `init` of one send: the caller's settings and the fields of this send. */
export function sendInit(
  request: OutgoingRequest,
  fields: Readonly<Record<string, string>>,
): RequestInit {
  const { method, body, redirect, settings } = request;
  const headers = new Headers(request.headers);
  for (const [name, value] of Object.entries(fields)) headers.set(name, value);
  // Redirects are followed here, hop by hop: each needs a proof of its own.
  return {
    ...settings,
    method,
    headers,
    body,
    redirect: redirect === 'follow' ? 'manual' : redirect,
  };
}
