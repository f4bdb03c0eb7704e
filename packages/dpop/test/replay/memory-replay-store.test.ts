import { type ReplayRecord, UnavailableError } from '@keybound/core';
import { createTestClock, NOW, sha256 } from '@keybound/test-kit';
import { proofsOnceContract, replayStoreContract } from '@keybound/test-kit/contracts';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  createMemoryReplayStore,
  createProofVerifier,
  type MemoryReplayStore,
  PRESETS,
} from '../../src/index.ts';

const MAX_BYTES = 64 * 1024;

replayStoreContract('memory', (clock) => createMemoryReplayStore({ clock, maxBytes: MAX_BYTES }));

proofsOnceContract(
  'the memory store, whose instances are one process with one clock',
  {
    presets: PRESETS,
    createProofVerifier,
    createStore: (clock) => createMemoryReplayStore({ clock, maxBytes: MAX_BYTES }),
  },
  { skews: [0], numRuns: 60 },
);

const record = (label: string, rememberUntil = NOW + 60): ReplayRecord => ({
  id: sha256(label),
  owner: sha256('alice'),
  usableFrom: NOW - 60,
  rememberUntil,
});

/** What the store answers or throws, as a promise of it. */
const adding = async (store: MemoryReplayStore, added: ReplayRecord): Promise<unknown> =>
  store.add(added);

const isNew = async (
  store: MemoryReplayStore,
  label: string,
  rememberUntil?: number,
): Promise<boolean> => (await store.add(record(label, rememberUntil))).isNew;

/**
 * The key of the hash is the same in every run: in a table of 200 slots a rare key crowds one place, and
 * what is full there is refused although an expired slot is left elsewhere.
 */
function keepKey(): void {
  const random = vi.spyOn(crypto, 'getRandomValues').mockImplementation((array) => {
    (array as unknown as Uint32Array).fill(0x9e3779b9);
    return array;
  });
  onTestFinished(() => random.mockRestore());
}

/** A store of the least size: 6 records in each of its two generations. */
function smallStore() {
  const clock = createTestClock();
  return { clock, store: createMemoryReplayStore({ maxBytes: 320, clock }) };
}

/** Adds until the store is full, and says what was added. */
async function fill(store: MemoryReplayStore, rememberUntil: number): Promise<string[]> {
  const labels: string[] = [];
  for (let i = 0; i < 100; i++) {
    try {
      await isNew(store, `${rememberUntil} ${i}`, rememberUntil);
    } catch {
      return labels;
    }
    labels.push(`${rememberUntil} ${i}`);
  }
  throw new Error('the store never gets full');
}

describe('a full memory store', () => {
  it('one more record → UnavailableError replay_store, nothing is forgotten [DPOP-11.1-P3]', async () => {
    const { store } = smallStore();
    const labels = await fill(store, NOW + 60);
    expect(labels.length).toBeGreaterThanOrEqual(6);
    expect(store.status().fill).toBe(1);
    await expect(adding(store, record('more'))).rejects.toEqual(
      new UnavailableError('replay_store', 'the replay store is full (320 bytes)', {
        retryAfterSeconds: 61,
      }),
    );
    for (const label of labels) expect(await isNew(store, label)).toBe(false);
  });

  it('a record that is there → false, not an outage', async () => {
    const { store } = smallStore();
    const [first = ''] = await fill(store, NOW + 60);
    expect(await isNew(store, first)).toBe(false);
  });

  it('time goes by → full until the older records have expired, then room again [DPOP-11.1-P3]', async () => {
    const { clock, store } = smallStore();
    const labels = await fill(store, NOW + 60);
    clock.set(NOW + 60);
    await expect(adding(store, record('more', NOW + 120))).rejects.toBeInstanceOf(UnavailableError);
    for (const label of labels) expect(await isNew(store, label)).toBe(false);
    clock.set(NOW + 60.001);
    expect(await isNew(store, 'more', NOW + 121)).toBe(true);
    expect(await isNew(store, 'more', NOW + 121)).toBe(false);
    expect(store.status().fill).toBeLessThanOrEqual(1);
  });

  it('one long record keeps the older generation → the slots of expired ones are used again', async () => {
    keepKey();
    const clock = createTestClock();
    const store = createMemoryReplayStore({ maxBytes: 8000, clock });
    expect(await isNew(store, 'long', NOW + 600)).toBe(true);
    for (let second = 1; second < 600; second++) {
      clock.set(NOW + second);
      const labels = [0, 1, 2].map((i) => `short ${second} ${i}`);
      for (const label of labels) expect(await isNew(store, label, clock() + 3)).toBe(true);
      for (let known = Math.max(1, second - 3); known <= second; known++) {
        expect(await isNew(store, `short ${known} 1`, clock() + 3)).toBe(false);
      }
      expect(await isNew(store, 'long', NOW + 600)).toBe(false);
    }
    // 1797 records went through 150 slots.
    expect(store.status().fill).toBe(1);
  });

  it('many lives of the store, each filled → each record is known in its life, and new after it', async () => {
    const { clock, store } = smallStore();
    for (let life = 0; life < 50; life++) {
      const end = clock() + 60;
      const labels = await fill(store, end);
      expect(labels.length).toBeGreaterThanOrEqual(6);
      clock.set(end);
      for (const label of labels) expect(await isNew(store, label, end)).toBe(false);
      clock.set(end + 1);
    }
  });

  it('records with ends far apart → each is known until its own end', async () => {
    const clock = createTestClock();
    const store = createMemoryReplayStore({ maxBytes: 2000, clock });
    const ends = { short: NOW + 2, middle: NOW + 30, long: NOW + 600 };
    for (const [label, end] of Object.entries(ends)) {
      expect(await isNew(store, label, end)).toBe(true);
    }
    for (let second = 1; second <= 600; second++) {
      clock.set(NOW + second);
      for (const [label, end] of Object.entries(ends)) {
        if (clock() <= end) expect(await isNew(store, label, end)).toBe(false);
      }
      if (second % 60 === 0) await isNew(store, `other ${second}`, clock() + 2);
    }
  });
});

