import { randomInt } from 'node:crypto';
import { freePort, PROGRAMS, programOrSkip, startRedis, until } from '@keybound/test-kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type Answer,
  closeConnections,
  createClient,
  type HonestClient,
  type Sendable,
  send,
} from './support/client.ts';
import { type Counts, countAnswer, printCounts } from './support/counts.ts';
import { startIssuer } from './support/issuer.ts';
import { startInstance } from './support/resource-server.ts';

const REDIS = programOrSkip(PROGRAMS.redis);

const WORKERS = 8;
const THIEVES = 4;
/** Far above the half second an instance waits for Redis: a bound that hangs would break, not a speed. */
const LONGEST_P99_MS = 5000;
/** How old a captured request may be to be sent again: older ones are refused by their time. */
const CAPTURED = 2000;

/** Two instances that share one Redis, honest clients, and thieves who send again what was accepted. */
async function deploy(target: string) {
  const redis = await startRedis(REDIS ?? '');
  onTestFinished(() => redis.close());
  const issuer = await startIssuer();
  onTestFinished(() => issuer.close());
  const publicOrigin = `http://localhost:${await freePort()}`;
  const ports: number[] = [];
  for (let i = 0; i < 2; i++) {
    const instance = await startInstance({
      PUBLIC_ORIGIN: publicOrigin,
      ISSUER: issuer.issuer,
      REDIS_URL: redis.url,
      NONCE_SECRETS: 'the secret of the nonces: 32 characters or more',
    });
    onTestFinished(() => instance.stop());
    ports.push(instance.port);
  }
  onTestFinished(closeConnections);
  const anyPort = (): number => ports[randomInt(ports.length)] ?? 0;
  const create = (): HonestClient =>
    createClient({
      publicOrigin,
      target,
      port: anyPort(),
      tokenFor: (key) => issuer.tokenFor(publicOrigin, key),
    });
  return { redis, load: startLoad(create, anyPort) };
}

/** Requests that never stop until told to, and what became of them in the phase under way. */
interface Load {
  /** Begins a phase, and prints what the one before was. */
  phase(title: string): void;
  /** The answers to honest requests of this phase that were let in, or not. */
  readonly accepted: () => number;
  readonly refused: () => number;
  /** Replays that were let in, ever. */
  readonly stolen: () => number;
  readonly replayed: () => number;
  /** Prints the last phase; the longest p99 of all phases in milliseconds. */
  end(): Promise<number>;
}

function startLoad(create: () => HonestClient, anyPort: () => number): Load {
  const captured: Sendable[] = [];
  let isOn = true;
  let stolen = 0;
  let title = 'from the start';
  let counts: Counts = {};
  let phase = { accepted: 0, refused: 0, replayed: 0, times: [] as number[] };
  let longestP99 = 0;

  async function beHonest(): Promise<void> {
    const client = create();
    while (isOn) {
      let sendable = client.prepare(anyPort());
      let answer = await observe(sendable);
      client.learn(answer);
      if (answer.error === 'use_dpop_nonce') {
        sendable = client.prepare(anyPort());
        answer = await observe(sendable);
        client.learn(answer);
      }
      if (answer.status === 200) {
        phase.accepted++;
        captured[captured.length < CAPTURED ? captured.length : randomInt(CAPTURED)] = sendable;
      } else phase.refused++;
    }
  }

  async function steal(): Promise<void> {
    while (isOn) {
      const one = captured[randomInt(Math.max(1, captured.length))];
      if (one === undefined) {
        await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      const answer = await observe({ ...one, port: anyPort() });
      phase.replayed++;
      if (answer.status === 200) stolen++;
    }
  }

  async function observe(sendable: Sendable): Promise<Answer> {
    const answer = await send(sendable);
    phase.times.push(answer.milliseconds);
    countAnswer(counts, answer);
    return answer;
  }

  function print(): void {
    const sorted = phase.times.sort((a, b) => a - b);
    const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
    longestP99 = Math.max(longestP99, p99);
    const { accepted, refused, replayed } = phase;
    printCounts(title, { ...counts, accepted, refused, replayed, 'p99 in ms': Math.round(p99) });
  }

  const running = [
    ...Array.from({ length: WORKERS }, beHonest),
    ...Array.from({ length: THIEVES }, steal),
  ];
  return {
    phase(next): void {
      print();
      title = next;
      counts = {};
      phase = { accepted: 0, refused: 0, replayed: 0, times: [] };
    },
    accepted: () => phase.accepted,
    refused: () => phase.refused,
    replayed: () => phase.replayed,
    stolen: () => stolen,
    async end(): Promise<number> {
      isOn = false;
      await Promise.all(running);
      print();
      return longestP99;
    },
  };
}

describe.runIf(REDIS)('Redis under load', () => {
  it.each([
    { target: '/dpop-nonce/notes', back: 'at once, with a new nonce', waitMs: 20_000 },
    { target: '/dpop/notes', back: 'when no old proof can be taken for a new one', waitMs: 60_000 },
  ])(
    '$target: paused, killed and started again empty → no replay is accepted, every answer in time, and honest requests are served again $back [DPOP-11.1-P2, DPOP-11.1-P3]',
    async ({ target, waitMs }) => {
      const { redis, load } = await deploy(target);
      const isServed = (): boolean => load.accepted() > 200;
      const isUnderAttack = (): boolean => load.replayed() > 200;
      await until(isServed, 'requests are served', waitMs);
      await until(isUnderAttack, 'replays are tried');

      load.phase('Redis is paused');
      process.kill(redis.program.pid, 'SIGSTOP');
      await until(() => load.refused() > 50 && isUnderAttack(), 'requests are refused');
      const servedWhilePaused = load.accepted();
      process.kill(redis.program.pid, 'SIGCONT');
      load.phase('Redis goes on');
      await until(() => isServed() && isUnderAttack(), 'requests are served again', waitMs);

      load.phase('Redis is killed');
      await redis.program.stop('SIGKILL');
      await until(() => load.refused() > 50 && isUnderAttack(), 'requests are refused');
      await redis.start();
      load.phase('Redis is back, empty');
      await until(isUnderAttack, 'the replays of before are tried');
      await until(isServed, 'requests are served again', waitMs);

      const longestP99 = await load.end();
      expect(load.stolen()).toBe(0);
      // Those that were on their way when it was stopped.
      expect(servedWhilePaused).toBeLessThanOrEqual(WORKERS);
      expect(longestP99).toBeLessThan(LONGEST_P99_MS);
    },
    180_000,
  );
});
