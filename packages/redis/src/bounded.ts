/** Runs a command and waits for its answer no longer than allowed. */
export type Bounded = <Answer>(command: () => Promise<Answer>) => Promise<Answer>;

/**
 * Bounds every wait, and does not queue behind a server that is silent: after a command that got no
 * answer in time, only one command in each further time-out is sent, to see whether it is back; all
 * others fail at once, until an answer of any kind arrives.
 */
export function createBounded(timeoutSeconds: number): Bounded {
  const timeoutMs = timeoutSeconds * 1000;
  let isSilent = false;
  let askedAt = 0;

  return async (command) => {
    const now = performance.now();
    if (isSilent && now - askedAt < timeoutMs) throw new Error('no answer to an earlier command');
    askedAt = now;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        isSilent = true;
        reject(new Error(`no answer within ${timeoutSeconds} seconds`));
      }, timeoutMs);
    });
    const answer = command();
    // Whatever the answer, also a late one: somebody is there.
    const heard = (): void => {
      isSilent = false;
    };
    answer.then(heard, heard);
    try {
      return await Promise.race([answer, timeout]);
    } finally {
      clearTimeout(timer);
    }
  };
}
