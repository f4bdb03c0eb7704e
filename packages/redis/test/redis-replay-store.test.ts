import { type ReplayRecord, UnavailableError } from '@keybound/core';
import { sha256, until } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import {
  createRedisReplayStore,
  type RedisReplayStore,
  type RedisReplayStoreEvent,
  type RedisReplayStoreOptions,
} from '../src/index.ts';
import { admin, CLIENTS, connected, REDIS, server } from './support/redis.ts';

const now = (): number => Date.now() / 1000;

/** A record whose owner begins with `A`, usable since a minute ago unless told otherwise. */
const record = (label: string, more: Partial<ReplayRecord> = {}): ReplayRecord => ({
  id: sha256(label),
  owner: `A${'x'.repeat(42)}`,
  usableFrom: now() - 60,
  rememberUntil: Math.ceil(now()) + 60,
  ...more,
});

/** A store on a server, and what it has told its operator. */
async function storeOn(
  url: string,
  options: Partial<RedisReplayStoreOptions> = {},
  library: keyof typeof CLIENTS = 'ioredis',
): Promise<{ store: RedisReplayStore; events: RedisReplayStoreEvent[]; types: () => string[] }> {
  const events: RedisReplayStoreEvent[] = [];
  const store = createRedisReplayStore({
    client: await connected(url, library),
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { store, events, types: () => events.map(({ type }) => type) };
}

/** When a key expires, in seconds; asked in a way that Redis 6.2 knows too. */
async function expiryOf(redis: ReturnType<typeof admin>, key: string): Promise<number> {
  const script = "local t = redis.call('TIME') return { t[1], t[2], redis.call('PTTL', KEYS[1]) }";
  const [seconds, microseconds, left] = (await redis.eval(script, 1, key)) as number[];
  const at = Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000) + Number(left);
  return Math.round(at / 10) / 100; // the two clocks of a server are a millisecond apart at times
}

const libraries = Object.keys(CLIENTS) as (keyof typeof CLIENTS)[];

describe.runIf(REDIS)('a record on a server', () => {
  it.each(libraries)(
    '%s → one key of at most 40 bytes that expires at rememberUntil, one command',
    async (library) => {
      const { url } = await server();
      const redis = admin(url);
      const { store } = await storeOn(url, { prefix: 'fifteen-letters' }, library);
      await store.ready();
      const one = record('a');
      await redis.call('CONFIG', 'RESETSTAT');
      expect((await store.add(one)).isNew).toBe(true);
      const stats = String(await redis.info('commandstats'));
      expect(stats).toMatch(/cmdstat_evalsha:calls=1,/);
      expect(stats).not.toMatch(/cmdstat_eval:/);
      const keys = await redis.keys('*A}?*');
      expect(keys).toEqual([`fifteen-letters{A}${one.id.slice(0, 22)}`]);
      expect(Buffer.byteLength(keys[0] ?? '')).toBe(40);
      expect(await expiryOf(redis, keys[0] ?? '')).toBe(one.rememberUntil);
    },
  );

  it('ready() → the marks of all groups are there, none of them expires', async () => {
    const { url } = await server();
    const redis = admin(url);
    const { store } = await storeOn(url);
    await store.ready();
    const marks = await redis.keys('dpop{?}');
    expect(marks).toHaveLength(64);
    for (const mark of marks) expect(await redis.ttl(mark)).toBe(-1);
    expect(store.status()).toEqual({
      fill: 0,
      completeSince: Math.max(...(await redis.mget(marks)).map((mark) => Number(mark) / 1e6)),
    });
  });

  it('two prefixes on one server → two memories', async () => {
    const { url } = await server();
    const [one, other] = [await storeOn(url, { prefix: 'a' }), await storeOn(url, { prefix: 'b' })];
    expect((await one.store.add(record('a'))).isNew).toBe(true);
    expect((await other.store.add(record('a'))).isNew).toBe(true);
  });

  it('a command that the library sends again after a broken connection → its first answer [DPOP-11.1-P2]', async () => {
    const { url } = await server();
    const redis = admin(url);
    let sends = 0;
    // What ioredis does when the connection breaks behind a command: the same once more.
    const { store } = await storeOn(url, {
      client: {
        eval: (...args: Parameters<typeof redis.eval>) => redis.eval(...args),
        async evalsha(...args: [string, number, ...string[]]) {
          sends++;
          await redis.evalsha(...args);
          return redis.evalsha(...args);
        },
        info: (section: string) => redis.info(section),
      } as never,
    });
    await store.ready();
    expect((await store.add(record('a'))).isNew).toBe(true);
    expect((await store.add(record('a'))).isNew).toBe(false);
    expect(sends).toBeGreaterThan(2);
  });

  it('50 parallel copies through two clients → one is new, whoever asks first [DPOP-11.1-P2]', async () => {
    const { url } = await server();
    const stores = [await storeOn(url, {}, 'ioredis'), await storeOn(url, {}, 'redis')];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => stores[i % 2]?.store.add(record('a'))),
    );
    expect(answers.filter((answer) => answer?.isNew)).toHaveLength(1);
  });
});

