import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { addUserCommand, addUserTo, parseArguments } from '../../src/commands/add-user.ts';
import { createUsers } from '../../src/users/users.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const CAROL = { username: 'Carol', reset: false };
const PASSWORD = 'twelve chars';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keybound-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('add-user', () => {
  it('a new name → 0, and the person can sign in', async () => {
    expect(await addUserTo(database.db, CAROL, PASSWORD)).toEqual({
      exitCode: 0,
      message: 'add-user: Carol can sign in',
    });
    const users = createUsers({ db: database.db, demo: [] });
    expect(await users.verifyPassword('carol', PASSWORD)).toBeDefined();
  });

  it('a name that is there → 1 and a word; with --reset → 0 and the new password', async () => {
    await addUserTo(database.db, CAROL, PASSWORD);
    const again = { username: 'carol', reset: false };
    expect(await addUserTo(database.db, again, 'another password')).toEqual({
      exitCode: 1,
      message: 'add-user: carol is there already; --reset gives a new password',
    });
    const users = createUsers({ db: database.db, demo: [] });
    expect(await users.verifyPassword('carol', 'another password')).toBeUndefined();
    const reset = await addUserTo(database.db, { ...again, reset: true }, 'another password');
    expect(reset.exitCode).toBe(0);
    expect(await users.verifyPassword('carol', 'another password')).toBeDefined();
    expect(await users.verifyPassword('carol', PASSWORD)).toBeUndefined();
  });

  it('--reset of nobody → 1', async () => {
    const { exitCode, message } = await addUserTo(database.db, { ...CAROL, reset: true }, PASSWORD);
    expect([exitCode, message]).toEqual([1, 'add-user: there is nobody called Carol']);
  });

  it.each([[''], ['eleven char'], ['x'.repeat(1025)]])(
    'a password too short or too long (%#) → 1, nobody is added',
    async (password) => {
      expect((await addUserTo(database.db, CAROL, password)).exitCode).toBe(1);
      const users = createUsers({ db: database.db, demo: [] });
      expect(await users.verifyPassword('carol', password)).toBeUndefined();
    },
  );

  it.each([
    [['carol'], { username: 'carol', reset: false }],
    [['--reset', 'carol'], { username: 'carol', reset: true }],
  ])('%j → understood', (argv, options) => {
    expect(parseArguments(argv)).toEqual(options);
  });

  it.each([[[]], [['carol', 'password']], [['--rest', 'carol']], [['a b']], [['']], [['\ufdfa']]])(
    '%j → 2 and one line',
    (argv) => {
      expect(parseArguments(argv)).toEqual({
        exitCode: 2,
        message: 'add-user: give one user name of 1 to 64 characters without blanks; see --help',
      });
    },
  );

  it('--help → 0, whatever else is missing', async () => {
    const { exitCode, message } = await addUserCommand(['--help'], {}, async () => '');
    expect(exitCode).toBe(0);
    expect(message).toContain('--reset');
  });

  it('no storage → 2 and one line, no password is asked for', async () => {
    const asked = async (): Promise<string> => {
      throw new Error('asked');
    };
    expect(await addUserCommand(['carol'], {}, asked)).toEqual({
      exitCode: 2,
      message: 'add-user: set DATABASE_URL or DATA_DIR; a database in memory forgets people',
    });
  });

  it('as a process, the password through a pipe → 0, one line, no password in it', async () => {
    const folder = temporaryFolder();
    const main = fileURLToPath(new URL('../../src/commands/add-user.ts', import.meta.url));
    const child = spawn(process.execPath, ['--conditions=@keybound/source', main, 'carol'], {
      env: { ...process.env, DATABASE_URL: '', DATA_DIR: folder },
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.stdin.end('a piped password\n');
    const exitCode = await new Promise((resolve) => child.on('close', resolve));
    expect([exitCode, output]).toEqual([0, 'add-user: carol can sign in\n']);
  });
});
