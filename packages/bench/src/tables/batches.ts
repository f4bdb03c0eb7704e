import type { Suite } from '../suite.ts';

/** Signing with RSA takes twenty times as long as verifying, and every case has to be signed. */
const MAX_RSA_BATCH = 64;

/** How many cases of a suite are worth making in a round. */
export function maxBatchOf({ issuer }: Suite): { readonly maxBatch?: number } {
  return issuer.publicKey.asymmetricKeyType === 'rsa' ? { maxBatch: MAX_RSA_BATCH } : {};
}
