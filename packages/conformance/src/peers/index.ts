import { createAtprotoPeer } from './atproto.ts';
import { createBetterAuthPeer } from './better-auth.ts';
import { createExpressOauth2Peer } from './express-oauth2-jwt-bearer.ts';
import { createJosePeer } from './jose.ts';
import { createOauth4webapiPeer } from './oauth4webapi.ts';
import type { Peer } from './peer.ts';
import { createSolidPeer } from './solid.ts';

export type { Peer } from './peer.ts';

/** All peers, each with a memory of its own. */
export function createPeers(): readonly Peer[] {
  return [
    createJosePeer(),
    createOauth4webapiPeer(),
    createExpressOauth2Peer(),
    createBetterAuthPeer(),
    createAtprotoPeer(),
    createSolidPeer(),
  ];
}
