import { type Refusal, readRefusal } from './refusal.ts';

/** A request as a thief gets hold of it: every field and the body. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** What a server answered, and why it refused, where it did. */
export interface WireResponse extends Refusal {
  readonly status: number;
  /** The fields that may be seen; a page sees what the server exposes to it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly nonce: string | undefined;
}

/** Who sent a request. */
export type Party = 'client' | 'thief';

/** A request as it went over the wire, and the answer; undefined where it was held back. */
export interface Exchange {
  readonly by: Party;
  readonly request: WireRequest;
  readonly response: WireResponse | undefined;
}

/** The fields that let a request in. */
const CREDENTIAL_FIELDS = ['authorization', 'dpop', 'x-api-key'] as const;

/** How long one request of the comparison may take. */
export const TIMEOUT_MS = 10_000;

/** Sends a request as it stands, from wherever the sender is. */
export async function deliver(
  request: WireRequest,
  { fetch: send }: { readonly fetch: typeof fetch },
): Promise<WireResponse> {
  const response = await send(request.url, {
    method: request.method,
    headers: request.headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(request.body !== undefined && { body: request.body }),
  });
  return readResponse(response);
}

/** Reads status, fields, refusal and nonce of an answer, and its body to the end. */
export async function readResponse(response: Response): Promise<WireResponse> {
  const body = await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body,
    ...(response.ok ? { reason: undefined, sentence: undefined } : readRefusal(body)),
    nonce: response.headers.get('dpop-nonce') ?? undefined,
  };
}

/** The credentials of a request without the rest, as a log line or a header dump shows them. */
export function credentialsOf({
  headers,
}: Pick<WireRequest, 'headers'>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    CREDENTIAL_FIELDS.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The bytes that the credentials of a request add to it. */
export function credentialBytes(request: WireRequest): number {
  return Object.entries(credentialsOf(request)).reduce(
    (sum, [name, value]) => sum + `${name}: ${value}\r\n`.length,
    0,
  );
}

/** Stands between somebody and the network and notes what passes. */
export interface Tap {
  /** The `fetch` to give to them. */
  readonly fetch: typeof fetch;
  /** Every exchange so far, oldest first. */
  readonly passed: readonly Exchange[];
  /** Lets requests through, or holds them back so that no server ever sees them. */
  mode: 'deliver' | 'hold';
}

/**
 * A tap that delivers until told otherwise.
 *
 * @param send - what stands behind it
 * @param onExchange - hears of each exchange when it is over
 */
export function createTap(
  by: Party,
  send: typeof fetch,
  onExchange: (exchange: Exchange) => void = () => {},
): Tap {
  const passed: Exchange[] = [];
  function note(exchange: Exchange): void {
    passed.push(exchange);
    onExchange(exchange);
  }
  const tap: Tap = {
    mode: 'deliver',
    passed,
    async fetch(input, init): Promise<Response> {
      const request = new Request(input, init);
      const sent: WireRequest = {
        method: request.method,
        url: request.url,
        headers: Object.fromEntries(request.headers),
        body: await bodyOf(request),
      };
      if (tap.mode === 'hold') {
        note({ by, request: sent, response: undefined });
        return new Response(null, { status: 204 });
      }
      const response = await send(input, init);
      note({ by, request: sent, response: await readResponse(response.clone()) });
      return response;
    },
  };
  return tap;
}

async function bodyOf(request: Request): Promise<string | undefined> {
  // Not asked for by `request.body`, which some browsers lack.
  const text = await request.clone().text();
  return text === '' ? undefined : text;
}
