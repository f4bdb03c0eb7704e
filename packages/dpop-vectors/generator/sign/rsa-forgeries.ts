import { concat, hash, number, octets } from '../encode/bytes.ts';
import { DIGEST_INFO, emsaPkcs1, emsaPss, mask, modulusLength, power, type RsaKey } from './rsa.ts';

/**
 * The signature for a key with `e` = 1: raising to 1 changes nothing, so it is the encoded message itself.
 * No private key is involved.
 */
export function signatureForExponentOne(
  alg: 'RS256' | 'PS256',
  input: string,
  n: bigint,
): Uint8Array {
  const length = modulusLength(n);
  const block =
    alg === 'RS256'
      ? emsaPkcs1('sha256', input, length)
      : emsaPss('sha256', input, n.toString(2).length - 1);
  return octets(number(block), length);
}

/**
 * Bleichenbacher's forgery of 2006 for `e` = 3: a cube whose first octets are those of a PKCS #1 block with
 * short padding; what follows the digest is whatever the cube has there.
 */
export function cubeForgery(input: string, n: bigint): Uint8Array {
  const length = modulusLength(n);
  const head = concat(
    Uint8Array.of(0, 1),
    new Uint8Array(8).fill(255),
    Uint8Array.of(0),
    DIGEST_INFO.sha256,
    hash('sha256', input),
  );
  const free = BigInt(8 * (length - head.length));
  const low = number(head) << free;
  const root = cubeRoot(low + (1n << free) - 1n);
  const block = octets(root ** 3n, length);
  if (!head.every((octet, index) => octet === block[index])) throw new Error('no such cube');
  return octets(root, length);
}

function cubeRoot(value: bigint): bigint {
  let low = 0n;
  let high = 1n << BigInt(Math.ceil(value.toString(2).length / 3) + 1);
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (middle ** 3n <= value) low = middle;
    else high = middle - 1n;
  }
  return low;
}

/** PKCS #1 v1.5 with another DigestInfo before the hash. */
export function pkcs1Block(info: Uint8Array, digest: Uint8Array, length: number): Uint8Array {
  const rest = concat(info, digest);
  const filling = new Uint8Array(length - rest.length - 3).fill(255);
  return concat(Uint8Array.of(0, 1), filling, Uint8Array.of(0), rest);
}

/** PSS whose masks come from SHA-1 while the message is hashed by SHA-256. */
export function pssWithSha1Mask(input: string, bits: number): Uint8Array {
  const digest = hash('sha256', input);
  const salt = mask('sha256', digest, 32);
  const seed = hash('sha256', concat(new Uint8Array(8), digest, salt));
  const length = Math.ceil(bits / 8);
  const block = concat(new Uint8Array(length - 66), Uint8Array.of(1), salt);
  const cover = sha1Mask(seed, block.length);
  const masked = block.map((byte, index) => byte ^ (cover[index] ?? 0));
  masked[0] = (masked[0] ?? 0) & (255 >> (8 * length - bits));
  return concat(masked, seed, Uint8Array.of(0xbc));
}

function sha1Mask(seed: Uint8Array, length: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 20) }, (_, counter) =>
    hash('sha1', concat(seed, octets(BigInt(counter), 4))),
  );
  return concat(...blocks).slice(0, length);
}

/** Whether raising a signature to the public exponent gives a block: what every verifier computes first. */
export function opensTo(
  signature: Uint8Array,
  { n, e }: Pick<RsaKey, 'n' | 'e'>,
  block: Uint8Array,
): boolean {
  return power(number(signature), e, n) === number(block);
}
