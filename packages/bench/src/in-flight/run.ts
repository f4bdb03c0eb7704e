import type { Operation } from '../table.ts';

/**
 * Runs operations with a fixed number of them under way, until all are done.
 *
 * It is what a server sees whose clients send the next request as soon as they have an answer: those
 * whose answers came in one turn of the event loop all begin together at the end of that turn
 * (`setImmediate`), one after the other within it. The hop is the same for every contender, one that
 * works synchronously included, so the event loop turns and nobody starves it.
 *
 * @throws what the first operation that fails throws.
 */
export function runInFlight(operations: readonly Operation[], inFlight: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let begun = 0;
    let done = 0;
    let waiting = 0;

    function arrive(): void {
      if (waiting++ === 0) setImmediate(beginWaiting);
    }

    function beginWaiting(): void {
      const count = Math.min(waiting, operations.length - begun);
      waiting = 0;
      for (let i = 0; i < count; i++) begin(operations[begun++]);
    }

    function begin(operation: Operation | undefined): void {
      try {
        const outcome = operation?.();
        if (outcome instanceof Promise) outcome.then(finish, reject);
        else finish();
      } catch (error) {
        reject(error);
      }
    }

    function finish(): void {
      if (++done === operations.length) resolve();
      else if (begun + waiting < operations.length) arrive();
    }

    for (let i = 0; i < Math.min(inFlight, operations.length); i++) arrive();
  });
}
