import { decodeJws } from '@keybound/test-kit';
import { eq } from 'drizzle-orm';
import { calculateJwkThumbprint } from 'jose';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { signingKeys } from '../../src/database/schema.ts';
import { createKeyEncryption } from '../../src/keys/key-encryption.ts';
import { SIGNING_ALGORITHMS } from '../../src/keys/key-pair.ts';
import {
  KEY_CACHE_SECONDS,
  KEY_SET_MAX_AGE_SECONDS,
  KEY_SET_STALE_SECONDS,
  RETIRED_KEPT_SECONDS,
} from '../../src/keys/key-schedule.ts';
import { rotateKeys } from '../../src/keys/rotation.ts';
import { createSigningKeys, type SigningKeys } from '../../src/keys/signing-keys.ts';
import { useDatabase } from '../support/database.ts';
import {
  createKeyWorld,
  issueToken,
  type KeyWorld,
  kidsByStatus,
  publishedKids,
  ROTATION_SECONDS,
  verdict,
} from './key-world.ts';

const database = useDatabase();
let world: KeyWorld;
beforeEach(() => {
  world = createKeyWorld(database.db);
});

describe('the published key set', () => {
  it.each(SIGNING_ALGORITHMS)(
    '%s → tokens that a verifier with the set accepts [ATJWT-2.1-02]',
    async (algorithm) => {
      const keys = await createSigningKeys(world.options({ algorithm }));
      const token = await issueToken(keys, world.clock);
      const { kid } = await keys.current();
      expect(decodeJws(token).header).toEqual({ alg: algorithm, typ: 'at+jwt', kid });
      expect(await verdict(keys, token, world.clock)).toBe('accepted');
    },
  );

  const PUBLIC_MEMBERS = {
    RS256: ['kty', 'n', 'e'],
    PS256: ['kty', 'n', 'e'],
    ES256: ['kty', 'crv', 'x', 'y'],
    EdDSA: ['kty', 'crv', 'x'],
  };

  it.each(SIGNING_ALGORITHMS)(
    '%s → public members, kid (RFC 7638), alg and use only',
    async (algorithm) => {
      const keys = await createSigningKeys(world.options({ algorithm }));
      const published = await keys.published();
      expect(published.keys).toHaveLength(2);
      for (const jwk of published.keys) {
        expect(Object.keys(jwk).sort()).toEqual(
          [...PUBLIC_MEMBERS[algorithm], 'kid', 'alg', 'use'].sort(),
        );
        expect(jwk).toMatchObject({
          alg: algorithm,
          use: 'sig',
          kid: await calculateJwkThumbprint(jwk),
        });
      }
    },
  );

  it('a member in the row of a key that is none of a public key → not shown', async () => {
    await createSigningKeys(world.options());
    for (const { kid, publicJwk } of await database.db.select().from(signingKeys)) {
      await database.db
        .update(signingKeys)
        .set({ publicJwk: { ...publicJwk, note: 'internal' } })
        .where(eq(signingKeys.kid, kid));
    }
    const { keys } = await (await createSigningKeys(world.options())).published();
    expect(keys).toHaveLength(2);
    for (const jwk of keys) expect(jwk).not.toHaveProperty('note');
  });

  it('a private member in the row of a key → the set is refused, not shown', async () => {
    await createSigningKeys(world.options());
    const [row] = await database.db.select().from(signingKeys);
    await database.db.update(signingKeys).set({ publicJwk: { ...row?.publicJwk, d: 'secret' } });
    await expect(createSigningKeys(world.options())).rejects.toThrow(/is unusable: jwk_private$/);
  });

  it('the private key → signs and cannot be exported', async () => {
    const { privateKey } = await (await createSigningKeys(world.options())).current();
    expect(privateKey).toMatchObject({ type: 'private', extractable: false, usages: ['sign'] });
  });
});

