import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Options {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly json: boolean;
}

/** The line for somebody who asked for something else. */
export const USAGE = 'usage: npm run bench -- [--rounds N] [--quick] [--json]';

const FULL = { rounds: 200, warmUpMs: 300 };
const QUICK = { rounds: 10, warmUpMs: 40 };

/** @throws Error with the sentence for whoever typed the command line. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const preset = values.quick ? QUICK : FULL;
  const rounds = values.rounds === undefined ? preset.rounds : Number(values.rounds);
  if (!Number.isSafeInteger(rounds) || rounds < 1) {
    throw new Error('--rounds: must be a whole number of at least 1');
  }
  return { rounds, warmUpMs: preset.warmUpMs, json: values.json };
}
