import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { decodeBase64url, encodeBase64url } from '@keybound/core';

/** Seals private keys for the database, so that a copy of it alone signs nothing. */
export interface KeyEncryption {
  /** The text to store for the key that `kid` names. */
  seal(kid: string, plaintext: Uint8Array): string;
  /** @throws Error when none of the secrets opens it: sealed with another one, or changed since. */
  open(kid: string, sealed: string): Uint8Array<ArrayBuffer>;
}

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** NIST SP 800-38D §8.2.2: a random IV of 96 bits is good for 2^32 uses; keys are few. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Says how the text was made, so that another way can follow one day. */
const PREFIX = 'v1.';
const HKDF_INFO = 'keybound signing keys v1';

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
  const keys = secrets.map(deriveKey);
  const [newest] = keys;
  if (newest === undefined) throw new TypeError('secrets: give at least one');

  return {
    seal(kid, plaintext): string {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, newest, iv, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(kid));
      const text = Buffer.concat([cipher.update(plaintext), cipher.final()]);
      return PREFIX + encodeBase64url(Buffer.concat([iv, text, cipher.getAuthTag()]));
    },
    open(kid, sealed): Uint8Array<ArrayBuffer> {
      const bytes = sealed.startsWith(PREFIX)
        ? decodeBase64url(sealed.slice(PREFIX.length))
        : undefined;
      if (bytes !== undefined && bytes.length > IV_BYTES + TAG_BYTES) {
        for (const key of keys) {
          const plaintext = decrypt(key, kid, bytes);
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

function deriveKey(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', HKDF_INFO, KEY_BYTES));
}

function decrypt(
  key: Uint8Array,
  kid: string,
  sealed: Uint8Array,
): Uint8Array<ArrayBuffer> | undefined {
  const iv = sealed.subarray(0, IV_BYTES);
  const tag = sealed.subarray(-TAG_BYTES);
  const text = sealed.subarray(IV_BYTES, -TAG_BYTES);
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(kid));
  decipher.setAuthTag(tag);
  try {
    return Uint8Array.from(Buffer.concat([decipher.update(text), decipher.final()]));
  } catch {
    return undefined; // the tag does not fit
  }
}
