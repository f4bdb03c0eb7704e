import {
  findProgram,
  PROGRAMS,
  programOrSkip,
  type RedisServer,
  startRedis,
  type TestClock,
  until,
} from '@keybound/test-kit';
import { Cluster, Redis } from 'ioredis';
import { createClient, createCluster } from 'redis';
import { onTestFinished } from 'vitest';
import {
  createRedisReplayStore,
  type RedisClient,
  type RedisReplayStore,
} from '../../src/index.ts';

/** Where `redis-server` is; without it the tests that need it do not run, and a line says so. */
export const REDIS: string | undefined = programOrSkip(PROGRAMS.redis);

/** The servers of this protocol that are installed, by name. Valkey is tested where it is. */
export const SERVERS: readonly (readonly [name: string, path: string])[] = [
  ['Redis', REDIS],
  ['Valkey', findProgram('valkey-server')],
].filter((one): one is [string, string] => one[1] !== undefined);

if (SERVERS.every(([name]) => name !== 'Valkey')) {
  process.stderr.write('SKIPPED: the replay store on Valkey: valkey-server is not installed\n');
}

/** A server that ends with the test, or with the file when started outside of one. */
export async function server(settings: readonly string[] = []): Promise<RedisServer> {
  const redis = await startRedis(REDIS ?? '', settings);
  onTestFinished(() => redis.close());
  return redis;
}

/** The two client libraries, each connected to one server. */
export const CLIENTS: Readonly<
  Record<'ioredis' | 'redis', (url: string) => Promise<{ client: RedisClient; close(): void }>>
> = {
  async ioredis(url) {
    const client = new Redis(url, { retryStrategy: () => 50 });
    client.on('error', () => {}); // outages are what is tested
    return { client, close: () => client.disconnect() };
  },
  async redis(url) {
    const client = createClient({ url, socket: { reconnectStrategy: () => 50 } });
    client.on('error', () => {});
    await client.connect();
    return { client, close: () => client.destroy() };
  },
};

/** A client of `ioredis` for looking at a server, closed with the test. */
export async function connected(
  url: string,
  library: keyof typeof CLIENTS = 'ioredis',
): Promise<RedisClient> {
  const { client, close } = await CLIENTS[library](url);
  onTestFinished(close);
  return client;
}

/** A look at a server from outside the store. */
export function admin(url: string): Redis {
  const redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on('error', () => {});
  onTestFinished(() => redis.disconnect());
  return redis;
}

/** Three servers that share the slots of a cluster, and a client of each library. */
export interface TestCluster {
  readonly servers: readonly RedisServer[];
  readonly clients: Readonly<Record<keyof typeof CLIENTS, RedisClient>>;
  close(): Promise<void>;
}

export async function startCluster(): Promise<TestCluster> {
  const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'];
  const servers = await Promise.all([0, 1, 2].map(() => startRedis(REDIS ?? '', settings)));
  const nodes = servers.map(({ url }) => new Redis(url));
  const slots = Array.from({ length: 16384 }, (_, slot) => slot);
  for (const [i, node] of nodes.entries()) {
    await node.cluster('ADDSLOTS', ...slots.filter((slot) => slot % 3 === i));
    await nodes[0]?.cluster('MEET', '127.0.0.1', servers[i]?.port ?? 0);
  }
  await until(async () => {
    const states = await Promise.all(nodes.map((node) => node.call('CLUSTER', 'INFO')));
    return states.every((state) => /cluster_state:ok/.test(String(state)));
  }, 'the cluster is complete');
  for (const node of nodes) node.disconnect();

  const ioredis = new Cluster(servers.map(({ port }) => ({ host: '127.0.0.1', port })));
  const redis = createCluster({ rootNodes: servers.map(({ url }) => ({ url })) });
  await redis.connect();
  return {
    servers,
    clients: { ioredis, redis },
    async close(): Promise<void> {
      ioredis.disconnect();
      redis.destroy();
      await Promise.all(servers.map((one) => one.close()));
    },
  };
}

// Makes every expiry and every mark under a prefix earlier: what a server looks like after that time.
const PASS = `
for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do
  local left = redis.call('PTTL', key)
  if left >= 0 then
    redis.call('PEXPIRE', key, math.max(0, left - ARGV[2]))
  else
    redis.call('SET', key, string.format('%.0f', redis.call('GET', key) - ARGV[2] * 1000))
  end
end
`;
/** Real time passes while a test runs and the test's clock stands; records live longer by this much. */
const SLACK_SECONDS = 5;

let prefixes = 0;

/**
 * A store on a real server that goes by the clock of a test: instants are told to the server as seen
 * from now, and when the clock has moved, everything there gets older. Every store has a prefix of its
 * own and is complete since long before the test.
 */
export async function travellingStore(
  clients: readonly RedisClient[],
  look: readonly Redis[],
  clock: TestClock,
): Promise<Pick<RedisReplayStore, 'add'>> {
  const prefix = `t${++prefixes}`;
  let stores: RedisReplayStore[] = [];
  let turn = 0;
  let seenAt = clock();
  let passing: Promise<void> = Promise.resolve();

  async function pass(seconds: number): Promise<void> {
    for (const redis of look) {
      await redis.eval(PASS, 0, prefix, Math.round(seconds * 1000));
    }
    // What a store has learnt of the marks is from before.
    stores = clients.map((client) =>
      createRedisReplayStore({ client, prefix, timeoutSeconds: 10 }),
    );
  }

  stores = clients.map((client) => createRedisReplayStore({ client, prefix, timeoutSeconds: 10 }));
  await stores[0]?.ready();
  await pass(100_000);

  return {
    async add({ usableFrom, rememberUntil, ...rest }) {
      const seconds = clock() - seenAt;
      if (seconds > 0) {
        seenAt = clock();
        passing = passing.then(() => pass(seconds));
      }
      await passing;
      const offset = Date.now() / 1000 - clock();
      const { isNew, completeSince } = (await stores[turn++ % stores.length]?.add({
        ...rest,
        usableFrom: usableFrom + offset,
        rememberUntil: rememberUntil + offset + SLACK_SECONDS,
      })) ?? { isNew: false, completeSince: 0 };
      // Whole numbers, because the offset differs by milliseconds from call to call.
      return { isNew, completeSince: Math.round((completeSince - offset) / 100) * 100 };
    },
  };
}
