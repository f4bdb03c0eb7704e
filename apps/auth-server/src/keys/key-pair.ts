import {
  ALGORITHMS,
  jwkThumbprint,
  type PublicJwk,
  parsePublicJwk,
  webCryptoParameters,
} from '@keybound/core';

/** The algorithms this server can sign with. */
export const SIGNING_ALGORITHMS = ['ES256', 'PS256', 'EdDSA', 'RS256'] as const;

export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number];

/** A new key: the public half for everybody, the private half for sealing. */
export interface KeyPair {
  /** The thumbprint of the public half (RFC 7638). */
  readonly kid: string;
  readonly publicJwk: PublicJwk;
  /** The private half as PKCS #8. */
  readonly pkcs8: Uint8Array<ArrayBuffer>;
}

/**
 * RFC 7518 §3.3 asks for 2048 bits or more. No more than that, because a key is replaced after weeks
 * and every signature with 3072 bits costs three times as much.
 */
const RSA_PARAMETERS = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };

/** Generates a key for one algorithm: ECDSA on P-256, Ed25519, or RSA with 2048 bits. */
export async function createKeyPair(algorithm: SigningAlgorithm): Promise<KeyPair> {
  const { key } = webCryptoParameters(algorithm);
  const parameters = { ...key, ...(ALGORITHMS[algorithm].kty === 'RSA' && RSA_PARAMETERS) };
  const { publicKey, privateKey } = (await crypto.subtle.generateKey(parameters, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const publicJwk = parsePublicJwk(await crypto.subtle.exportKey('jwk', publicKey), algorithm);
  if (typeof publicJwk === 'string') throw new Error(`the generated key is unusable: ${publicJwk}`);
  return {
    kid: await jwkThumbprint(publicJwk),
    publicJwk,
    pkcs8: new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey)),
  };
}

/** A private key that signs and cannot be exported again. */
export function importPrivateKey(
  algorithm: SigningAlgorithm,
  pkcs8: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey> {
  return crypto.subtle.importKey('pkcs8', pkcs8, webCryptoParameters(algorithm).key, false, [
    'sign',
  ]);
}
