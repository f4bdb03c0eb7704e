import { parentPort, workerData } from 'node:worker_threads';

/** Shared with the thread that is probed: 1 while it wants to be. */
const control: Int32Array = workerData;
const INTERVAL_MS = 1;

for (;;) {
  Atomics.wait(control, 0, 0);
  while (Atomics.load(control, 0) === 1) {
    parentPort?.postMessage(Number(process.hrtime.bigint()) / 1e6);
    // Not quite regular, so as not to keep step with what is probed.
    Atomics.wait(control, 0, 1, INTERVAL_MS * (0.5 + Math.random()));
  }
  parentPort?.postMessage('end');
}
