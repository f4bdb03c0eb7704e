/**
 * `npm run bench:redis`: what one proof costs a Redis server, and how many a process can have checked:
 * the store beside a plain `SET … NX PXAT`, with both client libraries, on a server of its own.
 */
import { createRedisReplayStore } from '@keybound/redis';
import { PROGRAMS, programOrSkip, sha256, startRedis } from '@keybound/test-kit';
import { Redis } from 'ioredis';
import { createClient } from 'redis';

const IN_FLIGHT = 64;
const QUICK = process.argv.includes('--quick');
const PROOFS = QUICK ? 5_000 : 100_000;

interface Row {
  readonly name: string;
  readonly perSecond: number;
  readonly serverMicroseconds: number;
  readonly bytesOfMemory: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

type Add = (id: string) => Promise<unknown>;

async function measure(name: string, look: Redis, add: Add): Promise<Row> {
  await look.flushall();
  const ids = Array.from({ length: PROOFS }, (_, i) => sha256(`${name} ${i}`));
  await Promise.all(ids.slice(0, 200).map((id) => add(sha256(id)))); // connections, scripts, compilers
  const before = await readInfo(look);
  const startedAt = performance.now();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let id = ids[next++]; id !== undefined; id = ids[next++]) await add(id);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await readInfo(look);
  const each = (field: string): number =>
    ((after.get(field) ?? 0) - (before.get(field) ?? 0)) / PROOFS;
  return {
    name,
    perSecond: PROOFS / seconds,
    serverMicroseconds: (each('used_cpu_user') + each('used_cpu_sys')) * 1e6,
    bytesOfMemory: each('used_memory'),
    bytesIn: each('total_net_input_bytes'),
    bytesOut: each('total_net_output_bytes'),
  };
}

async function readInfo(look: Redis): Promise<ReadonlyMap<string, number>> {
  const text = await look.info('all');
  return new Map(
    text.split('\r\n').map((line): [string, number] => {
      const [field = '', value = ''] = line.split(':');
      return [field, Number(value)];
    }),
  );
}

const path = programOrSkip(PROGRAMS.redis);
if (path === undefined) process.exit(0);
const server = await startRedis(path);
const look = new Redis(server.url);
const ioredis = new Redis(server.url);
const nodeRedis = createClient({ url: server.url });
await nodeRedis.connect();
try {
  const owner = sha256('owner');
  const storeAdd = (client: Parameters<typeof createRedisReplayStore>[0]['client']): Add => {
    const store = createRedisReplayStore({ client, timeoutSeconds: 30 });
    return async (id) => {
      const now = Date.now() / 1000;
      const spread = sha256(owner + id.slice(0, 1));
      await store.add({
        id,
        owner: spread,
        usableFrom: now - 60,
        rememberUntil: Math.ceil(now) + 92,
      });
    };
  };
  const expiry = (): number => Date.now() + 92_000;
  const rows = [
    await measure('SET NX PXAT, ioredis', look, (id) =>
      ioredis.call('SET', `dpop${id.slice(0, 22)}`, '1', 'NX', 'PXAT', expiry()),
    ),
    await measure('the store, ioredis', look, storeAdd(ioredis)),
    await measure('SET NX PXAT, redis', look, (id) =>
      nodeRedis.sendCommand(['SET', `dpop${id.slice(0, 22)}`, '1', 'NX', 'PXAT', `${expiry()}`]),
    ),
    await measure('the store, redis', look, storeAdd(nodeRedis)),
  ];
  const version = /redis_version:(\S+)/.exec(await look.info('server'))?.[1];
  console.log(
    `Redis ${version} · Node ${process.versions.node} · ${PROOFS} proofs, ${IN_FLIGHT} in flight, one process`,
  );
  console.table(
    Object.fromEntries(
      rows.map(({ name, ...figures }) => [
        name,
        {
          'proofs/s': Math.round(figures.perSecond),
          'server µs': Number(figures.serverMicroseconds.toFixed(1)),
          'bytes of memory': Math.round(figures.bytesOfMemory),
          'bytes in': Math.round(figures.bytesIn),
          'bytes out': Math.round(figures.bytesOut),
        },
      ]),
    ),
  );
} finally {
  look.disconnect();
  ioredis.disconnect();
  nodeRedis.destroy();
  await server.close();
}
