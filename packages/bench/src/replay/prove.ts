import type { StoreContender } from './contenders.ts';
import { createRecords, LIFE_SECONDS } from './records.ts';

const START = 1_800_000_000;
const LIVE = 1000;

/**
 * Shows that a contender guards: it takes every record once and refuses it from then on until it ends,
 * while others come. One that claims to refuse when it is full has to do that too, and must have
 * forgotten nothing.
 *
 * @throws Error that names the contender and the fault.
 */
export async function proveStore(contender: StoreContender): Promise<void> {
  await proveGuard(contender);
  if (contender.refusesWith !== undefined) await proveFull(contender, contender.refusesWith);
}

async function proveGuard({ name, create }: StoreContender): Promise<void> {
  let now = START;
  const store = create(LIVE, () => now);
  const createRecord = createRecords();
  const first = createRecord(0, now);
  if (!(await store.add(first)).isNew) throw new Error(`${name} refuses a new record`);
  for (let number = 1; number < LIVE; number++) {
    now = START + (number / LIVE) * LIFE_SECONDS;
    const record = createRecord(number, now);
    if (!(await store.add(record)).isNew) throw new Error(`${name} refuses a new record`);
    if ((await store.add({ ...record })).isNew) throw new Error(`${name} accepts a repeat`);
    if ((await store.add({ ...first })).isNew) throw new Error(`${name} forgets a live record`);
  }
}

async function proveFull(
  { name, create }: StoreContender,
  refusesWith: (error: unknown) => boolean,
): Promise<void> {
  const store = create(LIVE, () => START);
  const createRecord = createRecords();
  let taken = 0;
  try {
    while ((await store.add(createRecord(taken, START))).isNew && taken < 3 * LIVE) taken++;
  } catch (error) {
    if (!refusesWith(error)) throw error;
  }
  if (taken === 3 * LIVE) throw new Error(`${name} takes records that it has no room for`);
  for (let number = 0; number < taken; number++) {
    if ((await store.add(createRecord(number, START))).isNew) {
      throw new Error(`${name} forgets live records when it is full`);
    }
  }
}
