import type { Clock, ReplayStore } from '@keybound/core';
import { createMemoryReplayStore } from '@keybound/dpop';
import { createRedisReplayStore, type RedisReplayStoreEvent } from '@keybound/redis';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { Redis } from 'ioredis';

/** Where used proofs are remembered. */
export interface ReplayOptions {
  /** A Redis server that all instances share. @defaultValue the memory of this process */
  readonly redisUrl?: string | undefined;
  readonly clock: Clock;
}

/**
 * The memory of used proofs: on Redis where a URL is given, which an application then needs to answer
 * requests, though not to start; else in this process.
 */
export async function createReplay(
  app: FastifyInstance,
  { redisUrl, clock }: ReplayOptions,
): Promise<ReplayStore> {
  if (redisUrl === undefined) return createMemoryReplayStore({ clock });

  const client = new Redis(redisUrl, { retryStrategy: (attempt) => Math.min(attempt * 50, 1000) });
  // Each lost connection; the store tells of outages once.
  client.on('error', (error) => app.log.debug({ err: error }, 'no connection to Redis'));
  app.addHook('onClose', async () => client.disconnect());
  const store = createRedisReplayStore({
    client,
    clock,
    onEvent: (event) => logEvent(app.log, event),
  });
  await store.ready().catch(() => {}); // the event has told; requests are refused until it is there
  return store;
}

function logEvent(log: FastifyBaseLogger, event: RedisReplayStoreEvent): void {
  const { type, ...facts } = event;
  if (type === 'outage') log.error({ err: event.error }, EVENT_TEXTS[type]);
  else log.warn(facts, EVENT_TEXTS[type]);
}

const EVENT_TEXTS: Readonly<Record<RedisReplayStoreEvent['type'], string>> = {
  outage: 'Redis gives no answer; requests are refused',
  recovered: 'Redis answers again',
  records_lost: 'Redis has lost used proofs; clients are asked for a new nonce, or refused',
  eviction_enabled: 'Redis may throw used proofs away; set maxmemory-policy noeviction',
};
