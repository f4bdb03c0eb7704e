import { type CurveName, ecdsaSign } from '../sign/ecdsa.ts';
import { fromBase64url } from './base64url.ts';
import { concat, number, shortestOctets, utf8 } from './bytes.ts';

/** What a certificate is made of. */
interface Subject {
  readonly name: string;
  readonly curve: CurveName;
  readonly d: bigint;
  readonly jwk: Readonly<Record<string, string>>;
}

const ID_EC_PUBLIC_KEY = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const PRIME256V1 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const ECDSA_WITH_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const COMMON_NAME = [0x55, 0x04, 0x03];

/**
 * The DER of a certificate (RFC 5280 §4.1) in which a P-256 key vouches for itself, valid from 2025 to 2049,
 * so that software that believes whatever certificate a header brings along has one to believe.
 */
export function selfSignedCertificate({ name, curve, d, jwk }: Subject): Uint8Array {
  const algorithm = sequence(identifier(ECDSA_WITH_SHA256));
  const distinguished = sequence(
    element(0x31, sequence(identifier(COMMON_NAME), element(0x0c, utf8(name)))),
  );
  const validity = sequence(
    element(0x17, utf8('250101000000Z')),
    element(0x17, utf8('491231235959Z')),
  );
  const { x = '', y = '' } = jwk;
  const point = concat(Uint8Array.of(4), fromBase64url(x), fromBase64url(y));
  const publicKey = sequence(
    sequence(identifier(ID_EC_PUBLIC_KEY), identifier(PRIME256V1)),
    bits(point),
  );
  const statement = sequence(
    integer(1n),
    algorithm,
    distinguished,
    validity,
    distinguished,
    publicKey,
  );
  const { r, s } = ecdsaSign(curve, d, statement);
  return sequence(statement, algorithm, bits(sequence(integer(r), integer(s))));
}

/** An ECDSA signature of fixed length in DER (RFC 3279 §2.2.3). */
export function derEncoded(signature: Uint8Array): Uint8Array {
  const half = signature.length / 2;
  return sequence(
    integer(number(signature.slice(0, half))),
    integer(number(signature.slice(half))),
  );
}

function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return element(0x30, concat(...parts));
}

/** An INTEGER that is not negative. */
function integer(value: bigint): Uint8Array {
  const shortest = shortestOctets(value);
  const isSigned = (shortest[0] ?? 0) >= 0x80;
  return element(2, isSigned ? concat(Uint8Array.of(0), shortest) : shortest);
}

function identifier(octets: readonly number[]): Uint8Array {
  return element(6, Uint8Array.from(octets));
}

function bits(octets: Uint8Array): Uint8Array {
  return element(3, concat(Uint8Array.of(0), octets));
}

/** Tag, length and content (X.690 §8.1). */
function element(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content;
  const long = shortestOctets(BigInt(length));
  const header = length < 0x80 ? [tag, length] : [tag, 0x80 + long.length, ...long];
  return concat(Uint8Array.from(header), content);
}
