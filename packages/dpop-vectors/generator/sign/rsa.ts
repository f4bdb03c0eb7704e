import { concat, hash, number, octets, utf8 } from '../encode/bytes.ts';
import { inverse } from './ecdsa.ts';

/** An RSA key as numbers; the modulus may have any number of primes. */
export interface RsaKey {
  readonly n: bigint;
  readonly e: bigint;
  readonly d: bigint;
  readonly primes: readonly bigint[];
}

type HashName = 'sha256' | 'sha384' | 'sha512';

/** DigestInfo of RFC 8017 §9.2, up to the hash. */
export const DIGEST_INFO: Readonly<Record<HashName, Uint8Array>> = {
  sha256: fromHex('3031300d060960864801650304020105000420'),
  sha384: fromHex('3041300d060960864801650304020205000430'),
  sha512: fromHex('3051300d060960864801650304020305000440'),
};

/** The key of these primes. */
export function rsaKey(primes: readonly bigint[], e = 65537n): RsaKey {
  const n = primes.reduce((product, prime) => product * prime, 1n);
  const totient = primes.reduce((product, prime) => product * (prime - 1n), 1n);
  return { n, e, d: inverse(e, totient), primes };
}

/** How many octets a modulus has. */
export function modulusLength(n: bigint): number {
  return Math.ceil(n.toString(2).length / 8);
}

/** Raises a block to the private exponent (RFC 8017 §5.2.1), prime by prime. */
export function rsaPrivate(key: RsaKey, block: Uint8Array): Uint8Array {
  const message = number(block);
  let result = 0n;
  let modulus = 1n;
  // Garner's recombination spares the exponentiation of the whole length.
  for (const prime of key.primes) {
    const residue = message % prime;
    const part = residue === 0n ? 0n : power(residue, key.d % (prime - 1n), prime);
    const step = ((part - (result % prime) + prime) * inverse(modulus, prime)) % prime;
    result += modulus * step;
    modulus *= prime;
  }
  return octets(result, modulusLength(key.n));
}

/** RSASSA-PKCS1-v1_5 (RFC 8017 §8.2). */
export function rsaPkcs1Sign(key: RsaKey, name: HashName, message: string): Uint8Array {
  return rsaPrivate(key, emsaPkcs1(name, message, modulusLength(key.n)));
}

/** EMSA-PKCS1-v1_5 (RFC 8017 §9.2). */
export function emsaPkcs1(name: HashName, message: string, length: number): Uint8Array {
  const info = concat(DIGEST_INFO[name], hash(name, message));
  const filling = new Uint8Array(length - info.length - 3).fill(255);
  return concat(Uint8Array.of(0, 1), filling, Uint8Array.of(0), info);
}

/** RSASSA-PSS (RFC 8017 §8.1) with a salt that follows from the message. */
export function rsaPssSign(
  key: RsaKey,
  name: HashName,
  message: string,
  saltLength?: number,
): Uint8Array {
  return rsaPrivate(key, emsaPss(name, message, key.n.toString(2).length - 1, saltLength));
}

/** EMSA-PSS-ENCODE (RFC 8017 §9.1.1). */
export function emsaPss(
  name: HashName,
  message: string,
  bits: number,
  saltLength?: number,
): Uint8Array {
  const digest = hash(name, message);
  const length = Math.ceil(bits / 8);
  const salt = mask(name, concat(utf8('salt'), digest), saltLength ?? digest.length);
  const seed = hash(name, concat(new Uint8Array(8), digest, salt));
  const padding = new Uint8Array(length - salt.length - digest.length - 2);
  const block = concat(padding, Uint8Array.of(1), salt);
  const cover = mask(name, seed, block.length);
  const masked = block.map((byte, index) => byte ^ (cover[index] ?? 0));
  masked[0] = (masked[0] ?? 0) & (255 >> (8 * length - bits));
  return concat(masked, seed, Uint8Array.of(0xbc));
}

/** MGF1 (RFC 8017 appendix B.2.1). */
export function mask(name: HashName, seed: Uint8Array, length: number): Uint8Array {
  let bytes: Uint8Array = new Uint8Array(0);
  for (let counter = 0n; bytes.length < length; counter++) {
    bytes = concat(bytes, hash(name, concat(seed, octets(counter, 4))));
  }
  return bytes.slice(0, length);
}

/** Modular exponentiation by squaring. */
export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
