import { type Database, openDatabase } from './database/database.ts';
import { faultSentence } from './database/fault-sentence.ts';
import { type KeyEncryptionSecrets, keyEncryptionSecrets } from './keys/key-encryption-secrets.ts';
import type { Settings } from './settings.ts';

/** The storage of this process. */
export interface Storage {
  readonly database: Database;
  readonly encryption: KeyEncryptionSecrets;
}

/**
 * Opens the database that the settings name, and finds what its private keys are encrypted with. When
 * that fails (no rights, no space, no server, a folder in use), one line says so and the process ends
 * with 1.
 */
export async function openDatabaseOrExit(settings: Settings): Promise<Storage> {
  const { DATABASE_URL: url, DATA_DIR: folder, KEY_ENCRYPTION_KEY: configured } = settings;
  try {
    const database = await openDatabase({
      ...(url !== '' && { url }),
      ...(folder !== '' && { folder }),
    });
    const encryption = keyEncryptionSecrets({
      configured,
      folder: folder || undefined,
      url: url || undefined,
    });
    return { database, encryption };
  } catch (error) {
    const place = url === '' ? `DATA_DIR ${folder}` : `DATABASE_URL ${withoutPassword(url)}`;
    process.stderr.write(`auth-server: ${place}: ${faultSentence(error)}\n`);
    process.exit(1);
  }
}

function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = '';
  shown.search = ''; // the other place where a password may stand
  return shown.href;
}
