import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { fromBase64url } from '../encode/base64url.ts';
import { concat, hash, number, octets } from '../encode/bytes.ts';
import { emsaPkcs1, mask, modulusLength, power } from '../sign/rsa.ts';

type HashName = 'sha256' | 'sha384' | 'sha512';

const CURVES: Readonly<Record<string, typeof p256>> = { ES256: p256, ES384: p384, ES512: p521 };

/** Whether `@noble/curves`, or for RSA the equations of RFC 8017, find the signature good. */
export function verifyWithMathematics(
  jws: string,
  jwk: Readonly<Record<string, unknown>>,
): boolean {
  const [header = '', payload = '', signature = ''] = jws.split('.');
  const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString());
  const input = `${header}.${payload}`;
  const member = (name: string): Uint8Array => fromBase64url(String(jwk[name]));
  const hashName = `sha${alg.slice(2)}` as HashName;
  const curve = CURVES[alg];
  if (curve !== undefined) {
    const point = concat(Uint8Array.of(4), member('x'), member('y'));
    const digest = hash(hashName, input);
    // High values of s are good signatures in JWS.
    return curve.verify(fromBase64url(signature), digest, point, { prehash: false, lowS: false });
  }
  if (alg === 'EdDSA' || alg === 'Ed25519') {
    return ed25519.verify(fromBase64url(signature), new TextEncoder().encode(input), member('x'));
  }
  const n = number(member('n'));
  const opened = power(number(fromBase64url(signature)), number(member('e')), n);
  const block = octets(opened, modulusLength(n));
  return alg.startsWith('RS')
    ? Buffer.from(block).equals(emsaPkcs1(hashName, input, block.length))
    : isPssEncoding(hashName, input, block, n.toString(2).length - 1);
}

/** EMSA-PSS-VERIFY (RFC 8017 §9.1.2) with a salt of the hash's length. */
function isPssEncoding(name: HashName, input: string, whole: Uint8Array, bits: number): boolean {
  const digest = hash(name, input);
  const block = whole.slice(whole.length - Math.ceil(bits / 8));
  const seedStart = block.length - digest.length - 1;
  const seed = block.slice(seedStart, seedStart + digest.length);
  const cover = mask(name, seed, seedStart);
  const open = block.slice(0, seedStart).map((byte, index) => byte ^ (cover[index] ?? 0));
  open[0] = (open[0] ?? 0) & (255 >> (8 * block.length - bits));
  const saltStart = open.length - digest.length;
  const hasForm =
    block.at(-1) === 0xbc &&
    open[saltStart - 1] === 1 &&
    open.slice(0, saltStart - 1).every((byte) => byte === 0);
  const expected = hash(name, concat(new Uint8Array(8), digest, open.slice(saltStart)));
  return hasForm && Buffer.from(expected).equals(seed);
}
