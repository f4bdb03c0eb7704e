/** `npm run lock:complete`, after `npm install`: puts back what npm left out of the lock file. */
import { writeFileSync } from 'node:fs';
import { LOCKFILE, missingPackages, readLockfile } from './lockfile.ts';

const lock = readLockfile();
const missing = missingPackages(lock);
for (const { path, entry } of missing) lock.packages[path] = entry;
const byPath = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries(byPath);
writeFileSync(LOCKFILE, `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(`${missing.length} packages of other platforms put back`);
