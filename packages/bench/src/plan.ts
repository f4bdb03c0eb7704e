import { createLoopProbe } from './in-flight/loop-probe.ts';
import { measureInFlight } from './in-flight/measure.ts';
import { measureTable } from './measure.ts';
import type { TableResult } from './result.ts';
import { ALGORITHMS, createSuite, type Suite } from './suite.ts';
import type { Table } from './table.ts';
import { createNewBearer, createWarmBearer } from './tables/bearer.ts';
import { createClientKeys } from './tables/client-keys.ts';
import {
  createColdKeyDpop,
  createFirstDpop,
  createInFlightDpop,
  createWarmDpop,
} from './tables/dpop.ts';
import { createSigning } from './tables/signing.ts';

/** The groups of tables; each has a file of its own under `docs/benchmarks`. */
export const GROUPS = ['dpop', 'bearer', 'signing', 'in-flight', 'client-keys', 'memory'] as const;
export type GroupName = (typeof GROUPS)[number];

/** How much is done. */
export interface Effort {
  readonly rounds: number;
  readonly warmUpMs: number;
  /** How many operations are under way at once in the tables about that: with ES256, and otherwise. */
  readonly inFlight: { readonly ES256: readonly number[]; readonly others: readonly number[] };
  /** Operations a round and contender in those. */
  readonly inFlightOperations: number;
  /** How many clients send requests in the rows of the table about that. */
  readonly clientCounts: readonly number[];
}

/** A table, and how it is measured. */
export interface Plan {
  readonly group: GroupName;
  readonly table: Table;
  measure(): Promise<TableResult>;
}

/** A round with several in flight is that much longer than one with one at a time. */
const IN_FLIGHT_ROUNDS_SHARE = 1 / 8;
/** ES256 is what most use, so the others have to do with figures that are less narrow. */
const OTHER_ALGORITHMS_SHARE = 1 / 2;
const CLIENT_KEYS_SHARE = 1 / 4;
/** With fewer there is no telling whether the machine was quiet. */
const MIN_ROUNDS = 5;

/**
 * Everything that is measured in turns, which is all but memory.
 *
 * @param jwksOrigin - where the issuers' key sets are served, for the one peer that fetches them
 */
export async function createPlans(
  groups: readonly GroupName[],
  effort: Effort,
  suites: readonly Suite[],
): Promise<readonly Plan[]> {
  const plans: Plan[] = [];
  for (const suite of suites) plans.push(...(await plansOfSuite(suite, effort)));
  const [first] = suites;
  if (first !== undefined) plans.push(clientKeysPlan(first, effort));
  return plans.filter(({ group }) => groups.includes(group));
}

/** The keys of all algorithms, ES256 first. */
export function createSuites(jwksOrigin: string): readonly Suite[] {
  return ALGORITHMS.map((algorithm) => createSuite(algorithm, jwksOrigin));
}

/** The tables that every algorithm has, and for ES256 those about what nobody has seen. */
async function plansOfSuite(suite: Suite, effort: Effort): Promise<readonly Plan[]> {
  const isFirst = suite.algorithm === 'ES256';
  const part = isFirst ? 1 : OTHER_ALGORITHMS_SHARE;
  // What comes first has everything compiled, for the others as well.
  const options = { warmUpMs: effort.warmUpMs * part, rounds: share(effort, part) };
  const plan = (group: GroupName, table: Table): Plan => ({
    group,
    table,
    measure: () => measureTable(table, options),
  });
  const unseen = isFirst
    ? [
        plan('dpop', createColdKeyDpop(suite)),
        plan('dpop', await createFirstDpop(suite)),
        plan('bearer', createNewBearer(suite)),
      ]
    : [];
  return [
    plan('dpop', await createWarmDpop(suite)),
    plan('bearer', createWarmBearer(suite)),
    plan('signing', await createSigning(suite)),
    ...unseen,
    ...inFlightPlans(suite, effort, isFirst ? effort.inFlight.ES256 : effort.inFlight.others),
  ];
}

/** One table at several levels; its contenders prove themselves once. */
function inFlightPlans(suite: Suite, effort: Effort, levels: readonly number[]): readonly Plan[] {
  const table = createInFlightDpop(suite);
  return levels.map((inFlight) => ({
    group: 'in-flight',
    table,
    async measure(): Promise<TableResult> {
      const probe = await createLoopProbe();
      try {
        return await measureInFlight(table, {
          inFlight,
          // So many that the first and the last few, with less in flight, are of no weight.
          operations: Math.max(effort.inFlightOperations, inFlight * 2),
          rounds: share(effort, IN_FLIGHT_ROUNDS_SHARE),
          probe,
        });
      } finally {
        await probe.close();
      }
    },
  }));
}

function clientKeysPlan(suite: Suite, effort: Effort): Plan {
  const table = createClientKeys(suite, effort.clientCounts);
  const options = { warmUpMs: effort.warmUpMs, rounds: share(effort, CLIENT_KEYS_SHARE) };
  return { group: 'client-keys', table, measure: () => measureTable(table, options) };
}

function share({ rounds }: Effort, part: number): number {
  return Math.max(MIN_ROUNDS, Math.round(rounds * part));
}
