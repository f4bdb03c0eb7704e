import {
  type Clock,
  isUnavailableError,
  type ReplayAnswer,
  type ReplayRecord,
  type ReplayStore,
  type ReplayStoreStatus,
  systemClock,
  UnavailableError,
} from '@keybound/core';
import { createBounded } from './bounded.ts';
import type { RedisReplayStoreEvent } from './events.ts';
import { createGroups, type Group, MAX_PREFIX_CHARS } from './groups.ts';
import { commandsOf, isNoScript, type RedisClient } from './redis-client.ts';
import { parseInfo } from './server-info.ts';

/** Options of {@link createRedisReplayStore}. */
export interface RedisReplayStoreOptions {
  /** A client of `ioredis` or `redis`, or one of their clusters. Whoever made it closes it. */
  readonly client: RedisClient;
  /**
   * What all keys begin with; up to 15 characters, no braces. Servers that are reached under different
   * origins may share a prefix, because records of different proofs never meet. @defaultValue 'dpop'
   */
  readonly prefix?: string;
  /** How long an answer may take, in seconds; from 0.01 to 60. @defaultValue 0.5 */
  readonly timeoutSeconds?: number;
  /**
   * What becomes of requests while there is no answer: refused with 503, or let in without a replay
   * check, so that whoever sees a whole request can send it again. @defaultValue 'refuse'
   */
  readonly duringOutage?: 'refuse' | 'accept-possible-replays';
  /** Told of outages, recoveries and losses. An error it throws is an uncaught one. @defaultValue nobody is told */
  readonly onEvent?: (event: RedisReplayStoreEvent) => void;
  /** Compared with the server's clock to explain a refusal. @defaultValue the system clock */
  readonly clock?: Clock;
}

/** A {@link ReplayStore} that processes share. */
export interface RedisReplayStore extends Required<ReplayStore> {
  /**
   * Adds a record unless it is there already, in one command.
   *
   * @throws UnavailableError `replay_store` when there is no answer in time and `duringOutage` refuses, or when
   * the server's clock says that the proof cannot be used now.
   */
  add(record: ReplayRecord): Promise<ReplayAnswer>;
  /**
   * Asks the server whether it will do, and since when each part of the records is complete. Call it
   * before the first request: clients are then given nonces that answer a loss, where there was one.
   *
   * @throws UnavailableError `replay_store` when the server does not answer, or is older than 6.2.
   */
  ready(): Promise<void>;
}

const INFO_INTERVAL_MS = 1000;
const OLDEST_VERSION = [6, 2] as const;
/** By how much the time of a server may go back without meaning; its clock is corrected now and then. */
const CLOCK_STEP_SECONDS = 1;

/** What the script answers. */
interface Reply extends ReplayAnswer {
  /** The server's time in seconds. */
  readonly time: number;
}

/**
 * A {@link ReplayStore} on Redis or Valkey, 6.2 or later: one command a proof, atomic, under a key of at
 * most 40 bytes that expires at `rememberUntil`. The server's clock decides: a proof is taken only while
 * its record would be kept and not before it was usable, so instances whose clocks are apart cannot
 * accept one twice. A server that comes back empty is noticed by its missing marks, and one that comes
 * back from a snapshot or takes over as a replica by not knowing the script (from Redis 7 on).
 *
 * Not noticed: records that a server throws away because its memory is full (`maxmemory-policy` must be
 * `noeviction`), and single keys that somebody deletes.
 *
 * @throws TypeError when an option is not of the described form.
 */
