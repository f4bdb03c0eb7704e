import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/database/database.ts';
import { outageOf } from '../../../src/database/outage.ts';
import { usedJtis } from '../../../src/database/schema.ts';
import { read, requestTokenAt } from '../../support/process-grants.ts';
import { basic } from '../../support/server.ts';
import {
  failToStart,
  postTo,
  type ServerProcess,
  startProcess,
} from '../../support/server-process.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keybound-data-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Mounts a file system in memory, for as long as the test lasts. */
function mountMemory(options: string): string {
  const folder = newFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  // Lazily: a process that was killed may not be gone yet.
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'keybound-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes until nothing more has room; removing the file makes room again. */
function fill(folder: string): string {
  const file = join(folder, 'filler');
  const chunk = Buffer.alloc(64 * 1024);
  try {
    for (;;) writeFileSync(file, chunk, { flag: 'a' });
  } catch {
    return file;
  }
}

async function storeToken(server: ServerProcess) {
  const authorization = basic('notes-opaque');
  return read(
    await postTo(server, '/token', { grant_type: 'client_credentials' }, { authorization }),
  );
}

describe('DATA_DIR', () => {
  it.each([
    ['below a regular file', (folder: string) => join(folder, 'file', 'data'), 'is not a folder'],
    ['a regular file', (folder: string) => join(folder, 'file'), 'is not a folder'],
    ['where nobody may write', () => '/proc/keybound', 'no such file or directory'],
  ])('%s → one line, exit code 1', async (_name, place, reason) => {
    const folder = newFolder();
    writeFileSync(join(folder, 'file'), '');
    const { code, errors } = await failToStart({ DATA_DIR: place(folder) });
    expect(code).toBe(1);
    expect(errors).toMatch(/^auth-server: DATA_DIR \S+: .+\n$/);
    expect(errors).toContain(reason);
  });

  it('in use by another process → one line that names it, exit code 1, and the other one goes on', async () => {
    const folder = newFolder();
    const server = await startProcess({ DATA_DIR: folder });
    const { code, errors } = await failToStart({ DATA_DIR: folder });
    expect(code).toBe(1);
    expect(errors).toBe(
      `auth-server: DATA_DIR ${folder}: ${folder} is in use by process ${server.pid}; if that is another program, remove ${folder}/auth-server.pid\n`,
    );
    expect((await requestTokenAt(server)).status).toBe(200);
  });

  it('left locked by a killed process → taken over; given back at the end', async () => {
    const folder = newFolder();
    const lock = join(folder, 'auth-server.pid');
    const killed = await startProcess({ DATA_DIR: folder });
    await killed.kill();
    expect(readFileSync(lock, 'utf8')).toBe(String(killed.pid));
    const server = await startProcess({ DATA_DIR: folder });
    expect(readFileSync(lock, 'utf8')).toBe(String(server.pid));
    expect(await server.stop()).toBe(0);
    expect(existsSync(lock)).toBe(false);
  });
});

describe.skipIf(!canMount())(
  'DATA_DIR on a file system of its own (needs the right to mount)',
  () => {
    it.each([
      ['read-only', 'ro', 'read-only file system'],
      ['far too small', 'size=2m', 'no space left on device'],
      ['with too little room', 'size=60m', 'no space left on device'],
    ])('%s → one line, exit code 1', async (_name, options, reason) => {
      const { code, errors } = await failToStart({ DATA_DIR: mountMemory(options) });
      expect(code).toBe(1);
      expect(errors).toMatch(/^auth-server: DATA_DIR \S+: .+\n$/);
      expect(errors).toContain(reason);
    });

    it('too full for another journal file → an outage for every query, before it comes to that; good again once there is room', async () => {
      const folder = mountMemory('size=160m');
      const { db, close } = await openDatabase({ folder });
      const add = (id: string) => db.insert(usedJtis).values({ id, expiresAt: new Date() });
      await add('kept');
      const filler = fill(folder);
      for (const ask of [
        () => add('refused'),
        () => db.transaction((tx) => tx.select().from(usedJtis)),
      ]) {
        const fault = await ask().catch((error: unknown) => error);
        expect(outageOf(fault)).toMatchObject({ code: '53100' });
      }
      rmSync(filler);
      await add('after');
      const rows = await db.select({ id: usedJtis.id }).from(usedJtis);
      expect(rows.map(({ id }) => id)).toEqual(['kept', 'after']);
      await close();
    });

    it('full while it runs → 503 with Retry-After, no crash; good again once there is room, and after a restart', async () => {
      const folder = mountMemory('size=160m');
      const server = await startProcess({ DATA_DIR: folder });
      const filler = fill(folder);
      let answer = await storeToken(server);
      // What is left of the pages in use.
      for (let i = 0; i < 200 && answer.status === 200; i++) answer = await storeToken(server);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
      expect(answer.json.error).toBe('temporarily_unavailable');
      rmSync(filler);
      expect((await storeToken(server)).status).toBe(200);
      expect(await server.stop()).toBe(0);
      expect((await storeToken(await startProcess({ DATA_DIR: folder }))).status).toBe(200);
    }, 180_000);
  },
);
