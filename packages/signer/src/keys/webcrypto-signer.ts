import {
  ALGORITHMS,
  importVerifyKey,
  type PublicJwk,
  type SignatureAlgorithm,
  validateAlgorithms,
  verifySignature,
} from '@keybound/core';
import { generateKeyPair } from './generate-key-pair.ts';
import { minimalJwk } from './minimal-jwk.ts';
import type { Signer } from './signer.ts';

/** Options of {@link createSigner}. */
export interface SignerOptions {
  /** What the key signs with; the servers have to accept it. @defaultValue 'ES256' */
  readonly algorithm?: SignatureAlgorithm;
  /**
   * Whether the private key can be exported. Left at false, script that gets into the page can use
   * the key while it is there but cannot take it away (RFC 9449 §11.4). @defaultValue false
   */
  readonly extractable?: boolean;
}

/**
 * A signer with a new key pair, made and held by WebCrypto.
 *
 * @throws TypeError when the algorithm is none of the known ones.
 * @throws DOMException `NotSupportedError` when the runtime does not offer it.
 */
export async function createSigner(options: SignerOptions = {}): Promise<Signer> {
  const { algorithm = 'ES256', extractable = false } = options;
  validateAlgorithms([algorithm]);
  return createSignerFromKeyPair(await generateKeyPair(algorithm, extractable), algorithm);
}

/**
 * A signer for an existing WebCrypto key pair, for example one that IndexedDB kept. Signs once to see
 * that the pair belongs together and fits the algorithm.
 *
 * @throws TypeError when the public key cannot be exported, is not one for the algorithm (weak keys
 * included), or does not verify what the private key signs.
 */
export async function createSignerFromKeyPair(
  keyPair: CryptoKeyPair,
  algorithm: SignatureAlgorithm,
): Promise<Signer> {
  const { privateKey } = keyPair;
  const publicJwk = Object.freeze(await exportPublicJwk(keyPair.publicKey, algorithm));
  const { signatureParameters } = ALGORITHMS[algorithm];
  const signer: Signer = {
    algorithm,
    publicJwk,
    async sign(signingInput: Uint8Array): Promise<Uint8Array> {
      // Copied, because WebCrypto does not take shared memory.
      const input = new Uint8Array(signingInput);
      return new Uint8Array(await crypto.subtle.sign(signatureParameters, privateKey, input));
    },
  };
  await assertKeysBelongTogether(signer);
  return Object.freeze(signer);
}

async function exportPublicJwk(key: CryptoKey, algorithm: SignatureAlgorithm): Promise<PublicJwk> {
  let jwk: JsonWebKey;
  try {
    jwk = await crypto.subtle.exportKey('jwk', key);
  } catch (cause) {
    throw new TypeError('keyPair: the public key must be extractable', { cause });
  }
  return minimalJwk(jwk, algorithm);
}

async function assertKeysBelongTogether(signer: Signer): Promise<void> {
  const probe = new Uint8Array(32);
  let cause: unknown;
  try {
    const verifyKey = await importVerifyKey(signer.publicJwk, signer.algorithm);
    // Copied for the same reason as in sign.
    const signature = new Uint8Array(await signer.sign(probe));
    if (verifyKey && (await verifySignature(verifyKey, signature, probe))) return;
  } catch (error) {
    cause = error;
  }
  throw new TypeError(
    `keyPair: what the private key signs with ${signer.algorithm}, the public key does not verify`,
    { cause },
  );
}