describe.runIf(REDIS)('the clock of the server decides', () => {
  it.each([
    ['ends in the past, because the clock here is behind', { rememberUntil: now() - 1 }],
    ['ends now', { rememberUntil: now() }],
    ['begins in the future, because the clock here is ahead', { usableFrom: now() + 30 }],
  ])('a record that %s → an outage, not new [DPOP-11.1-P2]', async (_case, more) => {
    const { url } = await server();
    const { store, types } = await storeOn(url, { clock: () => now() - 7.25 });
    await expect(store.add(record('a', more))).rejects.toMatchObject({
      component: 'replay_store',
      message: expect.stringMatching(/^the clock of this process is -7\.[23] seconds ahead of/),
    });
    expect(types()).toEqual([]);
  });

  it('the same with accept-possible-replays → an outage too: nothing is out of reach', async () => {
    const { url } = await server();
    const { store } = await storeOn(url, { duringOutage: 'accept-possible-replays' });
    await expect(store.add(record('a', { rememberUntil: now() - 1 }))).rejects.toBeInstanceOf(
      UnavailableError,
    );
  });

  it('a clock of the server that goes back → complete since the latest time it told', async () => {
    const answers = [5000, 1000, 1500, 5001, 9000];
    let turn = 0;
    const reply = async (...[, , , , expiry]: unknown[]): Promise<unknown> => [
      1,
      '1000000',
      String(expiry === '' ? 5000 : answers[turn++]),
      '0',
    ];
    const client = { eval: reply, evalsha: reply, info: async () => '' };
    const store = createRedisReplayStore({ client });
    const since: number[] = [];
    for (let i = 0; i < answers.length; i++) {
      const one = record(`${i}`, { usableFrom: 0, rememberUntil: 10_000 });
      since.push((await store.add(one)).completeSince);
    }
    expect(since).toEqual([1, 5000, 5000, 5000, 5000]);
  });
});

