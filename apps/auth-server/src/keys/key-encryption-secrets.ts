import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newSecret } from '../secrets.ts';

/** The secrets for `createKeyEncryption`, and how they came to be. */
export interface KeyEncryptionSecrets {
  /** Newest first. */
  readonly secrets: readonly string[];
  /** `file` and `memory` are generated ones, which a warning should say. */
  readonly origin: 'configured' | 'file' | 'memory';
}

/** Where a secret may come from. */
export interface SecretSources {
  /** KEY_ENCRYPTION_KEY, newest first; wins when it is not empty. */
  readonly configured: readonly string[];
  /** The PostgreSQL server the keys are on. */
  readonly url?: string | undefined;
  /** The folder of the embedded database. */
  readonly folder?: string | undefined;
}

const FILE = 'key-encryption-key';
const LEAST_CHARS = 32;

/**
 * The secrets that signing keys are sealed with. Unless the operator gives some, one is generated:
 * kept beside the embedded database, where it protects copies of the database that leave the file
 * out, or for this process alone when the database is in memory.
 *
 * @throws Error when the database is on a server and no secret is configured, since its other
 * instances and the next start could not open the keys; or when the file cannot be used.
 */
export function keyEncryptionSecrets(sources: SecretSources): KeyEncryptionSecrets {
  const { configured, url, folder } = sources;
  if (configured.length > 0) return { secrets: [...configured], origin: 'configured' };
  if (url !== undefined) throw new Error('KEY_ENCRYPTION_KEY: required with DATABASE_URL');
  if (folder === undefined) return { secrets: [newSecret()], origin: 'memory' };
  return { secrets: [secretInFolder(folder)], origin: 'file' };
}

function secretInFolder(folder: string): string {
  const file = join(folder, FILE);
  mkdirSync(folder, { recursive: true });
  try {
    // Exclusive: an existing one is never overwritten. On the disk before any key is sealed with it.
    writeFileSync(file, newSecret(), { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const secret = readFileSync(file, 'utf8').trim();
  if (secret.length < LEAST_CHARS) {
    throw new Error(
      `${file} holds no secret of ${LEAST_CHARS} characters; put the old file back, or remove it if the database is new`,
    );
  }
  return secret;
}
