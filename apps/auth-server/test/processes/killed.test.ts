import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@keybound/core';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import { createDatabase } from '../support/database.ts';
import {
  type Answer,
  grantCodeNow,
  isActiveAt,
  redeemAt,
  refreshAt,
} from '../support/process-grants.ts';
import { type ServerProcess, startProcess } from '../support/server-process.ts';

/** Where the data of a server is that is killed and started again. */
interface Place {
  readonly env: Readonly<Record<string, string>>;
  /** Puts codes there while no server runs. */
  seed(codes: number): Promise<readonly string[]>;
}

const KEY_ENCRYPTION_KEY = 'an encryption key that survives the process';
/** Requests in flight when the server is killed. */
const REQUESTS = 60;
/** After how many answers. */
const MOMENTS = [1, 10, 20];
/** Codes that do not expire while processes start. */
const fastClock = () => systemClock() + 600;

async function newPlace(): Promise<Place> {
  if (process.env.TEST_STORAGE === 'postgresql') {
    const { url, drop } = await createDatabase();
    onTestFinished(drop);
    return {
      env: { DATABASE_URL: url, KEY_ENCRYPTION_KEY },
      seed: (codes) => seed({ url }, codes),
    };
  }
  const folder = await mkdtemp(join(tmpdir(), 'keybound-killed-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return {
    env: { DATA_DIR: folder, KEY_ENCRYPTION_KEY },
    seed: (codes) => seed({ folder }, codes),
  };
}

async function seed(
  at: { readonly url: string } | { readonly folder: string },
  codes: number,
): Promise<readonly string[]> {
  const { db, close } = await openDatabase(at);
  const seeded: string[] = [];
  for (let i = 0; i < codes; i++) seeded.push(await grantCodeNow(db, {}, fastClock));
  await close();
  return seeded;
}

/**
 * Sends everything at once and kills the server as soon as some answers are there.
 *
 * @returns the answers; undefined where none came
 */
async function killAmid(
  server: ServerProcess,
  secrets: readonly string[],
  answersBefore: number,
  send: (secret: string) => Promise<Answer>,
): Promise<readonly (Answer | undefined)[]> {
  let answered = 0;
  const answers = await Promise.all(
    secrets.map(async (secret) => {
      const answer = await send(secret).catch(() => undefined);
      answered++;
      if (answered === answersBefore) await server.kill();
      return answer;
    }),
  );
  expect(answers.filter((answer) => answer?.status === 200).length).toBeGreaterThan(0);
  expect(answers).toContain(undefined);
  return answers;
}

it('killed while it redeems codes, three times → every answered token is good, every spent code is refused, no code counts twice', async () => {
  const place = await newPlace();
  const codes = await place.seed(REQUESTS * MOMENTS.length);
  let server = await startProcess(place.env);
  for (const [round, moment] of MOMENTS.entries()) {
    const ours = codes.slice(round * REQUESTS, (round + 1) * REQUESTS);
    const killed = server;
    const answers = await killAmid(killed, ours, moment, (code) => redeemAt(killed, code));
    server = await startProcess(place.env);
    const restarted = server;
    await Promise.all(
      ours.map((code, i) => {
        const answer = answers[i];
        return answer === undefined
          ? expectAtMostOnce(restarted, code)
          : expectKept(restarted, code, answer);
      }),
    );
  }
}, 180_000);

it('killed while it refreshes → each client gets a living token by asking again', async () => {
  const place = await newPlace();
  const codes = await place.seed(REQUESTS);
  const killed = await startProcess(place.env);
  const redeemed = await Promise.all(codes.map((code) => redeemAt(killed, code)));
  const first = redeemed.map(({ json }) => String(json.refresh_token));
  const answers = await killAmid(killed, first, REQUESTS / 3, (token) => refreshAt(killed, token));
  const server = await startProcess(place.env);
  for (const [i, token] of first.entries()) {
    const again = await refreshAt(server, token);
    expect(again.status).toBe(200);
    const { access_token, refresh_token } = again.json;
    const answer = answers[i];
    if (answer !== undefined) expect(answer.json).toMatchObject({ access_token, refresh_token });
    expect(await isActiveAt(server, String(access_token))).toBe(true);
    expect((await refreshAt(server, String(refresh_token))).status).toBe(200);
  }
}, 180_000);

/** What was issued is there, and what it was issued for is spent. */
async function expectKept(server: ServerProcess, code: string, answer: Answer): Promise<void> {
  expect(answer.status).toBe(200);
  expect(await isActiveAt(server, String(answer.json.access_token))).toBe(true);
  expect((await refreshAt(server, String(answer.json.refresh_token))).status).toBe(200);
  const again = await redeemAt(server, code);
  expect([again.status, again.json.error]).toEqual([400, 'invalid_grant']);
}

/** Nobody knows whether it was spent; now it is. */
async function expectAtMostOnce(server: ServerProcess, code: string): Promise<void> {
  const now = await redeemAt(server, code);
  if (now.status !== 200) expect(now.json.error).toBe('invalid_grant');
  const again = await redeemAt(server, code);
  expect([again.status, again.json.error]).toEqual([400, 'invalid_grant']);
}
