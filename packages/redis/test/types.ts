/**
 * What must not compile, and what must. Nothing in here runs: `npm run typecheck` fails when a line
 * below an expected error compiles.
 */
import type { ReplayStore } from '@keybound/core';
import { createDpopAuthenticator } from '@keybound/dpop';
import type { Cluster, Redis } from 'ioredis';
import type { createClient, createCluster } from 'redis';
import {
  createRedisReplayStore,
  type RedisClient,
  type RedisReplayStore,
  type RedisReplayStoreEvent,
} from '../src/index.ts';

export function options(client: RedisClient): void {
  // @ts-expect-error no client
  createRedisReplayStore({});
  // @ts-expect-error the URL of a server in place of a client
  createRedisReplayStore({ client: 'redis://127.0.0.1' });
  // @ts-expect-error a map in place of a client
  createRedisReplayStore({ client: new Map<string, string>() });
  // @ts-expect-error a misspelt option
  createRedisReplayStore({ client, keyPrefix: 'dpop' });
  // @ts-expect-error replays accepted without saying so
  createRedisReplayStore({ client, duringOutage: 'accept' });
  // @ts-expect-error a duration as text
  createRedisReplayStore({ client, timeoutSeconds: '500ms' });

  createRedisReplayStore({ client, duringOutage: 'accept-possible-replays' });
}

/** Clients of both libraries are clients as they are, their clusters included. */
export function clients(
  ioredis: Redis,
  ioredisCluster: Cluster,
  redis: ReturnType<typeof createClient>,
  redisCluster: ReturnType<typeof createCluster>,
): void {
  for (const client of [ioredis, ioredisCluster, redis, redisCluster]) {
    createRedisReplayStore({ client });
  }
}

export async function stores(
  store: RedisReplayStore,
  options: Omit<Parameters<typeof createDpopAuthenticator>[0], 'replay'>,
): Promise<void> {
  // @ts-expect-error an answer that is still promised
  void store.add({ id: '', owner: '', usableFrom: 0, rememberUntil: 1 }).isNew;
  // @ts-expect-error a record without its end
  void store.add({ id: '', owner: '', usableFrom: 0 });

  const replay: ReplayStore = store;
  createDpopAuthenticator({ ...options, replay });
  const { fill } = store.status();
  void fill;
}

export function events(event: RedisReplayStoreEvent): string | number {
  // @ts-expect-error the error of an event that may have none
  void event.error;
  // @ts-expect-error an event that does not exist
  if (event.type === 'full') return '';
  switch (event.type) {
    case 'outage':
      return event.error.message;
    case 'recovered':
      return event.outageSeconds;
    case 'records_lost':
      return event.completeSince;
    case 'eviction_enabled':
      return event.policy;
    default:
      return event satisfies never;
  }
}

export function someEvents(event: RedisReplayStoreEvent): void {
  switch (event.type) {
    case 'outage':
    case 'recovered':
    case 'records_lost':
      break;
    default:
      // @ts-expect-error a switch over events that forgets one
      event satisfies never;
  }
}
