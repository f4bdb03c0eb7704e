import { createKeyboundDpop } from '../contenders/keybound.ts';
import { createRawVerify } from '../contenders/raw.ts';
import { badDpopRequests, createToken, dpopRequest, type PresentedRequest } from '../requests.ts';
import type { Suite } from '../suite.ts';
import { type Contender, type Operation, prepareAll, type Table } from '../table.ts';
import { proveVerifying } from '../verifying.ts';
import { type Clients, createClients } from './clients.ts';

/** A server of its own for each number of clients, so that its caches hold those and no others. */
interface Row {
  readonly contender: Contender<PresentedRequest>;
  readonly clients: Clients;
  /** Draws before anything counts: the caches are as full then as they get. */
  readonly draws: number;
}

const DRAWS_PER_CLIENT = 3;
/** Beyond the bound of every cache, so that each new client takes the place of another. */
const MAX_DRAWS = 30_000;
/** Requests that are prepared at once while the caches are filled. */
const FILL_BATCH = 500;

/** How the cost of a request grows with the number of clients that send them. */
export function createClientKeys(suite: Suite, counts: readonly number[]): Table {
  const limit = createRawVerify(suite, 'proof');
  const rows = counts.map(
    (count): Row => ({
      contender: createKeyboundDpop(suite, `keybound, ${formatCount(count)}`),
      clients: createClients(suite, count),
      draws: Math.min(count * DRAWS_PER_CLIENT, MAX_DRAWS),
    }),
  );
  const all: readonly Row[] = [
    { contender: limit, clients: createClients(suite, 1), draws: 0 },
    ...rows,
  ];
  let isFull = false;

  async function fill(): Promise<void> {
    isFull = true;
    for (const { contender, clients, draws } of rows) {
      for (let drawn = 0; drawn < draws; drawn += FILL_BATCH) {
        const requests = drawAll(clients, Math.min(FILL_BATCH, draws - drawn));
        for (const operation of await prepareAll(contender, requests)) await operation();
      }
    }
  }

  return {
    id: `client-keys-${suite.algorithm}`,
    title: `DPoP request, ${suite.algorithm}, of one of many clients at random: warm is what the default caches still hold`,
    entrants: all.map(({ contender }) => contender),
    async prove(): Promise<void> {
      const token = createToken(suite, suite.client);
      const bad = badDpopRequests(suite, token);
      for (const { contender } of all) {
        await proveVerifying(contender, { good: () => dpopRequest(suite, token), bad });
      }
    },
    async prepare(batches): Promise<readonly (readonly Operation[])[]> {
      if (!isFull) await fill();
      const operations: (readonly Operation[])[] = [];
      for (const [i, { contender, clients }] of all.entries()) {
        operations.push(await prepareAll(contender, drawAll(clients, batches[i] ?? 0)));
      }
      return operations;
    },
  };
}

function drawAll(clients: Clients, count: number): readonly PresentedRequest[] {
  return Array.from({ length: count }, clients.draw);
}

function formatCount(count: number): string {
  return count === 1 ? '1 client' : `${count.toLocaleString('en').replaceAll(',', ' ')} clients`;
}
