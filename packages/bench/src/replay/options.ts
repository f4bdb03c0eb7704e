import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Options {
  /** Live records; a table for each. */
  readonly sizes: readonly number[];
  readonly json: boolean;
}

/** The line for somebody who asked for something else. */
export const USAGE = 'usage: npm run bench:replay -- [--quick] [--json]';

const FULL = [1_000_000, 10_000_000];
const QUICK = [100_000];

/** @throws Error with the sentence for whoever typed the command line. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  return { sizes: values.quick ? QUICK : FULL, json: values.json };
}
