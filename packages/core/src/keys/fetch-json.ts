import { isJsonObject, type JsonObject } from '../encoding/json.ts';
import { type UnavailableComponent, UnavailableError } from '../errors/unavailable-error.ts';
import { requireCount } from '../options.ts';

/** The bounds within which another server is asked for JSON. */
export interface FetchJsonOptions {
  /** What requests are sent with. @defaultValue the global `fetch` */
  readonly fetch?: typeof fetch;
  /** How many seconds the whole exchange may take, at most 60. @defaultValue 5 */
  readonly timeoutSeconds?: number;
  /** How many bytes of a body are read. @defaultValue 262144 */
  readonly maxBytes?: number;
}

/** An answer: with status 200 the JSON object asked for, with 400 perhaps an OAuth error object. */
interface FetchedJson {
  readonly status: number;
  /** Always there with status 200. */
  readonly body: JsonObject | undefined;
}

const DEFAULT_TIMEOUT_SECONDS = 5;
const MAX_TIMEOUT_SECONDS = 60;
const DEFAULT_MAX_BYTES = 262_144;

/**
 * Refuses bounds that would not hold.
 *
 * @throws TypeError when an option is of the wrong type or out of range.
 */
export function requireFetchOptions(options: FetchJsonOptions): void {
  const {
    fetch: send = fetch,
    timeoutSeconds = DEFAULT_TIMEOUT_SECONDS,
    maxBytes = DEFAULT_MAX_BYTES,
  } = options;
  if (typeof send !== 'function') {
    throw new TypeError('fetch: must be a function like the global fetch');
  }
  if (!(timeoutSeconds > 0 && timeoutSeconds <= MAX_TIMEOUT_SECONDS)) {
    throw new TypeError(`timeoutSeconds: must be above 0 and at most ${MAX_TIMEOUT_SECONDS}`);
  }
  requireCount('maxBytes', maxBytes);
}

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/**
 * Asks a server for a JSON object: no redirects, a time limit over headers and body, a size limit.
 *
 * @throws UnavailableError when there is no answer in time, or a 200 answer is not a JSON object.
 */
export async function fetchJson(
  component: UnavailableComponent,
  url: string,
  init: RequestInit,
  options: FetchJsonOptions,
): Promise<FetchedJson> {
  const {
    fetch: send = fetch,
    timeoutSeconds = DEFAULT_TIMEOUT_SECONDS,
    maxBytes = DEFAULT_MAX_BYTES,
  } = options;
  try {
    const response = await send(url, {
      ...init,
      headers: { accept: 'application/json', ...init.headers },
      // Not 'error', which Cloudflare Workers do not know: a redirect is a status other than 200.
      redirect: 'manual',
      // Node takes whole milliseconds only.
      signal: AbortSignal.timeout(Math.ceil(timeoutSeconds * 1000)),
    });
    const { status } = response;
    if (status === 200) return { status, body: await readObject(response, maxBytes) };
    if (status === 400) return { status, body: await readErrorObject(response, maxBytes) };
    await response.body?.cancel();
    return { status, body: undefined };
  } catch (cause) {
    throw new UnavailableError(component, `${url} could not be read`, { cause });
  }
}

async function readObject(response: Response, maxBytes: number): Promise<JsonObject> {
  if (!JSON_TYPE.test(response.headers.get('content-type') ?? '')) {
    await response.body?.cancel();
    throw new Error('the answer is not of a JSON media type');
  }
  const value: unknown = JSON.parse(await readText(response, maxBytes));
  if (!isJsonObject(value)) throw new Error('the answer is not a JSON object');
  return value;
}

/** An OAuth error object (RFC 6749 §5.2), if the answer is one; the status is known either way. */
async function readErrorObject(
  response: Response,
  maxBytes: number,
): Promise<JsonObject | undefined> {
  try {
    return await readObject(response, maxBytes);
  } catch {
    return undefined;
  }
}

async function readText(response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const reader = response.body?.getReader();
  let text = '';
  let bytes = 0;
  for (;;) {
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) return text + decoder.decode();
    bytes += chunk.value.byteLength;
    if (bytes > maxBytes) {
      await reader?.cancel();
      throw new Error(`the answer is longer than ${maxBytes} bytes`);
    }
    text += decoder.decode(chunk.value, { stream: true });
  }
}
