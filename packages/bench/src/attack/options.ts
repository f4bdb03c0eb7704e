import { parseArgs } from 'node:util';
import type { MeasureOptions } from '../measure.ts';

/** What the command line asks for. */
export interface Options extends MeasureOptions {
  readonly json: boolean;
  /** Whether the figures go to `docs/benchmarks`. */
  readonly write: boolean;
  /** Whether figures of a noisy machine are printed too, marked as such. */
  readonly evenNoisy: boolean;
}

/** The line for somebody who asked for something else. */
export const USAGE =
  'usage: npm run bench:attack -- [--rounds N] [--quick] [--even-noisy] [--json] [--write]';

// The cheapest refusals take a hundredth of the time of the dearest; all are prepared until those are warm.
const FULL = { rounds: 60, warmUpMs: 15 };
const QUICK = { rounds: 5, warmUpMs: 5 };

/** @throws Error with the sentence for whoever typed the command line. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      'even-noisy': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  if (values.quick && values.write) {
    throw new Error('--write: the figures of a quick run are not worth keeping');
  }
  const preset = values.quick ? QUICK : FULL;
  const rounds = values.rounds === undefined ? preset.rounds : Number(values.rounds);
  if (!Number.isSafeInteger(rounds) || rounds < 1) {
    throw new Error('--rounds: must be a whole number of at least 1');
  }
  return {
    ...preset,
    rounds,
    json: values.json,
    write: values.write,
    evenNoisy: values['even-noisy'],
  };
}
