import type { HeaderList } from '@keybound/core';
import type { NonceState, Nonces } from './nonces.ts';

/** The nonce for the client's next proof; goes with every refusal, which is never cacheable anyway. */
export async function refusalNonce(nonces: Nonces | undefined): Promise<HeaderList> {
  return nonces === undefined ? [] : [['dpop-nonce', await nonces.current()]];
}

/**
 * A new nonce for a client whose nonce is about to end. A response with a nonce is not cacheable
 * (RFC 9449 §8.2), so other successful responses carry none.
 */
export async function renewalNonce(
  nonces: Nonces | undefined,
  used: NonceState | undefined,
): Promise<HeaderList> {
  if (used !== 'previous') return [];
  return [...(await refusalNonce(nonces)), ['cache-control', 'no-store']];
}
