import type { PublicJwk } from '@keybound/core';
import { type Signer, signatureFromDer } from '@keybound/signer';

/** What the client library of a key management service offers for one key. */
export interface KeyService {
  publicKey(): Promise<JsonWebKey>;
  /** ECDSA with SHA-256 over the message; the signature comes in DER. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** A signer whose private key stays in a key management service, where only signatures leave it. */
export async function createKmsSigner(service: KeyService): Promise<Signer> {
  const { kty, crv, x, y } = await service.publicKey();
  // Asked for once: the key of a signer is the same all its life, as the tokens bound to it are.
  const publicJwk = { kty, crv, x, y } as PublicJwk;
  return {
    algorithm: 'ES256',
    publicJwk,
    sign: async (signingInput) => signatureFromDer(await service.sign(signingInput), 'ES256'),
  };
}
