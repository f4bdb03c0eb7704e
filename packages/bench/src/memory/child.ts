/** One process that fills what a server remembers and says what memory that took. Needs `--expose-gc`. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReplayStore } from '@keybound/core';
import { createMemoryReplayStore } from '@keybound/dpop';
import { createKeyboundDpop } from '../contenders/keybound.ts';
import type { PresentedRequest } from '../requests.ts';
import { createSuite } from '../suite.ts';
import { type Contender, prepareAll } from '../table.ts';
import { requestOfNewClient } from '../tables/clients.ts';
import type { MemoryStep } from './measure.ts';

const [records = 0, clients = 0] = process.argv.slice(2).map(Number);
/** What the README of the store says to take for a record. */
const BYTES_PER_RECORD = 54;
const RECORD_SECONDS = 3600;
/** No bound by octets: how many entries there are is what this is about. */
const MAX_BYTES = 2 ** 31;
const BATCH = 250;

const suite = createSuite('ES256', 'https://as.example');

function createServer(replay: ReplayStore): Contender<PresentedRequest> {
  const bound = { maxEntries: clients, maxBytes: MAX_BYTES };
  return createKeyboundDpop(suite, 'keybound', { replay, tokenCache: bound, keyCache: bound });
}

async function addRecords(replay: ReplayStore, count: number): Promise<void> {
  const usableFrom = Math.floor(Date.now() / 1000);
  const rememberUntil = usableFrom + RECORD_SECONDS;
  for (let i = 0; i < count; i++) {
    const id = randomBytes(32).toString('base64url');
    await replay.add({ id, owner: id, usableFrom, rememberUntil });
  }
}

async function serve(server: Contender<PresentedRequest>, count: number): Promise<void> {
  for (let served = 0; served < count; served += BATCH) {
    const length = Math.min(BATCH, count - served);
    const requests = Array.from({ length }, () => requestOfNewClient(suite));
    for (const operation of await prepareAll(server, requests)) await operation();
  }
}

async function measure(): Promise<Omit<MemoryStep, 'name'>> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    // What native objects held is given back in a later turn.
    await sleep(50);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rssBytes: rss, heapBytes: heapUsed, externalBytes: external };
}

// Once for nothing, so that code, and the room that work in hand takes, are not counted.
await serve(createServer(createMemoryReplayStore()), clients / 10);
const steps: MemoryStep[] = [{ name: 'before', ...(await measure()) }];

const store = createMemoryReplayStore({
  maxBytes: (records + clients) * BYTES_PER_RECORD,
});
const server = createServer(store);
await addRecords(store, records - clients);
steps.push({ name: 'replay records', ...(await measure()) });
await serve(server, clients);
steps.push({ name: 'and tokens and keys', ...(await measure()) });
await serve(server, clients / 2);
steps.push({ name: 'and half as many beyond the bounds', ...(await measure()) });
// Still in use, so that no collection took it before it was measured.
await serve(server, 1);
console.log(JSON.stringify(steps));