describe.runIf(REDIS)('a server that has lost records', () => {
  /** Uses one proof, has the server lose it, and uses it again. */
  async function afterLoss(
    lose: (redis: Awaited<ReturnType<typeof server>>) => Promise<void>,
    settings: string[] = [],
  ) {
    const redis = await server(settings);
    const { store, events } = await storeOn(redis.url, { timeoutSeconds: 5 });
    await store.ready();
    const { completeSince: before } = store.status();
    const one = record('a', { usableFrom: now() - 30 });
    expect((await store.add(one)).isNew).toBe(true);
    const lostAt = now();
    await lose(redis);
    await until(
      () =>
        store.add(record('b')).then(
          () => true,
          () => false,
        ),
      'the store answers',
    );
    const again = await store.add(one);
    await until(() => store.status().completeSince > before, 'the store knows of the loss');
    return { again, lostAt, events, store };
  }

  it.each<[string, (redis: Awaited<ReturnType<typeof server>>) => Promise<void>]>([
    ['flushed', async ({ url }) => void (await admin(url).flushall())],
    [
      'ended and started again, empty',
      async (redis) => {
        await redis.program.stop('SIGKILL');
        await redis.start();
      },
    ],
  ])('%s → new, but complete only since then [DPOP-11.1-P2]', async (_case, lose) => {
    const { again, lostAt, events } = await afterLoss(lose);
    expect(again.isNew).toBe(true);
    expect(again.completeSince).toBeGreaterThan(lostAt);
    expect(events.filter(({ type }) => type === 'records_lost')).toHaveLength(1);
  });

  it('started again from a snapshot that is older than the record → complete only since then', async () => {
    const { again, lostAt } = await afterLoss(async (redis) => {
      const look = admin(redis.url);
      const key = (await look.keys('dpop{A}?*'))[0] ?? '';
      await look.del(key); // as if the snapshot had been taken before
      await look.save();
      await redis.program.stop('SIGKILL');
      await redis.start();
    });
    expect(again.isNew).toBe(true);
    expect(again.completeSince).toBeGreaterThan(lostAt);
  });

  it('replaced by its replica, which missed the record → complete only since then', async ({
    skip,
  }) => {
    const main = await server();
    const [, major] = /redis_version:(\d+)/.exec(await admin(main.url).info('server')) ?? [];
    skip(Number(major) < 7, 'before Redis 7, replicas are handed the scripts');
    const replica = await server(['--replicaof', '127.0.0.1', String(main.port)]);
    const { store } = await storeOn(main.url);
    await store.ready();
    const look = admin(replica.url);
    await until(
      async () => (await look.keys('dpop{?}')).length === 64,
      'the replica has the marks',
    );
    await look.call('REPLICAOF', 'NO', 'ONE');
    expect((await store.add(record('a'))).isNew).toBe(true);
    await main.program.stop('SIGKILL');

    const takenOverAt = now();
    const { store: after } = await storeOn(replica.url);
    const again = await after.add(record('a'));
    expect(again.isNew).toBe(true);
    expect(again.completeSince).toBeGreaterThan(takenOverAt);
  });

  it('many proofs at once find it out → all are told the same instant', async () => {
    const redis = await server();
    const stores = [await storeOn(redis.url), await storeOn(redis.url, {}, 'redis')];
    for (const { store } of stores) await store.ready();
    const lostAt = now();
    await admin(redis.url).call('SCRIPT', 'FLUSH');
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => stores[i % 2]?.store.add(record(`${i}`))),
    );
    const told = new Set(answers.map((answer) => answer?.completeSince));
    expect(told.size).toBe(1);
    expect([...told][0]).toBeGreaterThan(lostAt);
  });

  it('a new process, while the others have found it out → does not move the instant', async () => {
    const redis = await server();
    const { store } = await storeOn(redis.url);
    await store.ready();
    await admin(redis.url).call('SCRIPT', 'FLUSH');
    const { completeSince } = await store.add(record('a'));
    const { store: another } = await storeOn(redis.url, {}, 'redis');
    await another.ready();
    expect((await another.add(record('b'))).completeSince).toBe(completeSince);
  });

  it('nothing is lost → the instant stays, for a new process too', async () => {
    const { url } = await server();
    const { store, types } = await storeOn(url);
    await store.ready();
    const { completeSince } = await store.add(record('a'));
    const { store: another } = await storeOn(url);
    expect((await another.add(record('a'))).completeSince).toBe(completeSince);
    expect((await store.add(record('b'))).completeSince).toBe(completeSince);
    expect(types()).toEqual([]);
  });
});

