import { beforeEach, describe, expect, it } from 'vitest';
import { signingKeys } from '../../src/database/schema.ts';
import { createKeyEncryption } from '../../src/keys/key-encryption.ts';
import { KEY_CACHE_SECONDS, KEY_SET_STALE_SECONDS } from '../../src/keys/key-schedule.ts';
import { rotateKeys } from '../../src/keys/rotation.ts';
import { createSigningKeys, type SigningKeys } from '../../src/keys/signing-keys.ts';
import { useDatabase } from '../support/database.ts';
import {
  createKeyWorld,
  issueToken,
  type KeyWorld,
  kidsByStatus,
  publishedKids,
  SECRET,
  verdict,
} from './key-world.ts';

const database = useDatabase();
let world: KeyWorld;
let keys: SigningKeys;
let before: Awaited<ReturnType<typeof kidsByStatus>>;
beforeEach(async () => {
  world = createKeyWorld(database.db);
  keys = await createSigningKeys(world.options());
  before = await kidsByStatus(database.db);
});

describe('rotateKeys', () => {
  it('by hand, the next key too young → unchanged, with the time it may sign from', async () => {
    const nextUsableAt = world.clock() + KEY_SET_STALE_SECONDS;
    world.clock.advance(KEY_SET_STALE_SECONDS - 1);
    expect(await rotateKeys(world.options(), 'when_published')).toEqual({
      outcome: 'unchanged',
      currentKid: before.current[0],
      nextKid: before.next[0],
      nextUsableAt,
    });
    expect(await kidsByStatus(database.db)).toEqual(before);
    expect(world.events).toEqual([]);
  });

  it('by hand, the next key published long enough → rotated, though the current one is not old', async () => {
    world.clock.advance(KEY_SET_STALE_SECONDS);
    const rotation = await rotateKeys(world.options(), 'when_published');
    const after = await kidsByStatus(database.db);
    expect(rotation).toEqual({
      outcome: 'rotated',
      currentKid: before.next[0],
      previousKid: before.current[0],
      nextKid: after.next[0],
      nextUsableAt: world.clock() + KEY_SET_STALE_SECONDS,
    });
    expect(after).toMatchObject({ current: before.next, retired: before.current });
  });

  it('at once → the young next key signs, tokens of the old one stay good', async () => {
    const token = await issueToken(keys, world.clock);
    expect((await rotateKeys(world.options(), 'at_once')).outcome).toBe('rotated');
    world.clock.advance(KEY_CACHE_SECONDS);
    expect((await keys.current()).kid).toBe(before.next[0]);
    expect(await publishedKids(keys)).toContain(before.current[0]);
    expect(await verdict(keys, token, world.clock)).toBe('accepted');
  });

  it('the current key revoked → gone at once, and tokens it signed are refused', async () => {
    const token = await issueToken(keys, world.clock);
    expect(await rotateKeys(world.options(), 'revoke_current')).toMatchObject({
      outcome: 'rotated',
      currentKid: before.next[0],
      previousKid: before.current[0],
    });
    expect(await kidsByStatus(database.db)).toMatchObject({ current: before.next, retired: [] });
    world.clock.advance(KEY_CACHE_SECONDS);
    expect(await publishedKids(keys)).not.toContain(before.current[0]);
    expect(await verdict(keys, token, world.clock)).toBe('token_key_unknown');
    const fresh = await issueToken(keys, world.clock);
    expect(await verdict(keys, fresh, world.clock)).toBe('accepted');
  });

  it('all keys revoked → new ones only, retired ones gone too', async () => {
    await rotateKeys(world.options(), 'at_once');
    const known = new Set(Object.values(await kidsByStatus(database.db)).flat());
    expect(known.size).toBe(3);
    const rotation = await rotateKeys(world.options(), 'revoke_all');
    const after = await kidsByStatus(database.db);
    expect(rotation).toMatchObject({ outcome: 'rotated', previousKid: before.next[0] });
    expect([after.current.length, after.next.length, after.retired.length]).toEqual([1, 1, 0]);
    for (const kid of Object.values(after).flat()) expect(known.has(kid)).toBe(false);
  });

  it('the secret is lost → rotating fails, revoking all keys mends it', async () => {
    const encryption = createKeyEncryption(['some-other-secret-of-32-characters-or-more']);
    const options = world.options({ encryption });
    await expect(rotateKeys(options, 'at_once')).rejects.toThrow(/--force --revoke-all$/);
    await rotateKeys(options, 'revoke_all');
    const mended = await createSigningKeys(options);
    const token = await issueToken(mended, world.clock);
    expect(await verdict(mended, token, world.clock)).toBe('accepted');
  });

  it('another secret, and a next key would have to be made → refused, nothing is sealed with it', async () => {
    const encryption = createKeyEncryption(['some-other-secret-of-32-characters-or-more']);
    const options = world.options({ encryption, algorithm: 'EdDSA' });
    await expect(rotateKeys(options, 'when_published')).rejects.toThrow(/cannot be opened/);
    expect(await kidsByStatus(database.db)).toEqual(before);
  });

  it('the algorithm of the setting changed, at once → a key of the new one signs', async () => {
    await rotateKeys(world.options({ algorithm: 'EdDSA' }), 'at_once');
    world.clock.advance(KEY_CACHE_SECONDS);
    expect((await keys.current()).algorithm).toBe('EdDSA');
    expect((await kidsByStatus(database.db)).retired).toEqual(before.current);
  });

  it('two commands at once → two rotations, one after the other', async () => {
    const options = world.options();
    const [one, two] = await Promise.all([
      rotateKeys(options, 'at_once'),
      rotateKeys(options, 'at_once'),
    ]);
    const previous = [one.previousKid, two.previousKid];
    expect(previous).toContain(before.current[0]);
    expect(previous).toContain(before.next[0]);
    expect((await kidsByStatus(database.db)).retired).toHaveLength(2);
  });

  it('an empty database → keys are created, and nothing counts as rotated', async () => {
    await database.db.delete(signingKeys);
    expect((await rotateKeys(world.options(), 'at_once')).outcome).toBe('created');
    expect(world.events).toEqual([]);
  });
});

describe("the operator's secret changes", () => {
  it('a new secret in front, one rotation → the old secret is needed no more', async () => {
    const renewed = 'the-renewed-secret-of-32-characters-or-more';
    const both = world.options({ encryption: createKeyEncryption([renewed, SECRET]) });
    const during = await createSigningKeys(both);
    expect((await during.current()).kid).toBe(before.current[0]);
    await rotateKeys(both, 'at_once');
    const encryption = createKeyEncryption([renewed]);
    const after = await createSigningKeys(world.options({ encryption }));
    expect((await after.current()).kid).toBe(before.next[0]);
    expect((await rotateKeys(world.options({ encryption }), 'at_once')).outcome).toBe('rotated');
  });
});