describe('the first start', () => {
  it('an empty database → one current and one next key, both published, nothing rotated', async () => {
    const keys = await createSigningKeys(world.options());
    const { current, next, retired } = await kidsByStatus(database.db);
    expect([current.length, next.length, retired.length]).toEqual([1, 1, 0]);
    expect(new Set(await publishedKids(keys))).toEqual(new Set([...current, ...next]));
    expect((await keys.current()).kid).toBe(current[0]);
    expect(world.events).toEqual([]);
  });

  it('five instances on an empty database at once → the same one current and one next key', async () => {
    const instances = await Promise.all(
      Array.from({ length: 5 }, () => createSigningKeys(world.options())),
    );
    const { current, next, retired } = await kidsByStatus(database.db);
    expect([current.length, next.length, retired.length]).toEqual([1, 1, 0]);
    for (const keys of instances) expect((await keys.current()).kid).toBe(current[0]);
  });

  it('an instance that starts later → the same keys', async () => {
    const first = await createSigningKeys(world.options());
    const second = await createSigningKeys(world.options());
    expect((await second.current()).kid).toBe((await first.current()).kid);
    expect(await second.published()).toEqual(await first.published());
  });

  it('another secret of the operator → the start fails with a sentence, the keys stay', async () => {
    await createSigningKeys(world.options());
    const before = await kidsByStatus(database.db);
    const encryption = createKeyEncryption(['some-other-secret-of-32-characters-or-more']);
    await expect(createSigningKeys(world.options({ encryption }))).rejects.toThrow(
      /^signing key \S+ cannot be opened: it was sealed with another secret/,
    );
    expect(await kidsByStatus(database.db)).toEqual(before);
  });

  it('the sealed key of another row in the row of the current one → the start fails', async () => {
    await createSigningKeys(world.options());
    const [next] = await database.db
      .select()
      .from(signingKeys)
      .where(eq(signingKeys.status, 'next'));
    await database.db
      .update(signingKeys)
      .set({ sealedPrivateKey: next?.sealedPrivateKey ?? '' })
      .where(eq(signingKeys.status, 'current'));
    await expect(createSigningKeys(world.options())).rejects.toThrow(/cannot be opened/);
  });
});

