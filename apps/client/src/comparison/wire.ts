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
  readonly nonce: string | undefined;
}

/** The fields that let a request in. */
const CREDENTIAL_FIELDS = ['authorization', 'dpop', 'x-api-key'] as const;

/** How long one request of the comparison may take. */
export const TIMEOUT_MS = 10_000;

/** Sends a request as it stands, from wherever the thief is. */
export async function deliver(request: WireRequest): Promise<WireResponse> {
  const response = await fetch(request.url, {
    method: request.method,
    headers: request.headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(request.body !== undefined && { body: request.body }),
  });
  return readResponse(response);
}

/** Reads status, refusal and nonce of an answer, and its body to the end. */
export async function readResponse(response: Response): Promise<WireResponse> {
  const body = await response.text();
  return {
    status: response.status,
    ...(response.ok ? { reason: undefined, sentence: undefined } : readRefusal(body)),
    nonce: response.headers.get('dpop-nonce') ?? undefined,
  };
}

/** The credentials of a request without the rest, as a log line or a header dump shows them. */
export function credentialsOf({ headers }: WireRequest): Readonly<Record<string, string>> {
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

/** Stands between a client and the network and notes what passes. */
export interface Tap {
  /** The `fetch` to give to the client. */
  readonly fetch: typeof fetch;
  /** Every request so far, oldest first. */
  readonly passed: readonly WireRequest[];
  /** Lets requests through, or holds them back so that no server ever sees them. */
  mode: 'deliver' | 'hold';
}

/** A tap that delivers until told otherwise. */
export function createTap(): Tap {
  const passed: WireRequest[] = [];
  const tap: Tap = {
    mode: 'deliver',
    passed,
    async fetch(input, init): Promise<Response> {
      const request = new Request(input, init);
      passed.push({
        method: request.method,
        url: request.url,
        headers: Object.fromEntries(request.headers),
        body: request.body === null ? undefined : await request.clone().text(),
      });
      return tap.mode === 'deliver' ? fetch(request) : new Response(null, { status: 204 });
    },
  };
  return tap;
}
