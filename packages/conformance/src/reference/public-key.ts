import type { Algorithm } from './algorithms.ts';

/** A key that has been checked and can verify signatures. */
export interface PublicKey {
  readonly verify: (algorithm: Algorithm, input: string, signature: Uint8Array) => boolean;
}
