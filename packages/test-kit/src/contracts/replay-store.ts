import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTestClock, NOW, type TestClock } from '../clock.ts';
import { sha256 } from '../jws.ts';

interface ContractAnswer {
  readonly isNew: boolean;
  readonly completeSince: number;
}

/** The shape of a replay store, written out once more: this package imports none that it tests. */
export interface ContractReplayStore {
  add(record: {
    readonly id: string;
    readonly owner: string;
    readonly usableFrom: number;
    readonly rememberUntil: number;
  }): ContractAnswer | Promise<ContractAnswer>;
}

/**
 * Makes an empty store that reads this clock. The contract says how long a record stays at least, and
 * never that it goes.
 */
export type ContractStoreFactory = (
  clock: TestClock,
) => ContractReplayStore | Promise<ContractReplayStore>;

const LIFETIME_SECONDS = 600;
const OWNERS = ['alice', 'bob', 'carol'].map(sha256);

/** What tests do with a store: records have readable labels, and an owner by their label. */
type Add = (label: string, rememberUntil?: number) => Promise<boolean>;

function adding(store: ContractReplayStore, clock: TestClock): Add {
  return async (label, rememberUntil = NOW + LIFETIME_SECONDS) => {
    const owner = OWNERS[label.length % OWNERS.length] ?? '';
    const { isNew } = await store.add({
      id: sha256(label),
      owner,
      usableFrom: Math.min(clock(), rememberUntil) - 60,
      rememberUntil,
    });
    return isNew;
  };
}

/** The trivially correct store: a list of what was added and until when it counts. */
interface Model {
  now: number;
  readonly until: Map<string, number>;
}

interface Real {
  readonly clock: TestClock;
  readonly add: Add;
}

/** Some copies of one record at once. */
class AddCopies implements fc.AsyncCommand<Model, Real> {
  readonly label: string;
  readonly copies: number;
  readonly forSeconds: number;
  constructor(label: string, copies: number, forSeconds: number) {
    this.label = label;
    this.copies = copies;
    this.forSeconds = forSeconds;
  }
  check(): boolean {
    return true;
  }
  async run(model: Model, { add }: Real): Promise<void> {
    const until = Math.ceil(model.now) + this.forSeconds;
    const answers = await Promise.all(
      Array.from({ length: this.copies }, () => add(this.label, until)),
    );
    const known = model.until.get(this.label);
    const successes = answers.filter((isNew) => isNew).length;
    if (known === undefined) expect(successes).toBe(1);
    else if (model.now <= known) expect(successes).toBe(0);
    else expect(successes).toBeLessThanOrEqual(1);
    if (successes === 1) model.until.set(this.label, until);
  }
  toString(): string {
    return `add ${this.copies} of ${this.label} for ${this.forSeconds} s`;
  }
}

class Advance implements fc.AsyncCommand<Model, Real> {
  readonly seconds: number;
  constructor(seconds: number) {
    this.seconds = seconds;
  }
  check(): boolean {
    return true;
  }
  async run(model: Model, { clock }: Real): Promise<void> {
    model.now += this.seconds;
    clock.set(model.now);
  }
  toString(): string {
    return `advance ${this.seconds} s`;
  }
}

const COMMANDS = [
  fc
    .tuple(
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 120 }),
    )
    .map(([label, copies, forSeconds]) => new AddCopies(`${label}`, copies, forSeconds)),
  fc
    .oneof(fc.integer({ min: 0, max: 70 }), fc.double({ min: 0, max: 2, noNaN: true }))
    .map((seconds) => new Advance(seconds)),
];

/** The tests every replay store must pass. Call it at the top of a test file. */
export function replayStoreContract(name: string, createStore: ContractStoreFactory): void {
  /** An empty store at NOW, and a way to add a record by a readable label. */
  async function setUp(): Promise<Real> {
    const clock = createTestClock();
    return { clock, add: adding(await createStore(clock), clock) };
  }

  describe(`the replay store contract: ${name}`, () => {
    it('a record that is new → true', async () => {
      const { add } = await setUp();
      expect(await add('a')).toBe(true);
    });

    it('a record that is there → false, each time', async () => {
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
      ['the twentieth character', `${'x'.repeat(42)}A`, `${'x'.repeat(19)}y${'x'.repeat(22)}A`],
      ['a hyphen and an underscore', `-${'x'.repeat(41)}A`, `_${'x'.repeat(41)}A`],
    ])('ids that differ in %s → two records', async (_difference, one, other) => {
      const store = await createStore(createTestClock());
      const isNew = async (id: string): Promise<boolean> => {
        const rest = { owner: sha256('alice'), usableFrom: NOW - 60, rememberUntil: NOW + 60 };
        return (await store.add({ id, ...rest })).isNew;
      };
      expect(await isNew(one)).toBe(true);
      expect(await isNew(other)).toBe(true);
      expect(await isNew(one)).toBe(false);
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

    it('an answer → says since when the store is complete, as a number that does not go back', async () => {
      const clock = createTestClock();
      const store = await createStore(clock);
      const ask = async (id: string): Promise<number> => {
        const rest = { owner: sha256('alice'), usableFrom: NOW - 60, rememberUntil: NOW + 60 };
        return (await store.add({ id: sha256(id), ...rest })).completeSince;
      };
      const first = await ask('a');
      expect(Number.isFinite(first)).toBe(true);
      expect(await ask('a')).toBe(first);
      expect(await ask('b')).toBe(first);
    });

    it('any adding, any copies at once and any passing of time → what a list that forgets nothing early would say [DPOP-11.1-P2]', async () => {
      await fc.assert(
        fc.asyncProperty(fc.commands(COMMANDS, { maxCommands: 60 }), async (plan) => {
          const real = await setUp();
          await fc.asyncModelRun(
            () => ({ model: { now: NOW, until: new Map<string, number>() }, real }),
            plan,
          );
        }),
        { numRuns: 100 },
      );
    });
  });
}