export function createRedisReplayStore(options: RedisReplayStoreOptions): RedisReplayStore {
  const { prefix = 'dpop', timeoutSeconds = 0.5, duringOutage = 'refuse', onEvent } = options;
  const { clock = systemClock } = options;
  const commands = commandsOf(options.client);
  if (!/^[\x21-\x7a]+$/.test(prefix) || prefix.length > MAX_PREFIX_CHARS) {
    throw new TypeError(`prefix: must be 1 to ${MAX_PREFIX_CHARS} ASCII characters without braces`);
  }
  if (!(timeoutSeconds >= 0.01 && timeoutSeconds <= 60)) {
    throw new TypeError('timeoutSeconds: must be from 0.01 to 60');
  }
  if (duringOutage !== 'refuse' && duringOutage !== 'accept-possible-replays') {
    throw new TypeError("duringOutage: must be 'refuse' or 'accept-possible-replays'");
  }
  const bounded = createBounded(timeoutSeconds);
  const groups = createGroups(prefix);
  const learnt = new Map<Group, Pick<Reply, 'completeSince' | 'time'>>();
  const attempts = createAttempts();
  let outage: { readonly startedAt: number; failures: number } | undefined;
  let asking: Promise<void> | undefined;
  let fill = 0;
  let infoAskedAt = Number.NEGATIVE_INFINITY;
  let policyTold: string | undefined;

  // In a task of its own, so that a handler that throws fails no request.
  const tell = (event: RedisReplayStoreEvent): void => queueMicrotask(() => onEvent?.(event));

  /** One round of the script; without a record it only asks since when the group is complete. */
  async function run(group: Group, record?: ReplayRecord): Promise<Reply> {
    const script = await group.script;
    const keys = [record === undefined ? group.markKey : group.keyOf(record.id), group.markKey];
    const expiry = record === undefined ? '' : String(Math.ceil(record.rememberUntil * 1000));
    const attempt = attempts();
    const reply = await bounded(async () => {
      try {
        return await commands.evalSha(script, keys, [expiry, attempt, '0']);
      } catch (error) {
        if (!isNoScript(error)) throw error;
        const known = learnt.get(group);
        const outdated = known === undefined ? '' : String(Math.round(known.completeSince * 1e6));
        return commands.eval(script, keys, [expiry, attempt, outdated]);
      }
    });
    const read = parseReply(reply);
    answered();
    return learn(group, read);
  }

  function learn(group: Group, reply: Reply): Reply {
    const before = learnt.get(group) ?? { completeSince: 0, time: 0 };
    // A clock that was ahead has let records expire early; they are gone when it is set back.
    const wentBack = reply.time < before.time - CLOCK_STEP_SECONDS;
    const lostAt = wentBack ? before.time : reply.completeSince;
    const completeSince = Math.max(before.completeSince, lostAt);
    learnt.set(group, { completeSince, time: Math.max(before.time, reply.time) });
    if (before.completeSince > 0 && completeSince > before.completeSince && asking === undefined) {
      tell({ type: 'records_lost', completeSince });
      askAll().catch(() => {}); // the next proof will tell, if the server is gone again
    }
    return { ...reply, completeSince };
  }

  /** Asks for every group at once; one such round at a time. */
  function askAll(): Promise<void> {
    asking ??= Promise.all([...groups.values()].map((group) => run(group)))
      .then(() => {})
      .finally(() => {
        asking = undefined;
      });
    return asking;
  }

  async function askInfo(): Promise<void> {
    infoAskedAt = performance.now();
    // Not every user of a server may ask for INFO, and a cluster of `redis` has none: then nothing is known.
    const text = await bounded(() => commands.info('all')).catch(() => '');
    if (text === '') return;
    const info = parseInfo(text);
    fill = info.fill;
    const { evictionPolicy: policy = 'noeviction', version } = info;
    if (policy !== 'noeviction' && policy !== policyTold)
      tell({ type: 'eviction_enabled', policy });
    policyTold = policy;
    if (version !== undefined && isOlder(version, OLDEST_VERSION)) {
      throw new Error(`Redis ${OLDEST_VERSION.join('.')} is needed, this is ${version.join('.')}`);
    }
  }

  function failed(error: unknown): UnavailableError {
    const unavailable = isUnavailableError(error)
      ? error
      : new UnavailableError('replay_store', 'Redis did not take a record', { cause: error });
    if (outage === undefined) {
      outage = { startedAt: performance.now(), failures: 0 };
      tell({ type: 'outage', error: unavailable });
    }
    outage.failures++;
    return unavailable;
  }

  function answered(): void {
    if (outage === undefined) return;
    const { startedAt, failures } = outage;
    outage = undefined;
    tell({ type: 'recovered', outageSeconds: (performance.now() - startedAt) / 1000, failures });
  }

  /** The server's clock has the last word on when a proof can be used and must be remembered. */
  function requireClocksTogether({ usableFrom, rememberUntil }: ReplayRecord, time: number): void {
    if (time >= usableFrom && time < rememberUntil) return;
    const apart = (clock() - time).toFixed(1);
    throw new UnavailableError(
      'replay_store',
      `the clock of this process is ${apart} seconds ahead of that of Redis; set both by NTP`,
    );
  }

  return {
    async add(record): Promise<ReplayAnswer> {
      const group = groups.get(record.owner.charAt(0));
      if (group === undefined) throw new TypeError('owner: must be 43 base64url characters');
      if (learnt.size === 0) askAll().catch(() => {}); // nobody has called ready()
      let reply: Reply;
      try {
        reply = await run(group, record);
      } catch (error) {
        const unavailable = failed(error);
        if (duringOutage === 'refuse') throw unavailable;
        return { isNew: true, completeSince: 0 };
      }
      requireClocksTogether(record, reply.time);
      return { isNew: reply.isNew, completeSince: reply.completeSince };
    },
    status(): ReplayStoreStatus {
      if (performance.now() - infoAskedAt > INFO_INTERVAL_MS) askInfo().catch(() => {});
      const since = [...learnt.values()].map(({ completeSince }) => completeSince);
      return { fill, completeSince: Math.max(0, ...since) };
    },
    async ready(): Promise<void> {
      try {
        await askInfo();
        await askAll();
      } catch (error) {
        throw failed(error);
      }
    },
  };
}

function parseReply(reply: unknown): Reply {
  const [added, since = 0, seconds = 0, microseconds] = Array.isArray(reply)
    ? reply.map(Number)
    : [];
  const time = seconds + (microseconds ?? Number.NaN) / 1e6;
  // Asked this way round, what is no number fails.
  if (added === undefined || !(since > 0 && time > 0)) {
    throw new Error('Redis answered something else than the script says');
  }
  return { isNew: added === 1, completeSince: since / 1e6, time };
}

/** Marks for attempts that no other process makes: whole numbers, which Redis keeps in few bytes. */
function createAttempts(): () => string {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  let count = 0;
  return () => String((random >>> 1) * 2 ** 21 + (count++ % 2 ** 21));
}

function isOlder(
  [major, minor]: readonly [number, number],
  [oldestMajor, oldestMinor]: readonly [number, number],
): boolean {
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}
