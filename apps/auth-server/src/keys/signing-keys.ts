import { parsePublicJwk, type SigningKey } from '@keybound/core';
import type { JWK } from 'jose';
import { signingKeys } from '../database/schema.ts';
import { importPrivateKey, SIGNING_ALGORITHMS, type SigningAlgorithm } from './key-pair.ts';
import { isChangeDue, KEY_CACHE_SECONDS } from './key-schedule.ts';
import { type RotationOptions, rotateKeys } from './rotation.ts';

/** The keys this server signs with and publishes. */
export interface SigningKeys {
  /** The key for the next token. */
  current(): Promise<SigningKey>;
  /** The public halves of the next, the current and the retired keys, as `jwks_uri` shows them. */
  published(): Promise<{ readonly keys: readonly JWK[] }>;
  /** For a timer: almost nothing until a change is due. Safe in parallel and on many instances. */
  rotateIfDue(): Promise<void>;
}

type Row = typeof signingKeys.$inferSelect;

interface Snapshot {
  readonly readAt: number;
  readonly rows: readonly Row[];
  readonly current: SigningKey;
  readonly published: { readonly keys: readonly JWK[] };
}

/**
 * The signing keys in the database, shared by all instances; on an empty database the first one
 * makes them.
 *
 * What was read is used for {@link KEY_CACHE_SECONDS}. That is harmless: a key is published long
 * before it signs, and a retired one is published longer than its last tokens live, so another
 * instance's rotation may be noticed late. Only a revoked key lives on in a cache for that time.
 *
 * @throws Error when the current key cannot be opened, so that this fails at the start.
 */
export async function createSigningKeys(options: RotationOptions): Promise<SigningKeys> {
  const { db, clock } = options;
  let snapshot: Snapshot | undefined;
  let pending: Promise<Snapshot> | undefined;
  let imported: SigningKey | undefined;

  /** One reading for all who ask meanwhile. */
  function keys(): Promise<Snapshot> {
    if (snapshot !== undefined && isFresh(snapshot.readAt, clock())) {
      return Promise.resolve(snapshot);
    }
    pending ??= read()
      .then((result) => {
        snapshot = result;
        return result;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  }

  async function read(): Promise<Snapshot> {
    const readAt = clock();
    let rows = await readRows();
    if (!hasCurrentAndNext(rows)) {
      await rotateKeys(options, 'when_due');
      rows = await readRows();
    }
    const current = rows.find(({ status }) => status === 'current');
    if (current === undefined) throw new Error('the database has no current signing key');
    return {
      readAt,
      rows,
      current: await signingKey(current),
      published: { keys: rows.map(publishedKey) },
    };
  }

  function readRows(): Promise<Row[]> {
    return db.select().from(signingKeys).orderBy(signingKeys.status, signingKeys.createdAt);
  }

  async function signingKey({ kid, algorithm, sealedPrivateKey }: Row): Promise<SigningKey> {
    if (imported?.kid === kid) return imported;
    const known = requireAlgorithm(kid, algorithm);
    const pkcs8 = options.encryption.open(kid, sealedPrivateKey);
    imported = { kid, algorithm: known, privateKey: await importPrivateKey(known, pkcs8) };
    return imported;
  }

  async function rotateIfDue(): Promise<void> {
    const { rows } = await keys();
    if (!isChangeDue(rows, options, clock())) return;
    try {
      await rotateKeys(options, 'when_due');
    } finally {
      snapshot = undefined;
    }
  }

  await keys();
  return {
    current: async () => (await keys()).current,
    published: async () => (await keys()).published,
    rotateIfDue,
  };
}

/** After the clock has gone back nobody knows the age, and it counts as too old. */
function isFresh(readAt: number, now: number): boolean {
  return now >= readAt && now - readAt < KEY_CACHE_SECONDS;
}

function hasCurrentAndNext(rows: readonly Row[]): boolean {
  return (
    rows.some(({ status }) => status === 'current') && rows.some(({ status }) => status === 'next')
  );
}

/** A JWK of the key set (RFC 7517 §4): public members by name, so that nothing else slips in. */
function publishedKey({ kid, algorithm, publicJwk }: Row): JWK {
  const alg = requireAlgorithm(kid, algorithm);
  const jwk = parsePublicJwk(publicJwk, alg);
  if (typeof jwk === 'string') {
    throw new Error(`the public half of signing key ${kid} in the database is unusable: ${jwk}`);
  }
  return { ...jwk, kid, alg, use: 'sig' };
}

function requireAlgorithm(kid: string, algorithm: string): SigningAlgorithm {
  const known = SIGNING_ALGORITHMS.find((name) => name === algorithm);
  if (known !== undefined) return known;
  throw new Error(`signing key ${kid} in the database has an unknown algorithm`);
}
