import { cpus } from 'node:os';

/** Above this many cores in use by others, figures of what uses several cores are theirs too. */
export const MAX_OTHER_CORES = 0.2;

/**
 * Watches how much of the machine other programs use: what all cores did, less what this process did.
 * A steady neighbour on the second core slows the thread pool and widens no spread.
 *
 * @returns a function that says how many cores others used since, 0 where the system does not tell
 */
export function watchOtherPrograms(): () => number {
  const startedAt = performance.now();
  const busyBefore = busyMs();
  const ownBefore = ownMs();
  return () => {
    const others = busyMs() - busyBefore - (ownMs() - ownBefore);
    return Math.max(0, others / (performance.now() - startedAt));
  };
}

function busyMs(): number {
  return cpus().reduce(
    (sum, { times }) => sum + times.user + times.nice + times.sys + times.irq,
    0,
  );
}

function ownMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
