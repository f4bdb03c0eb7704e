import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** What a hash costs: N = 2^`logN`, r and p of RFC 7914. */
export interface PasswordCost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/** What OWASP advises for scrypt: 128 MiB and some tenths of a second. */
export const PASSWORD_COST: PasswordCost = { logN: 17, r: 8, p: 1 };

/** Nobody's password is longer, and hashing a body of any size is an attack. */
export const MAX_PASSWORD_CHARS = 1024;

const SALT_BYTES = 16;
const HASH_BYTES = 32;
const ENCODED = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/;

/** `scrypt$logN$r$p$salt$hash`: what is kept of a password, with all that is needed to check it. */
export async function hashPassword(password: string, cost = PASSWORD_COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return encode(cost, salt, await derive(password, salt, cost));
}

/** What no password verifies against, at the usual price. */
export function unmatchableHash(cost = PASSWORD_COST): string {
  return encode(cost, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
}

function encode({ logN, r, p }: PasswordCost, salt: Buffer, hash: Buffer): string {
  return ['scrypt', logN, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** Whether a password is the one an encoded hash was made of. */
export async function verifyPassword(password: string, encoded: string): Promise<boolean> {
  const [, logN, r, p, salt = '', hash = ''] = ENCODED.exec(encoded) ?? [];
  if (logN === undefined || password.length > MAX_PASSWORD_CHARS) return false;
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  const derived = await derive(password, Buffer.from(salt, 'base64url'), cost);
  return timingSafeEqual(derived, Buffer.from(hash, 'base64url'));
}

function derive(password: string, salt: Buffer, { logN, r, p }: PasswordCost): Promise<Buffer> {
  const N = 2 ** logN;
  // Node refuses more than 32 MiB unless told; scrypt needs 128 · N · r bytes and a little.
  const options: ScryptOptions = { N, r, p, maxmem: 128 * N * r + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
