/** How long the body of a refusal may take; one that goes on for ever must not hold up the caller. */
export const REFUSAL_LIMIT_MS = 3000;

/**
 * The text of a body, or `undefined` when it is longer than some bytes or takes longer than some time;
 * reading stops as soon as that is known.
 *
 * @param limitMs - left out, as long as the request itself may take
 */
export async function readText(
  response: Response,
  maxBytes: number,
  limitMs?: number,
): Promise<string | undefined> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  // Not awaited: on a clone, cancelling waits for the original to be read or cancelled too.
  const stop = (): void => void reader?.cancel().catch(() => undefined);
  let isLate = false;
  const timer =
    limitMs === undefined
      ? undefined
      : setTimeout(() => {
          isLate = true;
          stop();
        }, limitMs);
  let text = '';
  let bytes = 0;
  try {
    for (;;) {
      const chunk = await reader?.read();
      if (isLate) return undefined;
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
