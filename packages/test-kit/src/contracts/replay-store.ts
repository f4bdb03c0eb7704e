import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTestClock, NOW, type TestClock } from '../clock.ts';
import { sha256 } from '../jws.ts';

/** The shape of a replay store, written out once more: this package imports none that it tests. */
export interface ContractReplayStore {
  add(record: { readonly id: string; readonly rememberUntil: number }): Promise<boolean>;
}

/**
 * Makes an empty store that reads this clock. A store that counts in real time (a server of its own)
 * may ignore the clock: the contract says how long a record stays at least, and never that it goes.
 */
export type ContractStoreFactory = (
  clock: TestClock,
) => ContractReplayStore | Promise<ContractReplayStore>;

const LIFETIME_SECONDS = 600;

/** The tests every replay store must pass. Call it at the top of a test file. */
export function replayStoreContract(name: string, createStore: ContractStoreFactory): void {
  /** An empty store at NOW, and a way to add a record by a readable label. */
  async function setUp(): Promise<{
    clock: TestClock;
    add: (label: string, rememberUntil?: number) => Promise<boolean>;
  }> {
    const clock = createTestClock();
    const store = await createStore(clock);
    return {
      clock,
      add: (label, rememberUntil = NOW + LIFETIME_SECONDS) =>
        store.add({ id: sha256(label), rememberUntil }),
    };
  }

  describe(`the replay store contract: ${name}`, () => {
    it('a record that is new → true, the boolean', async () => {
      const { add } = await setUp();
      expect(await add('a')).toBe(true);
    });

    it('a record that is there → false, the boolean, each time', async () => {
      const { add } = await setUp();
      await add('a');
      expect(await add('a')).toBe(false);
      expect(await add('a')).toBe(false);
    });

    it('records of other proofs → true, whatever is there', async () => {
      const { add } = await setUp();
      const labels = Array.from({ length: 1000 }, (_, i) => `proof ${i}`);
      expect(await Promise.all(labels.map((label) => add(label)))).toEqual(labels.map(() => true));
      expect(await Promise.all(labels.map((label) => add(label)))).toEqual(labels.map(() => false));
    });

    it.each([
      ['the case of one letter', `${'x'.repeat(42)}A`, `X${'x'.repeat(41)}A`],
      ['the last character', `${'x'.repeat(42)}A`, `${'x'.repeat(42)}E`],
      ['a hyphen and an underscore', `-${'x'.repeat(41)}A`, `_${'x'.repeat(41)}A`],
    ])('ids that differ in %s → two records', async (_difference, one, other) => {
      const store = await createStore(createTestClock());
      const rememberUntil = NOW + LIFETIME_SECONDS;
      expect(await store.add({ id: one, rememberUntil })).toBe(true);
      expect(await store.add({ id: other, rememberUntil })).toBe(true);
      expect(await store.add({ id: one, rememberUntil })).toBe(false);
    });

    it('50 parallel copies of one record → exactly one true [DPOP-11.1-P2]', async () => {
      const { add } = await setUp();
      const answers = await Promise.all(Array.from({ length: 50 }, () => add('a')));
      expect(answers.filter((answer) => answer === true)).toHaveLength(1);
      expect(answers.filter((answer) => answer === false)).toHaveLength(49);
    });

    it('every second until rememberUntil, that instant included → still remembered', async () => {
      const { clock, add } = await setUp();
      await add('a', NOW + 90);
      for (let second = 1; second <= 90; second++) {
        clock.set(NOW + second);
        expect(await add('a', NOW + 90)).toBe(false);
        await add(`another at ${second}`);
      }
    });

    it('a rememberUntil with a fraction → remembered until that instant', async () => {
      const { clock, add } = await setUp();
      await add('a', NOW + 10.75);
      clock.set(NOW + 10.75);
      await add('another');
      expect(await add('a')).toBe(false);
    });

    it.each([
      ['earlier', NOW + 1],
      ['later', NOW + 599],
    ])(
      'a record added again with an %s rememberUntil → does not live shorter',
      async (_, again) => {
        const { clock, add } = await setUp();
        await add('a', NOW + 60);
        expect(await add('a', again)).toBe(false);
        clock.set(NOW + 60);
        await add('another');
        expect(await add('a')).toBe(false);
      },
    );

    it('any adding and any passing of time → what a list that forgets nothing early would say', async () => {
      const action = fc.oneof(
        fc.record({
          add: fc.integer({ min: 0, max: 9 }),
          forSeconds: fc.integer({ min: 1, max: 120 }),
        }),
        fc.record({ advance: fc.double({ min: 0, max: 70, noNaN: true }) }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
          const { clock, add } = await setUp();
          const model = new Map<number, number>();
          for (const step of actions) {
            if ('advance' in step) {
              clock.advance(step.advance);
              continue;
            }
            const until = model.get(step.add);
            const isNew = await add(`${step.add}`, Math.ceil(clock()) + step.forSeconds);
            if (until === undefined) expect(isNew).toBe(true);
            else if (clock() <= until) expect(isNew).toBe(false);
            if (isNew) model.set(step.add, Math.ceil(clock()) + step.forSeconds);
          }
        }),
        { numRuns: 100 },
      );
    });
  });
}
