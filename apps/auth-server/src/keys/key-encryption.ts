import { decodeBase64url, encodeBase64url } from '@keybound/core';
import { deriveSealingKey, openBytes, sealBytes } from '../sealing.ts';

/** Seals private keys for the database, so that a copy of it alone signs nothing. */
export interface KeyEncryption {
  /** The text to store for the key that `kid` names. */
  seal(kid: string, plaintext: Uint8Array): string;
  /** @throws Error when none of the secrets opens it: sealed with another one, or changed since. */
  open(kid: string, sealed: string): Uint8Array<ArrayBuffer>;
}

/** Says how the text was made, so that another way can follow one day. */
const PREFIX = 'v1.';
const PURPOSE = 'keybound signing keys v1';

/**
 * AES-256-GCM under keys derived from the operator's secrets (HKDF-SHA-256, RFC 5869). The first
 * secret seals, each of them opens, so that a new one can be put in front. The `kid` is
 * authenticated too: the text of one row does not open in another.
 *
 * Not done here: stretching. The secrets must be random ones.
 *
 * @throws TypeError without a secret.
 */
export function createKeyEncryption(secrets: readonly string[]): KeyEncryption {
  const keys = secrets.map((secret) => deriveSealingKey(secret, PURPOSE));
  const [newest] = keys;
  if (newest === undefined) throw new TypeError('secrets: give at least one');

  return {
    seal(kid, plaintext): string {
      return PREFIX + encodeBase64url(sealBytes(newest, kid, plaintext));
    },
    open(kid, sealed): Uint8Array<ArrayBuffer> {
      const bytes = sealed.startsWith(PREFIX)
        ? decodeBase64url(sealed.slice(PREFIX.length))
        : undefined;
      if (bytes !== undefined) {
        for (const key of keys) {
          const plaintext = openBytes(key, kid, bytes);
          if (plaintext !== undefined) return plaintext;
        }
      }
      throw new Error(
        `signing key ${kid} cannot be opened: it was sealed with another secret, or changed since. ` +
          'Add that secret at the end of KEY_ENCRYPTION_KEY (a generated one is in the file key-encryption-key in DATA_DIR); ' +
          'if it is lost, run rotate-keys --force --revoke-all',
      );
    },
  };
}
