import { expect, it } from 'vitest';
import { LOCKFILE, missingPackages, readLockfile } from '../scripts/lockfile.ts';

it('the lock file is complete for every platform; if not: npm run lock:complete', () => {
  expect(missingPackages(readLockfile()).map(({ path }) => path)).toEqual([]);
});

it('the lock file names no registry', () => {
  const resolved = JSON.stringify(readLockfile()).match(/"resolved":"[a-z]+:\/\/[^"]*"/g);
  expect(resolved, LOCKFILE).toBeNull();
});