describe.runIf(REDIS)('an outage', () => {
  it.each(libraries)(
    '%s, the server is silent → every answer within the time-out, at once after the first; it is back → recovered',
    async (library) => {
      const redis = await server();
      const { store, events, types } = await storeOn(redis.url, { timeoutSeconds: 0.3 }, library);
      await store.ready();
      process.kill(redis.program.pid, 'SIGSTOP');
      try {
        const first = await store.add(record('a')).catch((error) => error);
        expect(first).toMatchObject({
          name: 'UnavailableError',
          component: 'replay_store',
          message: 'Redis did not take a record',
          cause: new Error('no answer within 0.3 seconds'),
        });
        const more = await Promise.allSettled(
          Array.from({ length: 200 }, (_, i) => store.add(record(`${i}`))),
        );
        const causes = more.map((one) =>
          one.status === 'rejected' ? one.reason.cause.message : 'accepted',
        );
        expect(causes).not.toContain('accepted');
        const atOnce = causes.filter((cause) => cause === 'no answer to an earlier command');
        expect(atOnce.length).toBeGreaterThanOrEqual(199);
      } finally {
        process.kill(redis.program.pid, 'SIGCONT');
      }
      await until(
        () =>
          store.add(record('z')).then(
            () => true,
            () => false,
          ),
        'recovery',
      );
      expect(types()).toEqual(['outage', 'recovered']);
      expect(events[1]).toMatchObject({ failures: expect.any(Number) });
      expect((events[1] as { failures: number }).failures).toBeGreaterThanOrEqual(201);
    },
  );

  it.each(libraries)(
    '%s, the server is killed and comes back → refused, then served',
    async (library) => {
      const redis = await server();
      const { store, types } = await storeOn(redis.url, { timeoutSeconds: 0.3 }, library);
      await store.ready();
      await redis.program.stop('SIGKILL');
      for (const label of ['a', 'b', 'c']) {
        await expect(store.add(record(label))).rejects.toBeInstanceOf(UnavailableError);
      }
      await redis.start();
      await until(
        () =>
          store.add(record('z')).then(
            () => true,
            () => false,
          ),
        'recovery',
      );
      expect(types()).toEqual(['outage', 'recovered', 'records_lost']);
    },
  );

  it('accept-possible-replays → let in without a check, and the operator is told all the same', async () => {
    const redis = await server();
    const { store, types } = await storeOn(redis.url, {
      timeoutSeconds: 0.1,
      duringOutage: 'accept-possible-replays',
    });
    expect((await store.add(record('a'))).isNew).toBe(true);
    expect((await store.add(record('a'))).isNew).toBe(false);
    await redis.program.stop('SIGKILL');
    expect(await store.add(record('a'))).toEqual({ isNew: true, completeSince: 0 });
    expect(types()).toEqual(['outage']);
  });

  it('a server that is full → refused, nothing is thrown away [DPOP-11.1-P3]', async () => {
    const redis = await server(['--maxmemory', '3mb']);
    const { store } = await storeOn(redis.url, { timeoutSeconds: 5 });
    await store.ready();
    let kept = 0;
    for (let full = false; !full; ) {
      const labels = Array.from({ length: 500 }, (_, i) => `${kept + i}`);
      const answers = await Promise.allSettled(labels.map((label) => store.add(record(label))));
      full = answers.some(({ status }) => status === 'rejected');
      if (!full) kept += labels.length;
    }
    expect(kept).toBeGreaterThan(500);
    for (const label of ['0', '1', `${kept - 1}`]) {
      const answer = await store.add(record(label)).catch((error) => error);
      expect(answer.isNew === false || answer instanceof UnavailableError).toBe(true);
    }
    expect(await admin(redis.url).dbsize()).toBeGreaterThanOrEqual(kept + 64);
    store.status();
    await until(() => store.status().fill > 0.9, 'the store knows that it is full');
  });

  it('no server at all when it starts → ready() says so, and requests are refused', async () => {
    const redis = await server();
    const { store } = await storeOn(redis.url, { timeoutSeconds: 0.2 });
    await redis.program.stop('SIGKILL');
    await expect(store.ready()).rejects.toBeInstanceOf(UnavailableError);
    await expect(store.add(record('a'))).rejects.toBeInstanceOf(UnavailableError);
  });
});

