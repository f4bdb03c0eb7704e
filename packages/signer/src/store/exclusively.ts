/**
 * Runs a task while no other of the same name runs: by Web Locks in every page and worker of the origin,
 * and where there are none, or the browser forbids them together with storage, in this page.
 *
 * @param waitSeconds - how long the turn may take to come
 * @throws DOMException `TimeoutError` when it does not come; the task is then never run.
 */
export async function exclusively<T>(
  name: string,
  waitSeconds: number,
  task: () => Promise<T>,
): Promise<T> {
  // Not there in every runtime, nor outside secure contexts.
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  const signal = AbortSignal.timeout(waitSeconds * 1000);
  if (locks === undefined) return oneAfterTheOther(name, signal, task);
  let hasBegun = false;
  try {
    return await locks.request(name, { signal }, () => {
      hasBegun = true;
      return task();
    });
  } catch (error) {
    const isForbidden = error instanceof DOMException && error.name === 'SecurityError';
    if (hasBegun || !isForbidden) throw error;
    return oneAfterTheOther(name, signal, task);
  }
}

const last = new Map<string, Promise<unknown>>();

function oneAfterTheOther<T>(
  name: string,
  signal: AbortSignal,
  task: () => Promise<T>,
): Promise<T> {
  const before = last.get(name) ?? Promise.resolve();
  const outcome = new Promise<T>((done, fail) => {
    const giveUp = (): void => fail(signal.reason);
    signal.addEventListener('abort', giveUp);
    async function begin(): Promise<T> {
      signal.removeEventListener('abort', giveUp);
      signal.throwIfAborted();
      return await task();
    }
    before.then(begin).then(done, fail);
  });
  // Who has given up still keeps the place of the one before.
  const over = Promise.allSettled([before, outcome]);
  last.set(name, over);
  over.then(() => {
    if (last.get(name) === over) last.delete(name);
  });
  return outcome;
}
