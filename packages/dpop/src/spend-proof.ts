import {
  AuthError,
  addReplayRecord,
  type Clock,
  isPromised,
  type ReplayStore,
  sha256Base64url,
  UnavailableError,
} from '@keybound/core';
import type { JudgedNonce } from './nonces.ts';
import type { ProofClaims } from './proof-claims.ts';
import type { ProofWindow } from './window.ts';

/** What {@link createSpending} needs of the proof checks. */
export interface SpendingOptions {
  readonly replay: ReplayStore | 'off-accepting-replays';
  readonly window: ProofWindow;
  /** Whether a client can be asked for a nonce where the store alone cannot tell. */
  readonly asksForNonces: boolean;
  readonly clock: Clock;
}

/** Spends a proof, or throws when it was spent before, or may have been. */
export type Spend = (
  jkt: string,
  claims: Pick<ProofClaims, 'jti' | 'iat'>,
  nonce: JudgedNonce | undefined,
) => Promise<void>;

/**
 * The replay check (RFC 9449 §11.1), last of all, because only a proof that passed every other check
 * may make the store grow; undefined when nothing is remembered. The function it gives throws `AuthError` `proof_replayed`, or
 * `proof_unaccountable` when the store has lost what it knew at a time when the proof could have been
 * used already and the client can be asked for a nonce; where it cannot, and where the store fails,
 * `UnavailableError`.
 */
export function createSpending(options: SpendingOptions): Spend | undefined {
  const { replay, window, asksForNonces, clock } = options;
  if (replay === 'off-accepting-replays') return undefined;

  return async (jkt, { jti, iat }, nonce) => {
    // The record's name is made of key and `jti`: the text of a proof can be respelled without the key
    // (ECDSA accepts -s for s), its key and `jti` cannot. The thumbprint has a fixed length, so the pair
    // is unambiguous.
    const hashing = sha256Base64url(`${jkt}.${jti}`);
    const id = isPromised(hashing) ? await hashing : hashing;
    const usableFrom = window.usableFrom(iat);
    const rememberUntil = window.rememberUntil(iat, nonce?.acceptedUntil);
    const record = { id, owner: jkt, usableFrom, rememberUntil };
    const adding = addReplayRecord(replay, record);
    const { isNew, completeSince } = isPromised(adding) ? await adding : adding;
    if (!isNew) throw new AuthError('proof_replayed', { facts: { jkt } });
    // Once more: a store that answered late may have forgotten an earlier copy by then.
    const now = clock();
    window.check(iat, now);
    if (!(now <= window.acceptedUntil(iat, nonce?.acceptedUntil)))
      throw new AuthError('nonce_stale');
    if (usableFrom >= completeSince || (nonce?.givenAfter ?? 0) >= completeSince) return;
    if (asksForNonces) throw new AuthError('proof_unaccountable', { facts: { completeSince } });
    throw new UnavailableError(
      'replay_store',
      'the replay store has lost its records; proofs that may have been used before are refused',
      { retryAfterSeconds: Math.max(1, completeSince - window.usableFrom(now)) },
    );
  };
}
