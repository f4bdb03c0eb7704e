/** A `fetch` that notes what passes through it. */
export interface Recorder {
  readonly fetch: typeof fetch;
  /** `METHOD path → status`, in order. */
  readonly exchanges: readonly string[];
}

/**
 * Wraps a `fetch`, so that a test sees how often a client really asked.
 *
 * @param send - @defaultValue the global one
 */
export function createRecorder(send: typeof fetch = fetch): Recorder {
  const exchanges: string[] = [];
  return {
    exchanges,
    async fetch(input, init): Promise<Response> {
      const { method, url } = new Request(input, init);
      const response = await send(input, init);
      exchanges.push(`${method} ${new URL(url).pathname} → ${response.status}`);
      return response;
    },
  };
}
