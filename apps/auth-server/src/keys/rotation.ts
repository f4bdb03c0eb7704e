import type { Clock } from '@keybound/core';
import { eq, lte, sql } from 'drizzle-orm';
import type { Audit } from '../audit.ts';
import type { Queryable } from '../database/database.ts';
import { toInstant } from '../database/instant.ts';
import { type KeyStatus, signingKeys } from '../database/schema.ts';
import type { KeyEncryption } from './key-encryption.ts';
import { createKeyPair } from './key-pair.ts';
import { forgettableSince, isRotationDue, type Schedule, usableAt } from './key-schedule.ts';

/**
 * When to rotate, and what becomes of the old key:
 * - `when_due`: once the current key is old or of another algorithm than configured
 * - `when_published`: now, if the next key has been published long enough
 * - `at_once`: now, although verifiers may not know the next key yet
 * - `revoke_current`: at once, and the old key is removed with all it has signed; for a stolen key
 * - `revoke_all`: at once, with new keys only; for a stolen database and its secret, or a lost secret
 */
export type RotationMode =
  | 'when_due'
  | 'when_published'
  | 'at_once'
  | 'revoke_current'
  | 'revoke_all';

/** What a rotation did. */
export interface Rotation {
  /** `created`: there was no current key; `unchanged`: not due, or the next key is too young. */
  readonly outcome: 'rotated' | 'created' | 'unchanged';
  readonly currentKid: string;
  /** The key that was current before, when it is no longer. */
  readonly previousKid?: string;
  readonly nextKid: string;
  /** When the next key will have been published long enough, in seconds. */
  readonly nextUsableAt: number;
}

/** What a rotation works with. */
export interface RotationOptions extends Schedule {
  readonly db: Queryable;
  readonly encryption: KeyEncryption;
  readonly clock: Clock;
  readonly audit: Audit;
}

type Row = typeof signingKeys.$inferSelect;

/** Names the lock that lets one process at a time change the keys; any number nobody else uses. */
const KEY_LOCK = 0x6b62_6b79;

/**
 * Brings the keys into the state that is wanted now: retired ones go when nothing is left to verify,
 * missing ones are made, a next key of the wrong algorithm is replaced, the next becomes current.
 * One transaction under a lock: instances and commands that do this at once do it one after the
 * other, each on what the one before has left.
 *
 * @throws Error when the current or the next key cannot be opened, unless both are revoked; nothing has
 * changed then.
 */
export async function rotateKeys(options: RotationOptions, mode: RotationMode): Promise<Rotation> {
  const { db, clock, audit, algorithm, encryption } = options;
  const change = async (tx: Queryable): Promise<Rotation> => {
    await tx.execute(sql`select pg_advisory_xact_lock(${KEY_LOCK})`);
    const now = clock();
    await tx.delete(signingKeys).where(lte(signingKeys.retiredAt, forgettableSince(now)));
    const old = await keyWithStatus(tx, 'current');
    if (mode === 'revoke_all') await tx.delete(signingKeys);
    // With another secret than the instances have, nothing may be sealed that they cannot open.
    else if (old !== undefined) encryption.open(old.kid, old.sealedPrivateKey);

    const next = await nextKey(tx, options, now);
    if (old === undefined || mode === 'revoke_all') {
      const { kid: currentKid } = await insertKey(tx, options, 'current', now);
      const others = { currentKid, nextKid: next.kid, nextUsableAt: usableAt(next) };
      if (old === undefined) return { outcome: 'created', ...others };
      return { outcome: 'rotated', previousKid: old.kid, ...others };
    }
    if (!mayPromote(mode, old, next, options, now)) {
      const others = { currentKid: old.kid, nextKid: next.kid, nextUsableAt: usableAt(next) };
      return { outcome: 'unchanged', ...others };
    }
    return promote(tx, options, { old, next, now, isRevoked: mode === 'revoke_current' });
  };
  // The statements after the lock must see what its last holder committed, so no older snapshot.
  const rotation = await db.transaction(change, { isolationLevel: 'read committed' });
  // After the commit: what was rolled back did not happen.
  if (rotation.outcome === 'rotated') {
    audit({ event: 'key_rotated', kid: rotation.currentKid, algorithm });
  }
  return rotation;
}

function mayPromote(
  mode: RotationMode,
  old: Row,
  next: Row,
  schedule: Schedule,
  now: number,
): boolean {
  if (mode === 'at_once' || mode === 'revoke_current') return true;
  if (mode === 'when_due' && !isRotationDue(old, schedule, now)) return false;
  return now >= usableAt(next);
}

async function promote(
  tx: Queryable,
  options: RotationOptions,
  { old, next, now, isRevoked }: { old: Row; next: Row; now: number; isRevoked: boolean },
): Promise<Rotation> {
  const { encryption } = options;
  // Opened first: a key that nobody can open must not become the one that everybody signs with.
  // Sealed anew: after one rotation an older secret of the operator is needed no more.
  const sealedPrivateKey = encryption.seal(
    next.kid,
    encryption.open(next.kid, next.sealedPrivateKey),
  );
  const isOld = eq(signingKeys.kid, old.kid);
  if (isRevoked) {
    await tx.delete(signingKeys).where(isOld);
  } else {
    // A retired key verifies and never signs again, so its private half ends here.
    await tx
      .update(signingKeys)
      .set({ status: 'retired', retiredAt: toInstant(now), sealedPrivateKey: '' })
      .where(isOld);
  }
  await tx
    .update(signingKeys)
    .set({ status: 'current', activatedAt: toInstant(now), sealedPrivateKey })
    .where(eq(signingKeys.kid, next.kid));
  const fresh = await insertKey(tx, options, 'next', now);
  return {
    outcome: 'rotated',
    currentKid: next.kid,
    previousKid: old.kid,
    nextKid: fresh.kid,
    nextUsableAt: usableAt(fresh),
  };
}

/** The next key; a new one when there is none, or one that the configured algorithm cannot use. */
async function nextKey(tx: Queryable, options: RotationOptions, now: number): Promise<Row> {
  const next = await keyWithStatus(tx, 'next');
  if (next?.algorithm === options.algorithm) return next;
  // It has never signed, so nobody misses it.
  await tx.delete(signingKeys).where(eq(signingKeys.status, 'next'));
  return insertKey(tx, options, 'next', now);
}

async function keyWithStatus(tx: Queryable, status: KeyStatus): Promise<Row | undefined> {
  const [row] = await tx.select().from(signingKeys).where(eq(signingKeys.status, status));
  return row;
}

async function insertKey(
  tx: Queryable,
  { algorithm, encryption }: RotationOptions,
  status: 'next' | 'current',
  now: number,
): Promise<Row> {
  const { kid, publicJwk, pkcs8 } = await createKeyPair(algorithm);
  const row: Row = {
    kid,
    status,
    algorithm,
    publicJwk: { ...publicJwk },
    sealedPrivateKey: encryption.seal(kid, pkcs8),
    createdAt: toInstant(now),
    activatedAt: status === 'current' ? toInstant(now) : null,
    retiredAt: null,
  };
  await tx.insert(signingKeys).values(row);
  return row;
}
