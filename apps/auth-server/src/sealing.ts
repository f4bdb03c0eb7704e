import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** NIST SP 800-38D §8.2.2: a random IV of 96 bits is good for 2^32 uses of a key; here are few. */
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The key for one purpose, made of a secret (HKDF-SHA-256, RFC 5869). Nothing is stretched: the secret
 * must be a random one.
 */
export function deriveSealingKey(secret: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', purpose, KEY_BYTES));
}

/**
 * Encrypts bytes (AES-256-GCM).
 *
 * @param bound - authenticated with them: what was sealed for one thing does not open for another
 */
export function sealBytes(key: Uint8Array, bound: string, plaintext: Uint8Array): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(bound));
  const text = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([iv, text, cipher.getAuthTag()]);
}

/** Decrypts what {@link sealBytes} made; undefined when key or purpose is another, or it was changed. */
export function openBytes(
  key: Uint8Array,
  bound: string,
  sealed: Uint8Array,
): Uint8Array<ArrayBuffer> | undefined {
  if (sealed.length < IV_BYTES + TAG_BYTES) return undefined;
  const iv = sealed.subarray(0, IV_BYTES);
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(bound));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const text = decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES));
    return Uint8Array.from(Buffer.concat([text, decipher.final()]));
  } catch {
    return undefined; // the tag does not fit
  }
}
