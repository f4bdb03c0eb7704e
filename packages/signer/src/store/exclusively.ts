/**
 * Runs a task while no other of the same name runs: in this page, and by Web Locks in every page and
 * worker of the origin. Where there are no Web Locks, in this page only.
 *
 * @param waitSeconds - how long the turn may take to come; then `TimeoutError`
 */
export async function exclusively<T>(
  name: string,
  waitSeconds: number,
  task: () => Promise<T>,
): Promise<T> {
  // Not there in every runtime, nor outside secure contexts.
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  if (locks === undefined) return oneAfterTheOther(name, task);
  const signal = AbortSignal.timeout(waitSeconds * 1000);
  return await locks.request(name, { signal }, task);
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
