import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { SignerError } from '../signer-error.ts';

const MAGIC = Buffer.from('keybound');
const VERSION = 1;
/** N is 2 to the power of this, so that one octet says it. 32 MiB and about 0.1 s for each guess. */
const SCRYPT_LOG2_N = 15;
const SCRYPT_R = 8;
const SCRYPT_P = 3;
/** Node refuses to derive with exactly its default, which is what these parameters need. */
const SCRYPT_MAX_MEMORY = 64 * 1024 * 1024;
const SALT_BYTES = 16;
const HEADER_BYTES = MAGIC.length + 4 + SALT_BYTES;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;

const deriveKey = promisify<Buffer | string, Buffer, number, object, Buffer>(scrypt);

/**
 * What is in front of the encrypted part: who reads it, the version, how the key is derived, and the
 * salt. It is authenticated with the rest.
 */
export type Header = Buffer;

/** A file's octets, opened. */
export interface Opened {
  /** To be used again when the file is written anew: its key is known already. */
  readonly header: Header;
  readonly text: string;
}

/** Encrypts texts with a passphrase. */
export interface Sealer {
  /** A header with a salt of its own, for a file that does not exist yet. */
  createHeader(): Header;
  /** Header, IV, encrypted text and tag, one after the other. */
  seal(header: Header, text: string): Promise<Buffer>;
  /**
   * @param path - named in what is thrown, and not read
   * @throws SignerError `store_unreadable`
   */
  open(sealed: Buffer, path: string): Promise<Opened>;
}

/**
 * AES-256-GCM with a key that scrypt derives. The key of the last header is kept, since deriving it is
 * slow on purpose.
 */
export function createSealer(passphrase: string): Sealer {
  let last: { readonly header: Header; readonly key: Promise<Buffer> } | undefined;

  function keyOf(header: Header): Promise<Buffer> {
    if (last === undefined || !last.header.equals(header)) {
      last = { header: Buffer.from(header), key: derive(passphrase, header) };
    }
    return last.key;
  }

  return {
    createHeader(): Header {
      const fixed = [VERSION, SCRYPT_LOG2_N, SCRYPT_R, SCRYPT_P];
      return Buffer.concat([MAGIC, Buffer.from(fixed), randomBytes(SALT_BYTES)]);
    },

    async seal(header, text): Promise<Buffer> {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(CIPHER, await keyOf(header), iv).setAAD(header);
      const encrypted = [cipher.update(text, 'utf8'), cipher.final()];
      return Buffer.concat([header, iv, ...encrypted, cipher.getAuthTag()]);
    },

    async open(sealed, path): Promise<Opened> {
      const header = headerOf(sealed, path);
      const ivEnd = HEADER_BYTES + IV_BYTES;
      const tagStart = sealed.length - TAG_BYTES;
      const decipher = createDecipheriv(
        CIPHER,
        await keyOf(header),
        sealed.subarray(HEADER_BYTES, ivEnd),
        // Without it, a tag of four octets would do as well.
        { authTagLength: TAG_BYTES },
      );
      decipher.setAAD(header).setAuthTag(sealed.subarray(tagStart));
      try {
        const text = [decipher.update(sealed.subarray(ivEnd, tagStart)), decipher.final()];
        return { header, text: Buffer.concat(text).toString() };
      } catch {
        throw unreadable(
          path,
          'the passphrase is another one, or the file was changed; give the passphrase it was ' +
            'written with, or move the file away and sign in anew',
        );
      }
    },
  };
}

/** The header of a file that can be one of ours. What it says is not authenticated yet. */
function headerOf(sealed: Buffer, path: string): Header {
  if (
    sealed.length < HEADER_BYTES + IV_BYTES + TAG_BYTES ||
    !sealed.subarray(0, MAGIC.length).equals(MAGIC)
  ) {
    throw unreadable(path, 'it is no file of this store, or cut off; give another path');
  }
  const [version = 0, log2N = 0, r = 0, p = 0] = sealed.subarray(MAGIC.length);
  if (version !== VERSION) {
    throw unreadable(path, `its version ${version} is unknown here; update this package`);
  }
  // Whoever can write the file could otherwise make us use gigabytes, or hours.
  const written = [
    [log2N, SCRYPT_LOG2_N],
    [r, SCRYPT_R],
    [p, SCRYPT_P],
  ] as const;
  if (written.some(([value, own]) => value !== own)) {
    throw unreadable(path, 'its scrypt parameters are none that this store writes; move it away');
  }
  return sealed.subarray(0, HEADER_BYTES);
}

function derive(passphrase: string, header: Header): Promise<Buffer> {
  const [log2N = 0, r = 0, p = 0] = header.subarray(MAGIC.length + 1);
  const options = { N: 2 ** log2N, r, p, maxmem: SCRYPT_MAX_MEMORY };
  return deriveKey(passphrase, header.subarray(-SALT_BYTES), KEY_BYTES, options);
}

/** Nothing of the file or the passphrase gets into the message, and no cause that could hold it. */
function unreadable(path: string, why: string): SignerError {
  return new SignerError('store_unreadable', `${path} cannot be read: ${why}`);
}
