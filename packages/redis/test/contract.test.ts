import { createProofVerifier, PRESETS } from '@keybound/dpop';
import { type RedisServer, startRedis, type TestClock } from '@keybound/test-kit';
import { proofsOnceContract, replayStoreContract } from '@keybound/test-kit/contracts';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe } from 'vitest';
import type { RedisClient } from '../src/index.ts';
import {
  CLIENTS,
  REDIS,
  SERVERS,
  startCluster,
  type TestCluster,
  travellingStore,
} from './support/redis.ts';

describe.each(SERVERS)('one server of %s', (program, path) => {
  let redis: RedisServer;
  let look: Redis;
  const clients = new Map<string, { client: RedisClient; close(): void }>();

  beforeAll(async () => {
    redis = await startRedis(path);
    look = new Redis(redis.url);
    for (const [library, connect] of Object.entries(CLIENTS)) {
      clients.set(library, await connect(redis.url));
    }
  });
  afterAll(async () => {
    look.disconnect();
    for (const { close } of clients.values()) close();
    await redis.close();
  });
  const storeOf = (libraries: readonly string[], clock: TestClock) =>
    travellingStore(
      libraries.flatMap((library) => clients.get(library)?.client ?? []),
      [look],
      clock,
    );

  replayStoreContract(`${program} with ioredis`, (clock) => storeOf(['ioredis'], clock));
  replayStoreContract(`${program} with redis`, (clock) => storeOf(['redis'], clock));
  replayStoreContract(`two stores on one ${program}, as two processes have them`, (clock) =>
    storeOf(['ioredis', 'redis'], clock),
  );

  proofsOnceContract(
    `instances whose clocks are apart, one ${program}`,
    {
      presets: PRESETS,
      createProofVerifier,
      createStore: (clock) => storeOf(['ioredis', 'redis'], clock),
    },
    { skews: [0, -120, -20, 20, 120], numRuns: 15 },
  );
});

describe.runIf(REDIS)('a cluster of three nodes', () => {
  let cluster: TestCluster;
  let look: Redis[];

  beforeAll(async () => {
    cluster = await startCluster();
    look = cluster.servers.map(({ url }) => new Redis(url));
  }, 60_000);
  afterAll(async () => {
    for (const redis of look) redis.disconnect();
    await cluster.close();
  });

  replayStoreContract('Redis Cluster with ioredis', (clock) =>
    travellingStore([cluster.clients.ioredis], look, clock),
  );
  replayStoreContract('Redis Cluster with redis', (clock) =>
    travellingStore([cluster.clients.redis], look, clock),
  );
});
