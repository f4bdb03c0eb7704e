import { createTestClock, NOW } from '@keybound/test-kit';
import { replayStoreContract } from '@keybound/test-kit/contracts';
import { describe, expect, it } from 'vitest';
import { createMemoryReplayStore } from '../src/index.ts';

replayStoreContract('memory', (clock) => createMemoryReplayStore({ clock }));

const record = (id: string, rememberUntil = NOW + 60) => ({ id, rememberUntil });

describe('a memory store with room for two', () => {
  function fullStore() {
    const clock = createTestClock();
    const store = createMemoryReplayStore({ maxEntries: 2, clock });
    return { clock, store, fill: [store.add(record('a')), store.add(record('b', NOW + 10))] };
  }

  it('a third record → UnavailableError replay_store, nothing is forgotten [DPOP-11.1-P3]', async () => {
    const { store, fill } = fullStore();
    await Promise.all(fill);
    await expect(store.add(record('c'))).rejects.toMatchObject({
      name: 'UnavailableError',
      component: 'replay_store',
      message: 'the replay store is full (2 entries)',
      retryAfterSeconds: 1,
    });
    expect(await store.add(record('a'))).toBe(false);
    expect(await store.add(record('b'))).toBe(false);
  });

  it('a record that is there, sent to the full store → false, not an outage', async () => {
    const { store, fill } = fullStore();
    await Promise.all(fill);
    expect(await store.add(record('a'))).toBe(false);
  });

  it('one record expires → room for one [DPOP-11.1-P3]', async () => {
    const { clock, store, fill } = fullStore();
    await Promise.all(fill);
    clock.set(NOW + 10.999);
    await expect(store.add(record('c'))).rejects.toMatchObject({ component: 'replay_store' });
    clock.set(NOW + 11);
    expect(await store.add(record('c'))).toBe(true);
    await expect(store.add(record('d'))).rejects.toMatchObject({ component: 'replay_store' });
    expect(await store.add(record('a'))).toBe(false);
  });

  it('a record that expired → new again, and remembered for its second life', async () => {
    const { clock, store, fill } = fullStore();
    await Promise.all(fill);
    clock.set(NOW + 11);
    expect(await store.add(record('b', NOW + 71))).toBe(true);
    for (let second = 11; second <= 71; second++) {
      clock.set(NOW + second);
      expect(await store.add(record('b', NOW + 71))).toBe(false);
    }
  });
});

describe('memory store options', () => {
  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '10'])(
    'maxEntries %s → TypeError that names it',
    (maxEntries) => {
      expect(() => createMemoryReplayStore({ maxEntries: maxEntries as number })).toThrow(
        new TypeError('maxEntries: must be a positive integer'),
      );
    },
  );

  it('the clock goes ahead and back → what may have been forgotten is refused as an outage [DPOP-11.1-P2]', async () => {
    const clock = createTestClock();
    const store = createMemoryReplayStore({ clock });
    expect(await store.add(record('a'))).toBe(true);
    clock.advance(120);
    expect(await store.add(record('b', NOW + 180))).toBe(true);
    clock.set(NOW + 1);
    await expect(store.add(record('a'))).rejects.toMatchObject({ component: 'replay_store' });
    expect(await store.add(record('b', NOW + 180))).toBe(false);
    expect(await store.add(record('c', NOW + 130))).toBe(true);
  });

  it('no options → a store on the system clock', async () => {
    const store = createMemoryReplayStore();
    const rememberUntil = Date.now() / 1000 + 60;
    expect(await store.add({ id: 'a', rememberUntil })).toBe(true);
    expect(await store.add({ id: 'a', rememberUntil })).toBe(false);
  });
});
