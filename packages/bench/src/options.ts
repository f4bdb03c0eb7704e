import { parseArgs } from 'node:util';
import type { MemorySize } from './memory/measure.ts';
import { type Effort, GROUPS, type GroupName } from './plan.ts';

/** What the command line asks for. */
export interface Options {
  readonly effort: Effort;
  readonly memory: MemorySize;
  /** How often a table is measured before it is given up as noisy. */
  readonly attempts: number;
  readonly groups: readonly GroupName[];
  readonly json: boolean;
  /** Whether figures and charts go to `docs/benchmarks`. */
  readonly write: boolean;
  /** Whether figures of noisy tables are printed too, marked as such. */
  readonly evenNoisy: boolean;
}

/** The line for somebody who asked for something else. */
export const USAGE =
  'usage: npm run bench -- [--rounds N] [--quick] [--only GROUP,…] [--even-noisy] [--json] [--write]\n' +
  `groups: ${GROUPS.join(', ')}`;

type Preset = Pick<Options, 'effort' | 'memory' | 'attempts'>;

const FULL: Preset = {
  effort: {
    rounds: 100,
    warmUpMs: 600,
    inFlight: { ES256: [1, 16, 64, 256], others: [64] },
    inFlightOperations: 512,
    clientCounts: [1, 100, 10_000, 1_000_000],
  },
  memory: { records: 1_000_000, clients: 100_000 },
  attempts: 3,
};
/** Enough to see that everything still works. */
const QUICK: Preset = {
  effort: {
    rounds: 8,
    warmUpMs: 20,
    inFlight: { ES256: [1, 64], others: [] },
    inFlightOperations: 128,
    clientCounts: [1, 100, 1000],
  },
  memory: { records: 20_000, clients: 2000 },
  attempts: 1,
};

/** @throws Error with the sentence for whoever typed the command line. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      'even-noisy': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  if (values.quick && values.write) {
    throw new Error('--write: the figures of a quick run are not worth keeping');
  }
  if (values['even-noisy'] && values.write) {
    throw new Error('--write: keeps no noisy figures; leave --even-noisy out');
  }
  const preset = values.quick ? QUICK : FULL;
  const rounds = values.rounds === undefined ? preset.effort.rounds : Number(values.rounds);
  if (!Number.isSafeInteger(rounds) || rounds < 1) {
    throw new Error('--rounds: must be a whole number of at least 1');
  }
  return {
    ...preset,
    effort: { ...preset.effort, rounds },
    // Who takes noisy figures need not wait for others.
    attempts: values['even-noisy'] ? 1 : preset.attempts,
    groups: values.only === undefined ? GROUPS : values.only.split(',').map(groupNamed),
    json: values.json,
    write: values.write,
    evenNoisy: values['even-noisy'],
  };
}

function groupNamed(name: string): GroupName {
  const group = GROUPS.find((one) => one === name);
  if (group === undefined) throw new Error(`--only: must be of ${GROUPS.join(', ')}`);
  return group;
}
