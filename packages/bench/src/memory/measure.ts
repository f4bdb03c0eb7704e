import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What a process held at one point, after a collection. */
export interface MemoryStep {
  readonly name: string;
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly externalBytes: number;
}

/** How much is to be remembered. */
export interface MemorySize {
  readonly records: number;
  /** Each has a token and a key, and both are cached. */
  readonly clients: number;
}

/** What that takes, each step added to what the process held before. */
export interface MemoryResult extends MemorySize {
  readonly steps: readonly MemoryStep[];
}

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));

/** Measured in a process of its own, because this one has held so much else. */
export async function measureMemory(size: MemorySize): Promise<MemoryResult> {
  const args = [
    ...process.execArgv,
    '--expose-gc',
    CHILD,
    String(size.records),
    String(size.clients),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const [before, ...steps] = JSON.parse(stdout) as readonly MemoryStep[];
  if (before === undefined) throw new Error('memory: nothing was measured');
  return {
    ...size,
    steps: steps.map(({ name, ...step }) => ({
      name,
      rssBytes: step.rssBytes - before.rssBytes,
      heapBytes: step.heapBytes - before.heapBytes,
      externalBytes: step.externalBytes - before.externalBytes,
    })),
  };
}
