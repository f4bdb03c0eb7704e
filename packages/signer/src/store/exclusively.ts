/**
 * Runs a task while no other of the same name runs: by Web Locks in every page and worker of the origin,
 * and where there are none, or the browser forbids them together with storage, in this page.
 *
 * @param waitSeconds - how long the turn may take to come by Web Locks
 * @throws DOMException `TimeoutError` when it does not come.
 */
export async function exclusively<T>(
  name: string,
  waitSeconds: number,
  task: () => Promise<T>,
): Promise<T> {
  // Not there in every runtime, nor outside secure contexts.
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  if (locks === undefined) return oneAfterTheOther(name, task);
  let hasBegun = false;
  try {
    return await locks.request(name, { signal: AbortSignal.timeout(waitSeconds * 1000) }, () => {
      hasBegun = true;
      return task();
    });
  } catch (error) {
    const isForbidden = error instanceof DOMException && error.name === 'SecurityError';
    if (hasBegun || !isForbidden) throw error;
    return oneAfterTheOther(name, task);
  }
}

const last = new Map<string, Promise<unknown>>();

function oneAfterTheOther<T>(name: string, task: () => Promise<T>): Promise<T> {
  const turn = (last.get(name) ?? Promise.resolve()).then(task);
  const over = turn.then(
    () => undefined,
    () => undefined,
  );
  last.set(name, over);
  over.then(() => {
    if (last.get(name) === over) last.delete(name);
  });
  return turn;
}
