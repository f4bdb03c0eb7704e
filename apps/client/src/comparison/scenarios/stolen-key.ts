import { systemClock } from '@keybound/core';
import { createProof } from '@keybound/signer';
import type { Lane } from '../lanes.ts';
import type { WireRequest } from '../wire.ts';

/** A request made with the client's own key and token, by somebody else. */
export async function signedWithStolenKey(
  lane: Lane,
  aheadSeconds: number,
  nonce?: string,
): Promise<WireRequest> {
  if (lane.signer === undefined) throw new Error(`lane ${lane.id} has no key`);
  const accessToken = await lane.token();
  const proof = await createProof(lane.signer, {
    method: 'GET',
    uri: lane.notesUrl,
    accessToken,
    clock: () => systemClock() + aheadSeconds,
    ...(nonce !== undefined && { nonce }),
  });
  return {
    method: 'GET',
    url: lane.notesUrl,
    headers: { authorization: `DPoP ${accessToken}`, dpop: proof },
    body: undefined,
  };
}
