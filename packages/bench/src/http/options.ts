import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Options {
  /** Rounds that count. */
  readonly rounds: number;
  /** Loads before those, one after the other on each server, in which it and the load generator are compiled. */
  readonly warmUp: { readonly loads: number; readonly load: Load };
  readonly loads: readonly Load[];
  /** Threads of the pool of each server; left out, as many as Node takes by itself. */
  readonly threads: number | undefined;
  readonly json: boolean;
  /** Whether the figures go to `docs/benchmarks`. */
  readonly write: boolean;
  /** Whether figures of a noisy machine are printed too, marked as such. */
  readonly evenNoisy: boolean;
}

/** How a server is loaded: one request in flight a connection until all are answered. */
export interface Load {
  readonly connections: number;
  /** Requests that each contender answers in a round. */
  readonly requests: number;
}

/** The line for somebody who asked for something else. */
export const USAGE =
  'usage: npm run bench:http -- [--rounds N] [--threads N] [--quick] [--even-noisy] [--json] [--write]';

const FULL = {
  rounds: 15,
  warmUp: { loads: 6, load: { connections: 64, requests: 3000 } },
  loads: [
    { connections: 1, requests: 400 },
    { connections: 64, requests: 3000 },
    { connections: 256, requests: 3000 },
  ],
} as const;
/** Enough to see that everything still works. */
const QUICK = {
  rounds: 2,
  warmUp: { loads: 1, load: { connections: 16, requests: 32 } },
  loads: [
    { connections: 1, requests: 20 },
    { connections: 64, requests: 192 },
    { connections: 256, requests: 256 },
  ],
} as const;
/** What libuv takes at most. */
const MAX_THREADS = 1024;

/** @throws Error with the sentence for whoever typed the command line. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string' },
      threads: { type: 'string' },
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
  return {
    ...preset,
    rounds: wholeNumber('--rounds', values.rounds, Number.MAX_SAFE_INTEGER) ?? preset.rounds,
    threads: wholeNumber('--threads', values.threads, MAX_THREADS),
    json: values.json,
    write: values.write,
    evenNoisy: values['even-noisy'],
  };
}

function wholeNumber(option: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1 || value > max) {
    throw new Error(`${option}: must be a whole number of at least 1`);
  }
  return value;
}
