/** A `fetch` that notes what passes through it. */
export interface Recorder {
  readonly fetch: typeof fetch;
  /** `METHOD path → status`, in order. */
  readonly exchanges: readonly string[];
}

/** Wraps the global `fetch`, so that a test sees how often a client really asked. */
export function createRecorder(): Recorder {
  const exchanges: string[] = [];
  return {
    exchanges,
    async fetch(input, init): Promise<Response> {
      const { method, url } = new Request(input, init);
      const response = await fetch(input, init);
      exchanges.push(`${method} ${new URL(url).pathname} → ${response.status}`);
      return response;
    },
  };
}
