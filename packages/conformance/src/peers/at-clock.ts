/** The clock of the process is one for all, so whoever sets it takes turns. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Does work at another time: peers read the clock of the process. Work that is started meanwhile waits
 * until this is done.
 *
 * @param clock - Seconds since 1970-01-01T00:00:00Z, where time stands still.
 */
export function atClock<Result>(clock: number, work: () => Promise<Result>): Promise<Result> {
  const result = turn.then(() => withDate(clock * 1000, work));
  turn = result.catch(() => undefined);
  return result;
}

async function withDate<Result>(
  milliseconds: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const real = globalThis.Date;
  globalThis.Date = new Proxy(real, {
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [milliseconds] : values, newTarget),
    get: (target, name) => (name === 'now' ? () => milliseconds : Reflect.get(target, name)),
  });
  try {
    return await work();
  } finally {
    globalThis.Date = real;
  }
}
