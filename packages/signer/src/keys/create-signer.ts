import {
  encodeUtf8,
  generateSignKey,
  importSignKey,
  importVerifyKey,
  type SignatureAlgorithm,
  type SignKey,
  validateAlgorithms,
  verifySignature,
  webCryptoParameters,
} from '@keybound/core';
import { minimalJwk } from './minimal-jwk.ts';
import type { Signer } from './signer.ts';

/** Options of {@link createSigner}. */
export interface SignerOptions {
  /** What the key signs with; the servers have to accept it. @defaultValue 'ES256' */
  readonly algorithm?: SignatureAlgorithm;
}

/**
 * A signer with a new key pair. The private key stays in the signer: nothing gives it out, and in
 * WebCrypto, which holds it everywhere but on Node, it is not extractable. Script that gets into the page
 * can use it while it is there but cannot take it away (RFC 9449 §11.4). It ends with the process or the
 * page; {@link createSignerFromKeyPair} takes a pair that you keep.
 *
 * @throws TypeError when the algorithm is none of the known ones.
 * @throws DOMException `NotSupportedError` when the runtime does not offer it.
 */
export async function createSigner(options: SignerOptions = {}): Promise<Signer> {
  const { algorithm = 'ES256' } = options;
  validateAlgorithms([algorithm]);
  return createSignerFromKey(await generateSignKey(algorithm), algorithm);
}

/**
 * A signer for an existing WebCrypto key pair, for example one that IndexedDB kept. Signs once to see
 * that the pair belongs together and fits the algorithm.
 *
 * @throws TypeError when the private key is not one for signing with the algorithm, the public key cannot
 * be exported, is not one for the algorithm (weak keys included), or does not verify what the private key
 * signs.
 */
export async function createSignerFromKeyPair(
  keyPair: CryptoKeyPair,
  algorithm: SignatureAlgorithm,
): Promise<Signer> {
  validateAlgorithms([algorithm]);
  assertSigns(keyPair.privateKey, algorithm);
  if (!keyPair.publicKey.extractable) {
    throw new TypeError('keyPair: the public key must be extractable');
  }
  const signer = createSignerFromKey(await importSignKey(keyPair, algorithm), algorithm);
  await assertKeysBelongTogether(signer);
  return signer;
}

function createSignerFromKey(key: SignKey, algorithm: SignatureAlgorithm): Signer {
  return Object.freeze({
    algorithm,
    publicJwk: Object.freeze(minimalJwk(key.publicJwk, algorithm)),
    sign: key.sign,
  });
}

/** What WebCrypto would say of the key, for runtimes where it is not WebCrypto that signs. */
function assertSigns(
  { type, usages, algorithm: { name } }: CryptoKey,
  algorithm: SignatureAlgorithm,
): void {
  if (type !== 'private' || !usages.includes('sign')) {
    throw new TypeError('keyPair: the private key must be one that may sign');
  }
  if (name !== webCryptoParameters(algorithm).key.name) {
    throw new TypeError(`keyPair: a private key for ${name} does not sign with ${algorithm}`);
  }
}

async function assertKeysBelongTogether(signer: Signer): Promise<void> {
  const probe = encodeUtf8('probe');
  let cause: unknown;
  try {
    const verifyKey = await importVerifyKey(signer.publicJwk, signer.algorithm);
    // Copied, because a signature may lie in shared memory, which WebCrypto does not take.
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