describe.runIf(REDIS)('what the operator is told', () => {
  it('a server that throws keys away when it is full → eviction_enabled, once', async () => {
    const redis = await server(['--maxmemory', '100mb', '--maxmemory-policy', 'volatile-lru']);
    const { store, events } = await storeOn(redis.url);
    await store.ready();
    await store.ready();
    expect(events).toEqual([{ type: 'eviction_enabled', policy: 'volatile-lru' }]);
  });

  it('a server older than 6.2 → ready() refuses it by its version', async () => {
    const { url } = await server();
    const redis = admin(url);
    const { store } = await storeOn(url, {
      client: {
        eval: (...args: Parameters<typeof redis.eval>) => redis.eval(...args),
        evalsha: (...args: [string, number, ...string[]]) => redis.evalsha(...args),
        info: async () => 'redis_version:6.0.16\r\n',
      } as never,
    });
    await expect(store.ready()).rejects.toMatchObject({
      cause: new Error('Redis 6.2 is needed, this is 6.0'),
    });
  });

  it('a server that does not let this user ask for INFO → ready all the same', async () => {
    const { url } = await server();
    const redis = admin(url);
    await redis.call(
      'ACL',
      'SETUSER',
      'app',
      'on',
      '>secret',
      '~dpop*',
      '+evalsha',
      '+eval',
      '+set',
      '+get',
      '+time',
    );
    const { store, types } = await storeOn(url.replace('redis://', 'redis://app:secret@'));
    await store.ready();
    expect((await store.add(record('a'))).isNew).toBe(true);
    expect((await store.add(record('a'))).isNew).toBe(false);
    expect(types()).toEqual([]);
  });

  it('a handler that throws → an uncaught error of its own, and the request is answered', async () => {
    const uncaught: unknown[] = [];
    const listeners = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (error) => uncaught.push(error));
    try {
      const client = {
        eval: () => Promise.reject(new Error('lost')),
        evalsha: () => Promise.reject(new Error('lost')),
        info: async () => '',
      };
      const store = createRedisReplayStore({
        client,
        onEvent: () => {
          throw new Error('of the handler');
        },
      });
      await expect(store.add(record('a'))).rejects.toBeInstanceOf(UnavailableError);
      await until(() => uncaught.length > 0, 'the error arrives');
      expect(uncaught).toEqual([new Error('of the handler')]);
    } finally {
      for (const listener of listeners) process.on('uncaughtException', listener);
    }
  });
});

describe('answers that are none', () => {
  it.each([
    null,
    'OK',
    [],
    [1],
    [1, '5', '5'],
    [1, '0', '5', '0'],
    [1, 'x', '5', '0'],
    [1, '5', null, '0'],
    { 0: 1 },
  ])('%j → an outage', async (reply) => {
    const client = { eval: async () => reply, evalsha: async () => reply, info: async () => '' };
    const store = createRedisReplayStore({ client });
    await expect(store.add(record('a'))).rejects.toMatchObject({
      cause: new Error('Redis answered something else than the script says'),
    });
  });
});

describe('options', () => {
  const client = { eval: async () => [], evalsha: async () => [], info: async () => '' };
  const PREFIX = 'prefix: must be 1 to 15 ASCII characters without braces';

  it.each<[string, Record<string, unknown>, string]>([
    ['no client', { client: undefined }, 'client: give a client of ioredis or redis'],
    ['a URL for a client', { client: 'redis://x' }, 'client: give a client of ioredis or redis'],
    [
      'a client of neither kind',
      { client: { eval() {} } },
      'client: give a client of ioredis or redis',
    ],
    ['an empty prefix', { prefix: '' }, PREFIX],
    ['a prefix of 16 characters', { prefix: 'sixteen-letters-' }, PREFIX],
    ['a prefix with a hash tag', { prefix: 'a{b}' }, PREFIX],
    ['a prefix with a blank', { prefix: 'a b' }, PREFIX],
    ['a prefix that is not ASCII', { prefix: 'bücher' }, PREFIX],
    ['timeoutSeconds 0', { timeoutSeconds: 0 }, 'timeoutSeconds: must be from 0.01 to 60'],
    ['timeoutSeconds 61', { timeoutSeconds: 61 }, 'timeoutSeconds: must be from 0.01 to 60'],
    [
      'timeoutSeconds NaN',
      { timeoutSeconds: Number.NaN },
      'timeoutSeconds: must be from 0.01 to 60',
    ],
    [
      'duringOutage with another word',
      { duringOutage: 'accept' },
      "duringOutage: must be 'refuse' or 'accept-possible-replays'",
    ],
  ])('%s → TypeError', (_case, options, message) => {
    expect(() => createRedisReplayStore({ client, ...options } as RedisReplayStoreOptions)).toThrow(
      new TypeError(message),
    );
  });

  it('an owner that is no thumbprint → TypeError', async () => {
    const store = createRedisReplayStore({ client });
    await expect(store.add(record('a', { owner: '' }))).rejects.toThrow(
      new TypeError('owner: must be 43 base64url characters'),
    );
  });
});
