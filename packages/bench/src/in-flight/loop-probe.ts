import { Worker } from 'node:worker_threads';

/** Measures how long an event waits for the event loop of this thread. */
export interface LoopProbe {
  start(): void;
  /** The waits since `start`, in milliseconds. */
  stop(): Promise<readonly number[]>;
  close(): Promise<void>;
}

/**
 * A probe that stands for the kernel: another thread writes down the time and sends it here about once
 * in a millisecond, whatever this thread does, and the wait ends when the message is handled.
 *
 * `monitorEventLoopDelay` is not used: it is a timer of this very loop, which comes late by whole
 * milliseconds and not at all during a long turn, so that a wait of 18 ms counts once and not for each
 * of the events that had to wait. A chain of `setImmediate` would keep the loop awake and take the core
 * that a thread of the pool could use.
 */
export async function createLoopProbe(): Promise<LoopProbe> {
  const control = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(new URL('./loop-probe-worker.ts', import.meta.url), {
    workerData: control,
  });
  let waits: number[] = [];
  let ended: (waits: readonly number[]) => void = () => undefined;

  worker.on('message', (sentAt: number | 'end') => {
    if (sentAt === 'end') ended(waits);
    else waits.push(hrtimeMs() - sentAt);
  });

  /** The count is odd while the other thread is to send; it cannot miss a turn that was short. */
  function countOn(): void {
    Atomics.add(control, 0, 1);
    Atomics.notify(control, 0);
  }

  const probe: LoopProbe = {
    start(): void {
      waits = [];
      countOn();
    },
    stop: () =>
      new Promise((resolve) => {
        ended = resolve;
        countOn();
      }),
    async close(): Promise<void> {
      await worker.terminate();
    },
  };
  // The first message comes when the thread has begun, which may take longer than a measurement.
  probe.start();
  await new Promise((resolve) => worker.once('message', resolve));
  await probe.stop();
  return probe;
}

/** The clock that all threads share, in milliseconds. */
function hrtimeMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
