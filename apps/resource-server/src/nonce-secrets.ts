import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

/** Where the secrets of nonces come from; with neither, one is made for the life of this process. */
export interface NonceSecretsOptions {
  /** Newest first. */
  readonly listed: readonly string[];
  /** A file with one secret a line, newest first; read again when it has changed. */
  readonly file?: string | undefined;
  /** Told when a changed file cannot be used; the secrets stay as they are. */
  readonly onFault: (error: unknown) => void;
}

const SECRET_CHARS = 32;
const LOOK_INTERVAL_MS = 1000;

/**
 * The secrets of nonces, newest first. With a file they change while the server runs: write the new
 * secret last, then first, then leave the old one out, each time on all instances and two steps of the
 * nonces apart, and no client is refused.
 *
 * @throws Error when the file cannot be used at the start.
 */
export function createNonceSecrets(options: NonceSecretsOptions): () => readonly string[] {
  const { listed, file, onFault } = options;
  if (file === undefined) {
    const secrets = listed.length > 0 ? listed : [randomBytes(SECRET_CHARS).toString('base64url')];
    return () => secrets;
  }
  let secrets = readSecrets(file);
  let version = versionOf(file);
  let lookedAt = performance.now();

  return () => {
    if (performance.now() - lookedAt < LOOK_INTERVAL_MS) return secrets;
    lookedAt = performance.now();
    try {
      const newest = versionOf(file);
      if (newest === version) return secrets;
      version = newest;
      secrets = readSecrets(file);
    } catch (error) {
      onFault(error);
    }
    return secrets;
  };
}

/** A text that differs when the file does, also when another one took its place. */
function versionOf(file: string): string {
  const { mtimeMs, ino, size } = statSync(file);
  return `${mtimeMs} ${ino} ${size}`;
}

function readSecrets(file: string): readonly string[] {
  const lines = readFileSync(file, 'utf8').split(/\r?\n/);
  const secrets = lines.map((line) => line.trim()).filter((line) => line !== '');
  if (secrets.length === 0 || secrets.some((secret) => secret.length < SECRET_CHARS)) {
    throw new Error(`must have one secret a line, each of at least ${SECRET_CHARS} characters`);
  }
  return secrets;
}
