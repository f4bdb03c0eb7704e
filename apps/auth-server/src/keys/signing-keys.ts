import { createKeySet, type KeySource, type SigningKey } from '@keybound/core';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';

/** The keys this server signs with and publishes. */
export interface SigningKeys {
  /** The key for the next token. */
  current(): SigningKey;
  /** The public halves as published at `jwks_uri`. */
  readonly jwks: { readonly keys: readonly JWK[] };
  /** The same keys for verifying tokens of this server. */
  readonly source: KeySource;
}

/** Generates the keys of a server that keeps its state in memory: one ES256 key, new at each start. */
export async function createSigningKeys(): Promise<SigningKeys> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  const jwks = { keys: [{ ...jwk, kid, alg: 'ES256', use: 'sig' }] };
  return {
    current: () => ({ kid, algorithm: 'ES256', privateKey }),
    jwks,
    source: createKeySet(jwks),
  };
}