describe('the schedule', () => {
  it('a key is published longer ahead than its set may be cached', () => {
    expect(KEY_SET_STALE_SECONDS).toBeGreaterThan(KEY_SET_MAX_AGE_SECONDS + KEY_CACHE_SECONDS);
  });

  it('a moment before the key is old → nothing changes', async () => {
    const keys = await createSigningKeys(world.options());
    const before = await kidsByStatus(database.db);
    world.clock.advance(ROTATION_SECONDS - 1);
    await keys.rotateIfDue();
    expect(await kidsByStatus(database.db)).toEqual(before);
    expect(world.events).toEqual([]);
  });

  it('the key is old → the next one signs, the old one is retired, a new one is published ahead', async () => {
    const keys = await createSigningKeys(world.options());
    const before = await kidsByStatus(database.db);
    world.clock.advance(ROTATION_SECONDS);
    await keys.rotateIfDue();
    const after = await kidsByStatus(database.db);
    expect(after.current).toEqual(before.next);
    expect(after.retired).toEqual(before.current);
    expect(after.next).toHaveLength(1);
    expect((await keys.current()).kid).toBe(before.next[0]);
    expect(new Set(await publishedKids(keys))).toEqual(
      new Set([...after.next, ...after.current, ...after.retired]),
    );
    expect(world.events).toEqual([
      { event: 'key_rotated', kid: before.next[0], algorithm: 'ES256' },
    ]);
  });

  it('a retired key → its private half is gone from the database', async () => {
    const keys = await createSigningKeys(world.options());
    world.clock.advance(ROTATION_SECONDS);
    await keys.rotateIfDue();
    const rows = await database.db.select().from(signingKeys);
    for (const { status, sealedPrivateKey } of rows) {
      expect(sealedPrivateKey === '').toBe(status === 'retired');
    }
  });

  it('every key that signs in a year → was published long enough before it did', async () => {
    const keys = await createSigningKeys(world.options());
    const publishedSince = new Map<unknown, number>();
    const start = world.clock();
    let signing = (await keys.current()).kid;
    for (let step = 0; step < 60; step++) {
      for (const kid of await publishedKids(keys)) {
        if (!publishedSince.has(kid)) publishedSince.set(kid, world.clock());
      }
      world.clock.advance(6 * 86_400);
      await keys.rotateIfDue();
      const { kid } = await keys.current();
      if (kid === signing) continue;
      signing = kid;
      const since = publishedSince.get(kid) ?? Number.POSITIVE_INFINITY;
      expect(world.clock() - since).toBeGreaterThanOrEqual(KEY_SET_STALE_SECONDS);
    }
    expect(world.events).toHaveLength(Math.floor((world.clock() - start) / ROTATION_SECONDS));
  });

  it('a key that is old at once → still not replaced before the next one was published long enough', async () => {
    const keys = await createSigningKeys(world.options({ rotationSeconds: 1 }));
    const { current, next } = await kidsByStatus(database.db);
    world.clock.advance(KEY_SET_STALE_SECONDS - 1);
    await keys.rotateIfDue();
    expect((await keys.current()).kid).toBe(current[0]);
    world.clock.advance(1);
    await keys.rotateIfDue();
    expect((await keys.current()).kid).toBe(next[0]);
  });

  it('five instances find the key old at once → one rotation, all sign with the same key', async () => {
    const instances = await Promise.all(
      Array.from({ length: 5 }, () => createSigningKeys(world.options())),
    );
    const before = await kidsByStatus(database.db);
    world.clock.advance(ROTATION_SECONDS);
    await Promise.all(instances.map((keys) => keys.rotateIfDue()));
    const after = await kidsByStatus(database.db);
    expect(after).toEqual({ current: before.next, retired: before.current, next: after.next });
    expect(after.next).toHaveLength(1);
    expect(world.events).toHaveLength(1);
    for (const keys of instances) expect((await keys.current()).kid).toBe(before.next[0]);
  });

  it('a timer and a command at once → one rotation after the other, none lost', async () => {
    const keys = await createSigningKeys(world.options());
    const before = await kidsByStatus(database.db);
    world.clock.advance(ROTATION_SECONDS);
    await Promise.all([keys.rotateIfDue(), rotateKeys(world.options(), 'when_published')]);
    expect((await kidsByStatus(database.db)).current).toEqual(before.next);
    expect(world.events).toHaveLength(1);
  });

  it.each([
    [
      'the next key could sign, the current one is not old',
      ROTATION_SECONDS,
      KEY_SET_STALE_SECONDS,
    ],
    ['the current key is old, the next one could not sign yet', 1, 60],
  ])(
    '%s → no transaction, and within the cache no query',
    async (_circumstance, rotationSeconds, age) => {
      const keys = await createSigningKeys(world.options({ rotationSeconds }));
      const transaction = vi.spyOn(database.db, 'transaction');
      const select = vi.spyOn(database.db, 'select');
      world.clock.advance(age);
      await keys.rotateIfDue();
      expect(select).toHaveBeenCalledOnce();
      await keys.rotateIfDue();
      expect(select).toHaveBeenCalledOnce();
      expect(transaction).not.toHaveBeenCalled();
      vi.restoreAllMocks();
    },
  );

  it('the next key cannot be opened → nothing changes, and the sentence says why', async () => {
    const keys = await createSigningKeys(world.options());
    await database.db
      .update(signingKeys)
      .set({ sealedPrivateKey: 'v1.damaged' })
      .where(eq(signingKeys.status, 'next'));
    const before = await kidsByStatus(database.db);
    world.clock.advance(ROTATION_SECONDS);
    await expect(keys.rotateIfDue()).rejects.toThrow(/cannot be opened/);
    expect(await kidsByStatus(database.db)).toEqual(before);
    expect((await keys.current()).kid).toBe(before.current[0]);
    expect(world.events).toEqual([]);
  });
});

