import { createHash } from 'node:crypto';
import type { Algorithm } from './algorithms.ts';
import { demand } from './fault.ts';
import { numberOf, octetsOf, power } from './numbers.ts';
import type { PublicKey } from './public-key.ts';
import { remembered } from './remembered.ts';
import type { Switches } from './switches.ts';

/**
 * A key of RFC 7518 §6.3, which verifies by RFC 8017 §8. The arithmetic is done here, because OpenSSL
 * leaves nothing of the padding to be checked wrongly.
 */
export function rsaKey(nOctets: Uint8Array, eOctets: Uint8Array, switches: Switches): PublicKey {
  const isMinimal = nOctets[0] !== 0 && eOctets[0] !== 0;
  demand(isMinimal || switches.has('rsa-leading-zeros-accepted'), 'zeros before a number');
  const n = numberOf(nOctets);
  const e = numberOf(eOctets);
  const bits = n.toString(2).length;
  demand(bits >= 2048 || switches.has('rsa-short-keys-accepted'), 'a short key');
  demand(bits <= 8192, 'a long key');
  demand(n % 2n === 1n, 'an even modulus');
  demand(e % 2n === 1n && e < 2n ** 32n, 'a bad exponent');
  demand(e > 1n || switches.has('rsa-exponent-one-accepted'), 'an exponent of one');
  return {
    verify({ hash = 'sha256', padding }, input, signature) {
      if (signature.length !== Math.ceil(bits / 8)) return false;
      const s = numberOf(signature);
      if (s >= n) return false;
      const message = remembered(`rsa ${n} ${e} ${s}`, () => power(s, e, n));
      const digest = digestOf(hash, Buffer.from(input));
      return padding === 'pss'
        ? isPss(message, bits, { hash, digest }, switches)
        : isPkcs1(message, bits, { hash, digest }, switches);
    },
  };
}

type HashName = NonNullable<Algorithm['hash']>;

interface Digest {
  readonly hash: HashName;
  readonly digest: Buffer;
}

function digestOf(hash: HashName, ...parts: readonly Uint8Array[]): Buffer {
  return createHash(hash).update(Buffer.concat(parts)).digest();
}

/** The start of a DigestInfo, NULL included (RFC 8017 §9.2 note 1). */
const DIGEST_INFO: Readonly<Record<HashName, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

/** EMSA-PKCS1-v1_5 (RFC 8017 §9.2): the one encoding there is. */
function isPkcs1(
  message: bigint,
  bits: number,
  { hash, digest }: Digest,
  switches: Switches,
): boolean {
  const size = Math.ceil(bits / 8);
  const info = Buffer.concat([Buffer.from(DIGEST_INFO[hash], 'hex'), digest]);
  const fill = Buffer.alloc(size - info.length - 3, 0xff);
  const due = Buffer.concat([Buffer.from([0, 1]), fill, Buffer.from([0]), info]);
  const found = Buffer.from(octetsOf(message, size) ?? []);
  if (!switches.has('pkcs1-rest-unchecked')) return found.equals(due);
  // Looks for the digest behind whatever padding there is, and not at what follows (CVE-2006-4339).
  const start = found.indexOf(0, 2) + 1;
  return found[1] === 1 && start > 0 && found.subarray(start, start + info.length).equals(info);
}

/** EMSA-PSS (RFC 8017 §9.1.2), with a salt as long as the hash (RFC 7518 §3.5). */
function isPss(
  message: bigint,
  bits: number,
  { hash, digest }: Digest,
  switches: Switches,
): boolean {
  const size = Math.ceil((bits - 1) / 8);
  const encoded = Buffer.from(octetsOf(message, size) ?? []);
  if (encoded.length !== size || encoded.at(-1) !== 0xbc) return false;
  const masked = encoded.subarray(0, size - digest.length - 1);
  const fingerprint = encoded.subarray(size - digest.length - 1, -1);
  const block = unmasked(masked, hash, fingerprint);
  const unused = 8 * size - (bits - 1);
  if ((encoded[0] ?? 0) >> (8 - unused)) return false;
  block[0] = (block[0] ?? 0) & (0xff >> unused);
  const one = block.findIndex((octet) => octet !== 0);
  if (one < 0 || block[one] !== 1) return false;
  const salt = block.subarray(one + 1);
  if (salt.length !== digest.length && !switches.has('pss-salt-length-unchecked')) return false;
  return digestOf(hash, Buffer.alloc(8), digest, salt).equals(fingerprint);
}

/** Takes the mask of MGF1 (RFC 8017 §B.2.1) off. */
function unmasked(masked: Uint8Array, hash: HashName, seed: Uint8Array): Buffer {
  const mask: Buffer[] = [];
  for (let counter = 0, length = 0; length < masked.length; counter += 1) {
    const part = digestOf(hash, seed, octetsOf(BigInt(counter), 4) ?? Buffer.alloc(4));
    mask.push(part);
    length += part.length;
  }
  const octets = Buffer.concat(mask);
  return Buffer.from(masked.map((octet, index) => octet ^ (octets[index] ?? 0)));
}
