import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUTH_REASONS } from '@keybound/core';
import { createNonces, type Nonces } from '@keybound/dpop';
import {
  freePort,
  PROGRAMS,
  programOrSkip,
  startRedis,
  temporaryFolder,
  until,
} from '@keybound/test-kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Answer, closeConnections, createClient, send } from './support/client.ts';
import { type Counts, countAnswer, printCounts } from './support/counts.ts';
import { startIssuer } from './support/issuer.ts';
import { NGINX, startNginx } from './support/nginx.ts';
import { type Instance, startInstance } from './support/resource-server.ts';

const REDIS = programOrSkip(PROGRAMS.redis);

/** Smaller where somebody waits for it. */
const PROOFS = process.env.CI ? 20_000 : 2_000;
/** Every so many proofs one is copied. */
const COPIED_EVERY = 20;
const COPIES = 50;
const WORKERS = 24;
const CLIENTS = 40;
const INSTANCES = 4;
const STEP_SECONDS = 4;
const TARGET = '/dpop-nonce/notes';
const OLD = 'the old secret of the nonces, 32 or more';
const NEW = 'the new secret of the nonces, 32 or more';

/** Four instances, each with a file of nonce secrets, one Redis, and nginx that takes any of them. */
async function deploy() {
  const redis = await startRedis(REDIS ?? '');
  onTestFinished(() => redis.close());
  const issuer = await startIssuer();
  onTestFinished(() => issuer.close());
  const folder = temporaryFolder();
  onTestFinished(folder.remove);
  const port = await freePort();
  const publicOrigin = `http://localhost:${port}`;

  const fileOf = (i: number): string => join(folder.path, `secrets-${i}`);
  const instances: Instance[] = [];
  for (let i = 0; i < INSTANCES; i++) {
    writeFileSync(fileOf(i), OLD);
    const instance = await startInstance({
      PUBLIC_ORIGIN: publicOrigin,
      ISSUER: issuer.issuer,
      REDIS_URL: redis.url,
      NONCE_SECRETS_FILE: fileOf(i),
      NONCE_STEP_SECONDS: String(STEP_SECONDS),
    });
    onTestFinished(() => instance.stop());
    instances.push(instance);
  }
  const servers = instances.map(
    (instance) => `server 127.0.0.1:${instance.port} max_fails=1 fail_timeout=1s;`,
  );
  const nginx = await startNginx(
    `upstream api { random; ${servers.join(' ')} }
     server {
       listen 127.0.0.1:${port};
       location / {
         proxy_pass http://api;
         proxy_next_upstream error timeout http_503;
       }
     }`,
    port,
  );
  onTestFinished(() => nginx.close());
  onTestFinished(closeConnections);
  return { port, publicOrigin, issuer, instances, fileOf };
}

describe.runIf(NGINX && REDIS)('four instances behind nginx with one Redis', () => {
  it(`${PROOFS} proofs, every ${COPIED_EVERY}th copied ${COPIES} times at once, secrets changed and an instance restarted meanwhile → none accepted twice, no honest request fails after one retry [DPOP-11.1-P2, DPOP-8-05]`, async () => {
    const { port, publicOrigin, issuer, instances, fileOf } = await deploy();
    const create = () =>
      createClient({
        publicOrigin,
        target: TARGET,
        port,
        tokenFor: (key) => issuer.tokenFor(publicOrigin, key),
      });
    const clients = Array.from({ length: CLIENTS }, create);
    const acceptances = new Map<string, number>();
    const counts = { requests: 0, proofs: 0, copied: 0, retries: 0, answers: {} as Counts };
    const failures: Answer[] = [];
    let isChangeDone = false;

    /** Sends one request, as often as told at once; the answers of all copies. */
    async function deliver(client: (typeof clients)[number], copies: number): Promise<Answer[]> {
      const sendable = client.prepare();
      const answers = await Promise.all(Array.from({ length: copies }, () => send(sendable)));
      for (const answer of answers) {
        counts.requests++;
        countAnswer(counts.answers, answer);
        client.learn(answer);
        if (answer.status !== 200) continue;
        acceptances.set(sendable.jti, (acceptances.get(sendable.jti) ?? 0) + 1);
      }
      return answers;
    }

    async function work(): Promise<void> {
      while (counts.proofs < PROOFS || !isChangeDone) {
        const copies = counts.proofs++ % COPIED_EVERY === 0 ? COPIES : 1;
        if (copies > 1) counts.copied++;
        const client = clients[randomInt(clients.length)] as (typeof clients)[number];
        const answers = await deliver(client, copies);
        if (answers.some(({ status }) => status === 200)) continue;
        const asked = answers.find(({ error }) => error === 'use_dpop_nonce');
        if (asked !== undefined) {
          counts.retries++;
          if ((await deliver(client, 1)).some(({ status }) => status === 200)) continue;
        }
        failures.push(...answers.slice(0, 1));
      }
    }

    /** What an operator does to change the secrets, and a restart in the middle of it. */
    async function change(): Promise<void> {
      const probe = create();
      const noncesOf = (secret: string): Nonces =>
        createNonces({ secrets: () => [secret], server: publicOrigin, stepSeconds: STEP_SECONDS });
      const isGiven = async (secret: string, instance: Instance): Promise<boolean> => {
        const { nonce = '' } = await send(probe.prepare(instance.port));
        return (await noncesOf(secret).judge(nonce)) !== undefined;
      };
      // A nonce that is taken need not be enough: a store that has just begun asks for another.
      const isTaken = async (secret: string, instance: Instance): Promise<boolean> => {
        const asking = create();
        asking.learn({ nonce: await noncesOf(secret).current() } as Answer);
        const { description } = await send(asking.prepare(instance.port));
        return description !== AUTH_REASONS.nonce_stale.description;
      };
      const write = async (
        secrets: readonly string[],
        hasRead: (instance: Instance) => Promise<boolean>,
      ): Promise<void> => {
        for (const [i, instance] of instances.entries()) {
          writeFileSync(fileOf(i), secrets.join('\n'));
          await until(() => hasRead(instance), 'the secrets are read again');
        }
      };
      await until(() => counts.proofs > PROOFS / 10, 'a tenth is done', 120_000);
      await write([OLD, NEW], (instance) => isTaken(NEW, instance));
      await instances[1]?.restart();
      await write([NEW, OLD], (instance) => isGiven(NEW, instance));
      const movedAt = Date.now();
      await until(() => Date.now() > movedAt + 2000 * STEP_SECONDS, 'two steps have passed');
      await write([NEW], async (instance) => !(await isTaken(OLD, instance)));
      isChangeDone = true;
    }

    const startedAt = performance.now();
    await Promise.all([change(), ...Array.from({ length: WORKERS }, work)]);
    const seconds = (performance.now() - startedAt) / 1000;

    const twice = [...acceptances.values()].filter((times) => times > 1).length;
    printCounts(`${PROOFS} proofs, ${INSTANCES} instances`, {
      'proofs made by honest clients': counts.proofs + counts.retries,
      'of these sent as 50 copies at once': counts.copied,
      'requests sent': counts.requests,
      'retries with a new nonce': counts.retries,
      'proofs accepted': acceptances.size,
      'proofs accepted twice': twice,
      'honest requests that failed': failures.length,
      ...counts.answers,
      'requests a second': Math.round(counts.requests / seconds),
    });
    expect(twice).toBe(0);
    expect(failures).toEqual([]);
    expect(acceptances.size).toBe(counts.proofs);
    expect(counts.copied).toBeGreaterThanOrEqual(PROOFS / COPIED_EVERY);
  }, 300_000);
});
