import { parentPort, workerData } from 'node:worker_threads';

/** Shared with the thread that is probed: how often it has begun or ended a measurement. */
const control: Int32Array = workerData;
const INTERVAL_MS = 1;

for (let resting = 0; ; resting += 2) {
  // A notification that comes late wakes up for nothing.
  while (Atomics.load(control, 0) === resting) Atomics.wait(control, 0, resting);
  const measuring = resting + 1;
  while (Atomics.load(control, 0) === measuring) {
    parentPort?.postMessage(Number(process.hrtime.bigint()) / 1e6);
    // Not quite regular, so as not to keep step with what is probed.
    Atomics.wait(control, 0, measuring, INTERVAL_MS * (0.5 + Math.random()));
  }
  parentPort?.postMessage('end');
}
