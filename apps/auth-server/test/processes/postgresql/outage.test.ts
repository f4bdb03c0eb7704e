import { systemClock } from '@keybound/core';
import { createUserAgent, type Page } from '@keybound/user-agent';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase, type Queryable } from '../../../src/database/database.ts';
import { KEY_CACHE_SECONDS } from '../../../src/keys/key-schedule.ts';
import { createDatabase } from '../../support/database.ts';
import { CALLBACK, CHALLENGE } from '../../support/grants.ts';
import {
  type Answer,
  grantCodeNow,
  read,
  redeemAt,
  refreshAt,
  requestTokenAt,
} from '../../support/process-grants.ts';
import { basic, startServer } from '../../support/server.ts';
import {
  PROCESS_ISSUER,
  postTo,
  type ServerProcess,
  startProcess,
} from '../../support/server-process.ts';
import { startProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

interface Deployment {
  /** The database, on a way of its own that nobody cuts. */
  readonly db: Queryable;
  /** The address of the same database behind the proxy. */
  readonly url: string;
  readonly proxy: TcpProxy;
}

async function deploy(): Promise<Deployment> {
  const { url, drop } = await createDatabase();
  onTestFinished(drop);
  const database = await openDatabase({ url });
  onTestFinished(() => database.close());
  const behind = new URL(url);
  const proxy = await startProxy({ host: behind.hostname, port: Number(behind.port || 5432) });
  behind.host = `127.0.0.1:${proxy.port}`;
  return { db: database.db, url: behind.href, proxy };
}

function startBehind({ url }: Deployment): Promise<ServerProcess> {
  return startProcess({
    DATABASE_URL: url,
    KEY_ENCRYPTION_KEY: 'an encryption key behind the proxy',
    REGISTRATION: 'open',
  });
}

/** A browser for which the issuer is the process. */
function browserOf({ origin }: ServerProcess) {
  return createUserAgent((url, init) => fetch(String(url).replace(PROCESS_ISSUER, origin), init));
}

const AUTHORIZE = `${PROCESS_ISSUER}/authorize?${new URLSearchParams({
  response_type: 'code',
  client_id: 'notes-app',
  redirect_uri: CALLBACK,
  code_challenge: CHALLENGE,
  code_challenge_method: 'S256',
})}`;

const machine = { authorization: basic('notes-jwt') };
const api = { authorization: basic('notes-api') };
const client = { client_id: 'notes-app' };

/** One request to each endpoint that clients call and that needs the database. */
const CALLS: Readonly<Record<string, (server: ServerProcess) => Promise<Answer>>> = {
  'client credentials': async (server) =>
    read(await postTo(server, '/token', { grant_type: 'client_credentials' }, machine)),
  'client credentials with a proof': (server) => requestTokenAt(server),
  'a code': (server) => redeemAt(server, 'no code'),
  'a refresh token': (server) => refreshAt(server, 'no token'),
  'a pushed request': async (server) =>
    read(
      await postTo(server, '/par', {
        ...client,
        response_type: 'code',
        code_challenge: CHALLENGE,
        code_challenge_method: 'S256',
        redirect_uri: CALLBACK,
      }),
    ),
  introspection: async (server) =>
    read(await postTo(server, '/introspect', { token: 'no token' }, api)),
  revocation: async (server) => read(await postTo(server, '/revoke', { ...client, token: 'no' })),
  registration: async ({ origin }) =>
    read(
      await fetch(`${origin}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: ['https://client.example/callback'] }),
      }),
    ),
};

function loginForm(page: Page) {
  const [form] = page.forms;
  if (form === undefined) throw new Error('no form');
  return form;
}

const alice = { username: 'alice', password: 'demo-password-of-alice' };
describe('PostgreSQL is away for a while', () => {
  it('every endpoint and page → 503 with Retry-After; afterwards all works without a restart, and nothing is burnt', async () => {
    const deployment = await deploy();
    const server = await startBehind(deployment);
    const code = await grantCodeNow(deployment.db, {}, () => systemClock() + 600);
    const browser = browserOf(server);
    const login = await browser.open(AUTHORIZE);

    deployment.proxy.cut();
    for (const [name, call] of Object.entries(CALLS)) {
      const { status, headers, json } = await call(server);
      const retry = headers.get('retry-after');
      expect({ name, status, retry }).toEqual({
        name,
        status: 503,
        retry: expect.stringMatching(/^\d$/),
      });
      expect(json).toMatchObject({ error: 'temporarily_unavailable' });
    }
    const pages = [
      await browser.open(AUTHORIZE),
      await browser.open(login.url),
      await browser.submit(login, loginForm(login), alice),
    ];
    for (const { status, headers, html } of pages) {
      expect([status, headers.get('retry-after')]).toEqual([503, '1']);
      expect(html).toContain('The service cannot answer at the moment.');
    }
    expect((await redeemAt(server, code)).status).toBe(503);
    expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);

    deployment.proxy.restore();
    expect((await CALLS['client credentials']?.(server))?.status).toBe(200);
    const redeemed = await redeemAt(server, code);
    expect(redeemed.status).toBe(200);
    expect((await refreshAt(server, String(redeemed.json.refresh_token))).status).toBe(200);
    const consent = await browser.submit(login, loginForm(login), alice);
    expect([consent.status, consent.html]).toEqual([200, expect.stringContaining('Allow')]);
    expect(server.errors()).toBe('');
  });

  it('again and again, under load → 200 or 503, and what was answered 200 is kept', async () => {
    const deployment = await deploy();
    const server = await startBehind(deployment);
    const codes = await Promise.all(
      Array.from({ length: 200 }, () => grantCodeNow(deployment.db, {}, () => systemClock() + 600)),
    );
    let answered = 0;
    const answers = await Promise.all(
      codes.map(async (code) => {
        const answer = await redeemAt(server, code);
        answered++;
        // Each time in the middle of what the others do.
        if (answered % 20 === 5) deployment.proxy.cut();
        if (answered % 20 === 10) deployment.proxy.restore();
        return answer;
      }),
    );
    deployment.proxy.restore();
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].sort()).toEqual([200, 503]);
    expect(server.isRunning()).toBe(true);
    const kept = answers.filter(({ status }) => status === 200);
    const tokens = kept.map(({ json }) => String(json.refresh_token));
    const refreshed = await Promise.all(tokens.map((token) => refreshAt(server, token)));
    expect(new Set(refreshed.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('it answers nothing any more, as behind a network that drops packets → 503 in bounded time, good again at once', async () => {
    const deployment = await deploy();
    const server = await startBehind(deployment);
    const introspections = () =>
      Promise.all(Array.from({ length: 20 }, async () => CALLS.introspection?.(server)));
    await introspections();
    deployment.proxy.swallow();
    const silent = await introspections();
    expect(new Set(silent.map((answer) => answer?.status))).toEqual(new Set([503]));
    deployment.proxy.restore();
    const after = await introspections();
    expect(new Set(after.map((answer) => answer?.status))).toEqual(new Set([200]));
  }, 180_000);

  it('the key set is asked for when the last reading is old → 503 with Retry-After, and good again', async () => {
    const deployment = await deploy();
    const database = await openDatabase({ url: deployment.url });
    onTestFinished(() => database.close());
    const { app, clock } = await startServer(database);
    clock.advance(KEY_CACHE_SECONDS + 1);
    deployment.proxy.cut();
    const away = await app.inject('/jwks');
    expect([away.statusCode, away.headers['retry-after']]).toEqual([503, '1']);
    expect(away.headers['cache-control']).toBeUndefined();
    deployment.proxy.restore();
    expect((await app.inject('/jwks')).statusCode).toBe(200);
  });
});
