import { createKeySet, parseCompactJws, verifySignature } from '@keybound/core';
import { decodeJws, KEYS } from '@keybound/test-kit';
import { count, isNull } from 'drizzle-orm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase, type Queryable } from '../../../src/database/database.ts';
import { accessTokens, refreshTokens, signingKeys } from '../../../src/database/schema.ts';
import { createDatabase } from '../../support/database.ts';
import {
  type Answer,
  grantCodeNow,
  type Presenter,
  redeemAt,
  refreshAt,
  requestTokenAt,
} from '../../support/process-grants.ts';
import { proofNow, type ServerProcess, startProcess } from '../../support/server-process.ts';

const PARALLEL = 200;
const bearer: Presenter = { client: 'notes-app-bearer', proof: 'none' };

interface Pair {
  readonly db: Queryable;
  readonly first: ServerProcess;
  readonly second: ServerProcess;
}

/** Two servers, started at once, on a new database of one PostgreSQL server. */
async function startPair(): Promise<Pair> {
  const { url, drop } = await createDatabase();
  onTestFinished(drop);
  const env = { DATABASE_URL: url, KEY_ENCRYPTION_KEY: 'an encryption key of two processes' };
  const [first, second] = await Promise.all([startProcess(env), startProcess(env)]);
  const database = await openDatabase({ url });
  onTestFinished(() => database.close());
  return { db: database.db, first, second };
}

/** Sends half of the requests to each process, all at once. */
function fire(
  { first, second }: Pair,
  send: (place: ServerProcess, index: number) => Promise<Answer>,
): Promise<readonly Answer[]> {
  return Promise.all(
    Array.from({ length: PARALLEL }, (_, i) => send(i % 2 === 0 ? first : second, i)),
  );
}

/** How many answers there are of each kind. */
function tally(answers: readonly Answer[]): Record<string, number> {
  const kinds: Record<string, number> = {};
  for (const { status, json } of answers) {
    const kind = status === 200 ? '200' : `${status} ${json.error}`;
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  return kinds;
}

async function tokenRows(db: Queryable) {
  const unspent = isNull(refreshTokens.spentAt);
  const [access] = await db.select({ rows: count() }).from(accessTokens);
  const [refresh] = await db.select({ rows: count() }).from(refreshTokens);
  const [living] = await db.select({ rows: count() }).from(refreshTokens).where(unspent);
  return { access: access?.rows, refresh: refresh?.rows, unspent: living?.rows };
}

describe('two processes on one PostgreSQL', () => {
  it('200 parallel redemptions of one code → one success, the rest invalid_grant, and the grant is over [OAUTH-4.1.2-01, OAUTH-4.1.3-01]', async () => {
    const pair = await startPair();
    const code = await grantCodeNow(pair.db);
    const answers = await fire(pair, (place) => redeemAt(place, code));
    expect(tally(answers)).toEqual({ 200: 1, '400 invalid_grant': PARALLEL - 1 });
    expect(await tokenRows(pair.db)).toEqual({ access: 1, refresh: 1, unspent: 1 });
    const won = answers.find(({ status }) => status === 200);
    const later = await refreshAt(pair.second, String(won?.json.refresh_token));
    expect([later.status, later.json.error]).toEqual([400, 'invalid_grant']);
  });

  it('200 parallel refreshes with one token and its key → one response for all, one living family', async () => {
    const pair = await startPair();
    const { refresh_token: token } = (await redeemAt(pair.first, await grantCodeNow(pair.db))).json;
    const answers = await fire(pair, (place) => refreshAt(place, String(token)));
    expect(tally(answers)).toEqual({ 200: PARALLEL });
    expect(new Set(answers.map(({ json }) => json.access_token)).size).toBe(1);
    const successors = new Set(answers.map(({ json }) => String(json.refresh_token)));
    expect(successors.size).toBe(1);
    // One of each from the code, one of each from all the refreshes.
    expect(await tokenRows(pair.db)).toEqual({ access: 2, refresh: 2, unspent: 1 });
    const [successor = ''] = successors;
    expect((await refreshAt(pair.second, successor)).status).toBe(200);
  });

  it("a thief's key in every second of them → refused each time, without effect", async () => {
    const pair = await startPair();
    const { refresh_token: token } = (await redeemAt(pair.first, await grantCodeNow(pair.db))).json;
    // Both see both processes: 0 and 1 are the owner's, 2 and 3 the thief's, and so on.
    const isThief = (index: number): boolean => index % 4 >= 2;
    const answers = await fire(pair, (place, index) =>
      refreshAt(place, String(token), isThief(index) ? { proof: { key: KEYS.mallory } } : {}),
    );
    expect(tally(answers.filter((_, index) => !isThief(index)))).toEqual({ 200: PARALLEL / 2 });
    expect(tally(answers.filter((_, index) => isThief(index)))).toEqual({
      '400 invalid_grant': PARALLEL / 2,
    });
    expect(await tokenRows(pair.db)).toEqual({ access: 2, refresh: 2, unspent: 1 });
    const successor = answers[0]?.json.refresh_token;
    expect((await refreshAt(pair.second, String(successor))).status).toBe(200);
  });

  it('200 parallel refreshes without a key → one success at most, and the family is over [BCP-2.2.2-01]', async () => {
    const pair = await startPair();
    const code = await grantCodeNow(pair.db, { clientId: 'notes-app-bearer' });
    const { refresh_token: token } = (await redeemAt(pair.first, code, bearer)).json;
    const answers = await fire(pair, (place) => refreshAt(place, String(token), bearer));
    expect(tally(answers)).toEqual({ 200: 1, '400 invalid_grant': PARALLEL - 1 });
    const won = answers.find(({ status }) => status === 200);
    const later = await refreshAt(pair.first, String(won?.json.refresh_token), bearer);
    expect([later.status, later.json.error]).toEqual([400, 'invalid_grant']);
  });

  it('both start at once on an empty database → one current and one next key, tokens of either verify with the keys of the other', async () => {
    const { db, first, second } = await startPair();
    const keys = await db.select({ status: signingKeys.status }).from(signingKeys);
    expect(keys.map(({ status }) => status).sort()).toEqual(['current', 'next']);
    for (const [issuer, verifier] of [
      [first, second],
      [second, first],
    ] as const) {
      const token = String((await requestTokenAt(issuer)).json.access_token);
      const jwks = await (await fetch(`${verifier.origin}/jwks`)).json();
      expect(await isSignedBy(jwks, token)).toBe(true);
    }
  });

  it('a proof that was used at one → refused by the other [DPOP-11.1-P2]', async () => {
    const { first, second } = await startPair();
    const proof = proofNow();
    expect((await requestTokenAt(first, proof)).status).toBe(200);
    const replayed = await requestTokenAt(second, proof);
    expect([replayed.status, replayed.json.error]).toEqual([400, 'invalid_dpop_proof']);
  });
});

async function isSignedBy(jwks: unknown, token: string): Promise<boolean> {
  const jws = parseCompactJws(token, {
    chars: 8192,
    headerChars: 4096,
    depth: 8,
    members: 64,
    values: 256,
  });
  if (typeof jws === 'string') throw new Error(jws);
  const kid = String(decodeJws(token).header.kid);
  const key = await createKeySet(jwks).find({ kid, algorithm: 'ES256' });
  return key !== undefined && verifySignature(key, jws.signature, jws.signingInput);
}
