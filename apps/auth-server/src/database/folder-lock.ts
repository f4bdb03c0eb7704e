import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LOCK_FILE = 'auth-server.pid';

/**
 * Claims a folder for this process: embedded PostgreSQL does not notice a second process that writes
 * the same files. A lock whose process is gone is taken over.
 *
 * @returns a function that gives the folder back
 * @throws Error when the folder cannot be written, or belongs to a process that runs.
 */
export function lockFolder(folder: string): () => void {
  makeFolder(folder);
  const file = join(folder, LOCK_FILE);
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      requireOver(file, file);
      takeAway(file);
    }
  }
}

/** Level by level: Node's recursive way never returns where nothing can be made, such as in /proc. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if (!statSync(folder).isDirectory()) throw new Error(`${folder} is not a folder`);
  }
}

/** Removes a lock whose process is gone, unless another process has just put its own in its place. */
function takeAway(file: string): void {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  try {
    requireOver(aside, file);
  } catch (error) {
    renameSync(aside, file);
    throw error;
  }
  rmSync(aside);
}

/** @param shown - the name to tell the operator */
function requireOver(file: string, shown: string): void {
  const holder = holderOf(file);
  if (!isRunning(holder)) return;
  throw new Error(
    `${dirname(shown)} is in use by process ${holder}; if that is another program, remove ${shown}`,
  );
}

function holderOf(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
