import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EXIT_BAD_SETTINGS, readSettings } from '@keybound/app-kit';
import { type Clock, systemClock } from '@keybound/core';
import type { Audit } from '../audit.ts';
import { type Database, type DatabaseOptions, openDatabase } from '../database/database.ts';
import { faultSentence } from '../database/fault-sentence.ts';
import { createKeyEncryption } from '../keys/key-encryption.ts';
import { keyEncryptionSecrets } from '../keys/key-encryption-secrets.ts';
import type { SigningAlgorithm } from '../keys/key-pair.ts';
import {
  KEY_CACHE_SECONDS,
  KEY_SET_STALE_SECONDS,
  RETIRED_KEPT_SECONDS,
} from '../keys/key-schedule.ts';
import { type Rotation, type RotationMode, rotateKeys } from '../keys/rotation.ts';
import { authServer, type Settings } from '../settings.ts';
import type { CommandResult } from './command-result.ts';

/** The settings of the server that the command needs. */
export type KeySettings = Pick<
  Settings,
  'DATABASE_URL' | 'DATA_DIR' | 'KEY_ENCRYPTION_KEY' | 'SIGNING_ALGORITHM' | 'KEY_ROTATION_DAYS'
>;

/** What the command touches beyond its settings. */
export interface CommandEffects {
  readonly open: (options: DatabaseOptions) => Promise<Pick<Database, 'db' | 'close'>>;
  readonly clock: Clock;
  readonly audit: Audit;
}

const EXIT_FAILED = 1;
const SECONDS_A_DAY = 86_400;

const HELP = `rotate-keys: the next signing key becomes the current one

  npm run rotate-keys -w apps/auth-server [-- --force [--revoke-current | --revoke-all]]

  (no option)         rotates if verifiers have had time to learn of the next key
  --force             does not wait; some verifiers may refuse new tokens for a short while
  --revoke-current    for a stolen key: removes it instead of retiring it; all tokens it signed are refused
  --revoke-all        for a stolen database with its secret, or a lost secret: removes all keys, makes new ones

Reads the environment of the server: DATABASE_URL or DATA_DIR, KEY_ENCRYPTION_KEY, SIGNING_ALGORITHM.
Exit codes: 0 rotated, 1 not rotated, 2 wrong arguments or settings.`;

/** The command `rotate-keys`: its arguments and the server's environment in, one line out. */
export async function rotateKeysCommand(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  effects: CommandEffects,
): Promise<CommandResult> {
  const mode = readMode(argv);
  if (typeof mode !== 'string') return mode;
  const result = readSettings(authServer, [], environment);
  if (!('settings' in result)) return result;
  return rotateWithSettings(result.settings, mode, effects);
}

function readMode(argv: readonly string[]): RotationMode | CommandResult {
  let values: Partial<Record<'force' | 'revoke-current' | 'revoke-all' | 'help', boolean>>;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        force: { type: 'boolean' },
        'revoke-current': { type: 'boolean' },
        'revoke-all': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }));
  } catch {
    return badArguments('unknown argument');
  }
  if (values.help) return { exitCode: 0, message: HELP };
  const revoke = [values['revoke-current'], values['revoke-all']].filter(Boolean).length;
  if (revoke > 1) return badArguments('--revoke-current and --revoke-all exclude each other');
  if (revoke > 0 && !values.force) return badArguments('revoking does not wait, so add --force');
  if (values['revoke-all']) return 'revoke_all';
  if (values['revoke-current']) return 'revoke_current';
  return values.force ? 'at_once' : 'when_published';
}

function badArguments(fault: string): CommandResult {
  return { exitCode: EXIT_BAD_SETTINGS, message: `rotate-keys: ${fault}; see --help` };
}

/** The command behind its arguments: opens the database of the settings, rotates, closes it. */
export async function rotateWithSettings(
  settings: KeySettings,
  mode: RotationMode,
  { open, clock, audit }: CommandEffects,
): Promise<CommandResult> {
  const { DATABASE_URL: url, DATA_DIR: folder, KEY_ENCRYPTION_KEY: configured } = settings;
  if (url === '' && folder === '') {
    return {
      exitCode: EXIT_BAD_SETTINGS,
      message:
        'rotate-keys: nothing to rotate: without DATABASE_URL and DATA_DIR the keys are in the memory of the server',
    };
  }
  const place = url === '' ? { folder } : { url };
  if (url === '' && !existsSync(folder)) return failed(`DATA_DIR: ${folder} does not exist`);

  let database: Pick<Database, 'db' | 'close'>;
  try {
    database = await open(place);
  } catch (error) {
    const hint =
      url === ''
        ? '; an embedded database belongs to the running server, which rotates on schedule: stop it before this command'
        : '';
    return failed(faultSentence(error) + hint);
  }
  try {
    const { secrets } = keyEncryptionSecrets({ configured, ...place });
    const rotation = await rotateKeys(
      {
        db: database.db,
        encryption: createKeyEncryption(secrets),
        algorithm: settings.SIGNING_ALGORITHM as SigningAlgorithm,
        rotationSeconds: settings.KEY_ROTATION_DAYS * SECONDS_A_DAY,
        clock,
        audit,
      },
      mode,
    );
    return describe(rotation, mode);
  } catch (error) {
    return failed(faultSentence(error));
  } finally {
    await database.close();
  }
}

function failed(sentence: string): CommandResult {
  return { exitCode: EXIT_FAILED, message: `rotate-keys: ${sentence}` };
}

/** What happened, with what it means for tokens. */
function describe(rotation: Rotation, mode: RotationMode): CommandResult {
  const { outcome, currentKid, previousKid, nextKid, nextUsableAt } = rotation;
  if (outcome === 'unchanged') {
    const from = new Date(nextUsableAt * 1000).toISOString();
    return failed(
      `not rotated: ${currentKid} stays current; verifiers may not know the next key ${nextKid} before ${from}; --force does not wait`,
    );
  }
  if (outcome === 'created') {
    return { exitCode: 0, message: `rotate-keys: there was no key; ${currentKid} is current` };
  }
  return {
    exitCode: 0,
    message: `rotate-keys: ${previousKid} -> ${currentKid}; ${consequence(mode)}`,
  };
}

function consequence(mode: RotationMode): string {
  const instances = `instances follow within ${KEY_CACHE_SECONDS} s`;
  const forgotten = `tokens signed before are refused once instances (${KEY_CACHE_SECONDS} s) and the caches of verifiers (up to ${minutes(KEY_SET_STALE_SECONDS)}) have followed, and their clients need new ones`;
  switch (mode) {
    case 'revoke_current':
      return `the old key is removed: ${forgotten}`;
    case 'revoke_all':
      return `all old keys are removed: ${forgotten}`;
    case 'at_once':
      return `the old key stays published for ${minutes(RETIRED_KEPT_SECONDS)}, so its tokens stay good; ${instances}; verifiers that do not know the new key yet refuse its tokens until they fetch the key set again`;
    default:
      return `the old key stays published for ${minutes(RETIRED_KEPT_SECONDS)}, so its tokens stay good; ${instances}`;
  }
}

function minutes(seconds: number): string {
  return `${Math.ceil(seconds / 60)} min`;
}

if (import.meta.main) {
  const { exitCode, message } = await rotateKeysCommand(process.argv.slice(2), process.env, {
    open: openDatabase,
    clock: systemClock,
    audit: (event) => process.stderr.write(`${JSON.stringify({ audit: event })}\n`),
  });
  (exitCode === 0 ? process.stdout : process.stderr).write(`${message}\n`);
  process.exitCode = exitCode;
}
