/** How long a body may take; one that goes on for ever must not hold up the caller. */
const TIME_LIMIT_MS = 3000;

/**
 * The text of a body, cut off after three seconds, or `undefined` when it is longer than some bytes;
 * reading stops as soon as that is known.
 */
export async function readText(response: Response, maxBytes: number): Promise<string | undefined> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  // Not awaited: on a clone, cancelling waits for the original to be read or cancelled too.
  const stop = (): void => void reader?.cancel().catch(() => undefined);
  const timer = setTimeout(stop, TIME_LIMIT_MS);
  let text = '';
  let bytes = 0;
  try {
    for (;;) {
      const chunk = await reader?.read();
      if (chunk === undefined || chunk.done) return text + decoder.decode();
      bytes += chunk.value.byteLength;
      if (bytes > maxBytes) {
        stop();
        return undefined;
      }
      text += decoder.decode(chunk.value, { stream: true });
    }
  } finally {
    clearTimeout(timer);
  }
}