describe('the fill of a memory store', () => {
  it('grows with the records of the fuller generation, and falls when they have expired', async () => {
    const { clock, store } = smallStore();
    expect(store.status()).toEqual({ fill: 0, completeSince: 0 });
    await isNew(store, 'a');
    expect(store.status().fill).toBeCloseTo(1 / 6);
    await fill(store, NOW + 60);
    expect(store.status().fill).toBe(1);
    clock.set(NOW + 61);
    await isNew(store, 'b', NOW + 121);
    clock.set(NOW + 122);
    await isNew(store, 'c', NOW + 181);
    expect(store.status().fill).toBeLessThan(0.5);
  });
});

describe('what came before a memory store', () => {
  it('nothing, by default → complete since ever', async () => {
    const { store } = smallStore();
    expect((await store.add(record('a'))).completeSince).toBe(0);
  });

  it('proofs may have been used → complete since its start', async () => {
    const clock = createTestClock(NOW + 0.5);
    const store = createMemoryReplayStore({ before: 'proofs-may-have-been-used', clock });
    clock.advance(10);
    expect(store.status().completeSince).toBe(NOW + 0.5);
    expect(await store.add(record('a'))).toEqual({ isNew: true, completeSince: NOW + 0.5 });
    expect(await store.add(record('a'))).toEqual({ isNew: false, completeSince: NOW + 0.5 });
  });
});

describe('a clock that is set', () => {
  it('ahead and back → what was dropped meanwhile is an outage, what is there is known [DPOP-11.1-P2]', async () => {
    const { clock, store } = smallStore();
    expect(await isNew(store, 'a')).toBe(true);
    for (const ahead of [200, 400, 600]) {
      clock.set(NOW + ahead);
      expect(await isNew(store, `b ${ahead}`, NOW + ahead + 60)).toBe(true);
    }
    clock.set(NOW + 1);
    await expect(adding(store, record('a'))).rejects.toMatchObject({
      component: 'replay_store',
      message: 'the clock has gone back; proofs of that time are forgotten',
    });
    expect(await isNew(store, 'b 600', NOW + 660)).toBe(false);
  });

  it('ahead, slots are used again, and back → what stood in them is an outage, never new [DPOP-11.1-P2]', async () => {
    keepKey();
    const clock = createTestClock();
    const store = createMemoryReplayStore({ maxBytes: 8000, clock });
    await isNew(store, 'long', NOW + 600);
    const before = Array.from({ length: 140 }, (_, i) => `before ${i}`);
    for (const label of before) await isNew(store, label, NOW + 60);
    clock.set(NOW + 61);
    for (let i = 0; i < 50; i++) await isNew(store, `after ${i}`, NOW + 130);
    clock.set(NOW + 1);
    const answers = await Promise.all(
      before.map((label) => isNew(store, label, NOW + 60).catch(({ component }) => component)),
    );
    expect(new Set(answers)).toEqual(new Set([false, 'replay_store']));
  });

  it('back to before the store was made → an outage, never taken for a replay or for new', async () => {
    const { clock, store } = smallStore();
    clock.set(NOW - 100);
    await expect(adding(store, record('a', NOW - 40))).rejects.toBeInstanceOf(UnavailableError);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 2 ** 33])(
    'a record that ends at %s → an outage, nothing is kept',
    async (rememberUntil) => {
      const { store } = smallStore();
      await expect(adding(store, record('a', rememberUntil))).rejects.toBeInstanceOf(
        UnavailableError,
      );
      expect(store.status().fill).toBe(0);
    },
  );
});

describe('memory store options', () => {
  it.each([0, -1, 319, 320.5, Number.NaN, Number.POSITIVE_INFINITY, '1024'])(
    'maxBytes %s → TypeError that names it',
    (maxBytes) => {
      expect(() => createMemoryReplayStore({ maxBytes: maxBytes as number })).toThrow(
        new TypeError('maxBytes: must be a whole number, 320 or more'),
      );
    },
  );

  it('before with another word → TypeError that names it', () => {
    expect(() => createMemoryReplayStore({ before: 'unknown' as 'nothing' })).toThrow(
      new TypeError("before: must be 'nothing' or 'proofs-may-have-been-used'"),
    );
  });

  it.each(['', 'a', sha256('a').slice(1), `${sha256('a')}A`, `${'x'.repeat(42)}B`])(
    'the id %j, which is no hash → TypeError',
    async (id) => {
      const { store } = smallStore();
      await expect(adding(store, { ...record('a'), id })).rejects.toThrow(
        new TypeError('id: must be 43 base64url characters'),
      );
    },
  );

  it('no options → a store on the system clock', async () => {
    const store = createMemoryReplayStore();
    const rememberUntil = Date.now() / 1000 + 60;
    expect(await isNew(store, 'a', rememberUntil)).toBe(true);
    expect(await isNew(store, 'a', rememberUntil)).toBe(false);
  });
});
