const WATCH_INTERVAL_MS = 500;

/**
 * Calls back once when this process is asked to end: SIGINT, SIGTERM, the end of the process that
 * started it over an IPC channel, or the end of npm. npm hands a signal to its shell only, and a shell
 * that ends leaves its child running, so under `npm run` the parent is watched.
 */
export function onStop(callback: () => void): void {
  let called = false;
  const once = (): void => {
    if (called) return;
    called = true;
    callback();
  };
  process.on('SIGINT', once);
  process.on('SIGTERM', once);
  process.on('disconnect', once);
  if (process.env.npm_lifecycle_event !== undefined) {
    const parent = process.ppid;
    setInterval(() => process.ppid !== parent && once(), WATCH_INTERVAL_MS).unref();
  }
}
