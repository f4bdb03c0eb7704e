import { base64url } from '../encode/base64url.ts';
import { derived, hash, number, octets, shortestOctets, utf8 } from '../encode/bytes.ts';
import { jsonText } from '../encode/json.ts';
import {
  CURVES,
  type CurveName,
  type EcdsaChoice,
  ecdsaSign,
  inverse,
  joinSignature,
  order,
  publicPoint,
} from '../sign/ecdsa.ts';
import { ed25519Public, ed25519Sign } from '../sign/eddsa.ts';
import { type RsaKey, rsaKey, rsaPkcs1Sign, rsaPssSign } from '../sign/rsa.ts';
import { PRIMES } from './rsa-primes.ts';

type Jwk = Readonly<Record<string, string>>;

/** A key pair of the vectors. */
export interface Key {
  readonly name: string;
  /** The algorithm it signs with unless a case says otherwise. */
  readonly alg: string;
  readonly comment: string;
  /** The members of RFC 7638 alone. */
  readonly jwk: Jwk;
  readonly privateJwk: Jwk;
  readonly jkt: string;
  /** The signature octets of a JWS algorithm over a signing input. */
  sign(input: string, alg: string, choice?: EcdsaChoice): Uint8Array;
}

/** A key on a curve whose private scalar follows from its name, or is given. */
export function ecKey(
  name: string,
  curve: CurveName,
  comment: string,
  scalar: bigint = (number(derived(name, 72)) % (order(curve) - 1n)) + 1n,
): Key & { readonly d: bigint; readonly curve: CurveName } {
  const { size, hash: hashName } = CURVES[curve];
  const { x, y } = publicPoint(curve, scalar);
  const jwk = {
    crv: curve,
    kty: 'EC',
    x: base64url(octets(x, size)),
    y: base64url(octets(y, size)),
  };
  const alg = curve === 'secp256k1' ? 'ES256K' : `ES${hashName.slice(3)}`;
  return {
    name,
    alg,
    comment,
    jwk,
    privateJwk: { ...jwk, d: base64url(octets(scalar, size)) },
    jkt: thumbprint(jwk),
    d: scalar,
    curve,
    sign: (input, _alg, choice) => joinSignature(curve, ecdsaSign(curve, scalar, input, choice)),
  };
}

/** An RSA key. */
export function rsaKeyPair(
  name: string,
  alg: string,
  comment: string,
  numbers: RsaKey,
): Key & { readonly numbers: RsaKey } {
  const jwk = {
    e: base64url(shortestOctets(numbers.e)),
    kty: 'RSA',
    n: base64url(shortestOctets(numbers.n)),
  };
  return {
    name,
    alg,
    comment,
    jwk,
    privateJwk: { ...jwk, ...privateMembers(numbers) },
    jkt: thumbprint(jwk),
    numbers,
    sign(input, signAlg) {
      const hashName = `sha${signAlg.slice(2)}` as 'sha256';
      return signAlg.startsWith('PS')
        ? rsaPssSign(numbers, hashName, input)
        : rsaPkcs1Sign(numbers, hashName, input);
    },
  };
}

/** An Ed25519 key whose seed follows from its name. */
function edKey(name: string, comment: string): Key & { readonly seed: Uint8Array } {
  const seed = derived(name, 32);
  const jwk = { crv: 'Ed25519', kty: 'OKP', x: base64url(ed25519Public(seed)) };
  return {
    name,
    alg: 'Ed25519',
    comment,
    jwk,
    privateJwk: { ...jwk, d: base64url(seed) },
    jkt: thumbprint(jwk),
    seed,
    sign: (input) => ed25519Sign(seed, utf8(input)),
  };
}

/** The thumbprint (RFC 7638) of a key that has exactly the required members, in any order. */
export function thumbprint(jwk: Jwk): string {
  const names = Object.keys(jwk).sort();
  return base64url(hash('sha256', jsonText(Object.fromEntries(names.map((n) => [n, jwk[n]])))));
}

function privateMembers({ d, primes }: RsaKey): Jwk {
  const [p, q] = primes;
  if (p === undefined || q === undefined || primes.length > 2) return { d: uint(d) };
  return {
    d: uint(d),
    p: uint(p),
    q: uint(q),
    dp: uint(d % (p - 1n)),
    dq: uint(d % (q - 1n)),
    qi: uint(inverse(q, p)),
  };
}

function uint(value: bigint): string {
  return base64url(shortestOctets(value));
}

/** The keys most cases use; cases that need a strange key make their own. */
export const KEYS = {
  ec1: ecKey('ec1', 'P-256', 'The honest client.'),
  ec2: ecKey('ec2', 'P-256', 'Another client, or a thief.'),
  ec384: ecKey('ec384', 'P-384', 'The honest client on P-384.'),
  ec521: ecKey('ec521', 'P-521', 'The honest client on P-521.'),
  k256: ecKey('k256', 'secp256k1', 'The honest client on secp256k1.'),
  rsa2048: rsaKeyPair('rsa2048', 'PS256', 'The honest client with RSA.', rsaKey(PRIMES.rsa2048)),
  rsa4096: rsaKeyPair(
    'rsa4096',
    'PS256',
    'The honest client with a large RSA key.',
    rsaKey(PRIMES.rsa4096),
  ),
  ed1: edKey('ed1', 'The honest client with Ed25519.'),
  ed2: edKey('ed2', 'Another client with Ed25519.'),
  issuer1: ecKey('issuer1', 'P-256', 'The issuer of access tokens.'),
  issuer2: ecKey('issuer2', 'P-256', 'A further published key of the issuer.'),
  issuerRsa: rsaKeyPair(
    'issuerRsa',
    'RS256',
    'A published RSA key of the issuer.',
    rsaKey(PRIMES.issuerRsa),
  ),
  issuerEd: edKey('issuerEd', 'A published Ed25519 key of the issuer.'),
  stranger: ecKey('stranger', 'P-256', 'An issuer nobody here trusts.'),
} as const;
