export type { RedisReplayStoreEvent } from './events.ts';
export type { IoredisClient, NodeRedisClient, RedisClient } from './redis-client.ts';
export {
  createRedisReplayStore,
  type RedisReplayStore,
  type RedisReplayStoreOptions,
} from './redis-replay-store.ts';
