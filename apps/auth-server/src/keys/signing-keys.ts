import type { SigningKey } from '@keybound/core';
import type { JWK } from 'jose';

/** The keys this server signs with and publishes. */
export interface SigningKeys {
  /** The key for the next token. */
  current(): Promise<SigningKey>;
  /** The public halves of the next, the current and the retired keys, as `jwks_uri` shows them. */
  published(): Promise<{ readonly keys: readonly JWK[] }>;
}
