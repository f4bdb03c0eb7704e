import type { SignatureAlgorithm } from '@keybound/core';

/** How WebCrypto is asked for a key pair and for a signature of one algorithm. */
export interface SigningEntry {
  generateKeyPair(extractable: boolean): Promise<CryptoKeyPair>;
  readonly signParameters: EcdsaParams | RsaPssParams | Algorithm;
}

const USAGES: readonly ('sign' | 'verify')[] = ['sign', 'verify'];

const ED25519: SigningEntry = {
  generateKeyPair: (extractable) =>
    crypto.subtle.generateKey({ name: 'Ed25519' }, extractable, USAGES),
  signParameters: { name: 'Ed25519' },
};

/** One row per algorithm; code receives the row and does not switch on the name again. */
export const SIGNING: Readonly<Record<SignatureAlgorithm, SigningEntry>> = {
  ES256: ecdsa('P-256', 'SHA-256'),
  ES384: ecdsa('P-384', 'SHA-384'),
  ES512: ecdsa('P-521', 'SHA-512'),
  PS256: rsa('RSA-PSS', 'SHA-256', 32),
  PS384: rsa('RSA-PSS', 'SHA-384', 48),
  PS512: rsa('RSA-PSS', 'SHA-512', 64),
  RS256: rsa('RSASSA-PKCS1-v1_5', 'SHA-256'),
  RS384: rsa('RSASSA-PKCS1-v1_5', 'SHA-384'),
  RS512: rsa('RSASSA-PKCS1-v1_5', 'SHA-512'),
  EdDSA: ED25519,
  Ed25519: ED25519,
};

function ecdsa(namedCurve: string, hash: string): SigningEntry {
  return {
    generateKeyPair: (extractable) =>
      crypto.subtle.generateKey({ name: 'ECDSA', namedCurve }, extractable, USAGES),
    signParameters: { name: 'ECDSA', hash },
  };
}

// 2048 bits is what every server accepts; the PSS salt is as long as the hash (RFC 7518 §3.5).
function rsa(name: string, hash: string, saltLength?: number): SigningEntry {
  const publicExponent = new Uint8Array([1, 0, 1]);
  const parameters: RsaHashedKeyGenParams = { name, hash, modulusLength: 2048, publicExponent };
  return {
    generateKeyPair: (extractable) => crypto.subtle.generateKey(parameters, extractable, USAGES),
    signParameters: saltLength === undefined ? { name } : { name, saltLength },
  };
}