describe('the cache of an instance', () => {
  let rotated: SigningKeys;
  let other: SigningKeys;
  beforeEach(async () => {
    rotated = await createSigningKeys(world.options());
    other = await createSigningKeys(world.options());
    world.clock.advance(ROTATION_SECONDS);
    await Promise.all([rotated.current(), other.current()]);
    await rotated.rotateIfDue();
  });

  it('another instance has rotated → the old key signs until the cache ends, then the new one', async () => {
    const { current, retired } = await kidsByStatus(database.db);
    expect((await rotated.current()).kid).toBe(current[0]);
    world.clock.advance(KEY_CACHE_SECONDS - 1);
    expect((await other.current()).kid).toBe(retired[0]);
    world.clock.advance(1);
    expect((await other.current()).kid).toBe(current[0]);
  });

  it('a token of a stale cache, and one that the stale instance does not know the key of → both verify', async () => {
    expect(await verdict(rotated, await issueToken(other, world.clock), world.clock)).toBe(
      'accepted',
    );
    expect(await verdict(other, await issueToken(rotated, world.clock), world.clock)).toBe(
      'accepted',
    );
  });

  it('the clock goes back → what was read counts as old', async () => {
    world.clock.advance(-10);
    const { current } = await kidsByStatus(database.db);
    expect((await other.current()).kid).toBe(current[0]);
  });

  it('many ask at once → one reading', async () => {
    world.clock.advance(KEY_CACHE_SECONDS);
    const select = vi.spyOn(database.db, 'select');
    await Promise.all([other.current(), other.published(), other.current()]);
    expect(select).toHaveBeenCalledOnce();
    vi.restoreAllMocks();
  });

  it('a reading fails → the next one tries again', async () => {
    world.clock.advance(KEY_CACHE_SECONDS);
    vi.spyOn(database.db, 'select').mockImplementationOnce(() => {
      throw new Error('the database is gone');
    });
    await expect(other.current()).rejects.toThrow('the database is gone');
    const { current } = await kidsByStatus(database.db);
    expect((await other.current()).kid).toBe(current[0]);
    vi.restoreAllMocks();
  });
});

describe('tokens across a rotation', () => {
  it('signed by the last instance to notice → verifies all its life; then the key goes, and no earlier', async () => {
    const stale = await createSigningKeys(world.options());
    world.clock.advance(ROTATION_SECONDS);
    await stale.current();
    const keys = await createSigningKeys(world.options());
    await keys.rotateIfDue();
    const { retired } = await kidsByStatus(database.db);
    world.clock.advance(KEY_CACHE_SECONDS - 1);
    const token = await issueToken(stale, world.clock);
    expect(decodeJws(token).header.kid).toBe(retired[0]);

    world.clock.advance(3599);
    await keys.rotateIfDue();
    expect(await verdict(keys, token, world.clock)).toBe('accepted');

    world.clock.advance(RETIRED_KEPT_SECONDS - 3599 - KEY_CACHE_SECONDS);
    await keys.rotateIfDue();
    expect(await publishedKids(keys)).toContain(retired[0]);
    expect(await verdict(keys, token, world.clock)).toBe('token_expired');

    world.clock.advance(1);
    await keys.rotateIfDue();
    expect(await publishedKids(keys)).not.toContain(retired[0]);
    expect((await kidsByStatus(database.db)).retired).toEqual([]);
    expect(await verdict(keys, token, world.clock)).toBe('token_key_unknown');
  });

  it('the algorithm of the setting changes → a new next key first, signing only after it was published', async () => {
    const before = await createSigningKeys(world.options());
    const token = await issueToken(before, world.clock);
    const old = await kidsByStatus(database.db);

    world.clock.advance(60);
    const keys = await createSigningKeys(world.options({ algorithm: 'PS256' }));
    await keys.rotateIfDue();
    const { next, current } = await kidsByStatus(database.db);
    expect(current).toEqual(old.current);
    expect(next).not.toEqual(old.next);
    expect((await keys.current()).algorithm).toBe('ES256');

    world.clock.advance(KEY_SET_STALE_SECONDS - 1);
    await keys.rotateIfDue();
    expect((await keys.current()).algorithm).toBe('ES256');
    world.clock.advance(1);
    await keys.rotateIfDue();
    expect(await keys.current()).toMatchObject({ algorithm: 'PS256', kid: next[0] });
    expect(await verdict(keys, token, world.clock)).toBe('accepted');
    const fresh = await issueToken(keys, world.clock);
    expect(decodeJws(fresh).header.alg).toBe('PS256');
    expect(await verdict(keys, fresh, world.clock)).toBe('accepted');
    expect(world.events).toEqual([{ event: 'key_rotated', kid: next[0], algorithm: 'PS256' }]);
  });
});
