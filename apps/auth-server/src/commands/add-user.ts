import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { EXIT_BAD_SETTINGS, readSettings } from '@keybound/app-kit';
import { systemClock } from '@keybound/core';
import { type DatabaseOptions, openDatabase, type Queryable } from '../database/database.ts';
import { faultSentence } from '../database/fault-sentence.ts';
import { authServer } from '../settings.ts';
import { MAX_PASSWORD_CHARS } from '../users/password.ts';
import { addUser, isUsername, normalUsername, resetPassword } from '../users/users.ts';
import type { CommandResult } from './command-result.ts';

/** What the command line asks for. */
export interface AddUserOptions {
  readonly username: string;
  /** Give somebody who is there already a new password, and end their sessions. */
  readonly reset: boolean;
}

const MIN_PASSWORD_CHARS = 12;
const EXIT_FAILED = 1;

const HELP = `add-user: adds a person who can sign in

  npm run --silent add-user -w apps/auth-server -- [--reset] <user name>

  --reset    gives somebody who is there already a new password, and ends their sessions

Reads the password from standard input, ${MIN_PASSWORD_CHARS} characters or more.
Reads the environment of the server: DATABASE_URL or DATA_DIR.
Exit codes: 0 done, 1 not done, 2 wrong arguments or settings.`;

/** Reads the command line. */
export function parseArguments(argv: readonly string[]): AddUserOptions | CommandResult {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { reset: { type: 'boolean', default: false }, help: { type: 'boolean' } },
    });
    if (values.help) return { exitCode: 0, message: HELP };
    const [username = '', ...others] = positionals;
    if (others.length === 0 && isUsername(normalUsername(username))) {
      return { username, reset: values.reset };
    }
  } catch {
    // An option that is not known; the same sentence serves.
  }
  return {
    exitCode: EXIT_BAD_SETTINGS,
    message: 'add-user: give one user name of 1 to 64 characters without blanks; see --help',
  };
}

/** Adds or resets a person in a database. */
export async function addUserTo(
  db: Queryable,
  { username, reset }: AddUserOptions,
  password: string,
): Promise<CommandResult> {
  if (password.length < MIN_PASSWORD_CHARS || password.length > MAX_PASSWORD_CHARS) {
    return failed(
      `the password must have ${MIN_PASSWORD_CHARS} to ${MAX_PASSWORD_CHARS} characters`,
    );
  }
  if (reset) {
    return (await resetPassword(db, { username, password }))
      ? { exitCode: 0, message: `add-user: ${username} has a new password and is signed out` }
      : failed(`there is nobody called ${username}`);
  }
  return (await addUser(db, { username, password, now: systemClock() }))
    ? { exitCode: 0, message: `add-user: ${username} can sign in` }
    : failed(`${username} is there already; --reset gives a new password`);
}

function failed(sentence: string): CommandResult {
  return { exitCode: EXIT_FAILED, message: `add-user: ${sentence}` };
}

/** The whole command: arguments and environment in, one line out. */
export async function addUserCommand(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  readPassword: () => Promise<string>,
): Promise<CommandResult> {
  const options = parseArguments(argv);
  if ('exitCode' in options) return options;
  const result = readSettings(authServer, [], environment);
  if (!('settings' in result)) return result;
  const { DATABASE_URL: url, DATA_DIR: folder } = result.settings;
  if (url === '' && folder === '') {
    const message = 'add-user: set DATABASE_URL or DATA_DIR; a database in memory forgets people';
    return { exitCode: EXIT_BAD_SETTINGS, message };
  }
  if (url === '' && !existsSync(folder)) return failed(`DATA_DIR: ${folder} does not exist`);
  const place: DatabaseOptions = url === '' ? { folder } : { url };
  try {
    const database = await openDatabase(place);
    try {
      return await addUserTo(database.db, options, await readPassword());
    } finally {
      await database.close();
    }
  } catch (error) {
    return failed(faultSentence(error));
  }
}

/** The first line of standard input; typed ones are not shown. */
async function readPassword(): Promise<string> {
  const isTerminal = process.stdin.isTTY === true;
  if (isTerminal) process.stderr.write('Password: ');
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silence, terminal: isTerminal });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (isTerminal) process.stderr.write('\n');
  }
}

if (import.meta.main) {
  const { exitCode, message } = await addUserCommand(
    process.argv.slice(2),
    process.env,
    readPassword,
  );
  (exitCode === 0 ? process.stdout : process.stderr).write(`${message}\n`);
  process.exitCode = exitCode;
}
