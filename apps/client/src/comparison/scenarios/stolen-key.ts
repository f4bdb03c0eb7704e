import { systemClock } from '@keybound/core';
import { createProof, createSignerFromKeyPair, type Signer } from '@keybound/signer';
import type { Lane } from '../lanes.ts';
import type { WireRequest } from '../wire.ts';

/** A request made with the client's own key and token, by somebody else. */
export async function signedWithStolenKey(
  lane: Lane,
  aheadSeconds: number,
  nonce?: string,
): Promise<WireRequest> {
  const { signer } = lane.self;
  if (signer === undefined) throw new Error(`lane ${lane.id} has no key`);
  const accessToken = await lane.token();
  const proof = await createProof(signer, {
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

/** The signer that a thief makes of a key found in storage; undefined when it cannot be exported. */
export async function takenAway(privateKey: CryptoKey): Promise<Signer | undefined> {
  let jwk: JsonWebKey;
  try {
    jwk = await crypto.subtle.exportKey('jwk', privateKey);
  } catch {
    return undefined;
  }
  const parameters = { name: 'ECDSA', namedCurve: 'P-256' };
  const { d: _, key_ops: __, ...publicJwk } = jwk;
  const publicKey = await crypto.subtle.importKey('jwk', publicJwk, parameters, true, ['verify']);
  return createSignerFromKeyPair({ publicKey, privateKey }, 'ES256');
}
