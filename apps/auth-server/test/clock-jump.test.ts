import { NOW } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { createContext } from '../src/create-context.ts';
import { RETENTION_SECONDS } from '../src/database/cleaning.ts';
import { maintain } from '../src/maintenance.ts';
import { useDatabase } from './support/database.ts';
import { CALLBACK, CHALLENGE, grantCode, redeem, refresh } from './support/grants.ts';
import {
  basic,
  contextOptions,
  post,
  proofFor,
  startServer,
  type TestServer,
} from './support/server.ts';

const database = useDatabase();
const DAY = 86_400;

/** The clock is wrong for the length of one round of maintenance. */
async function jumpAndReturn({ app, clock }: TestServer, seconds: number): Promise<void> {
  const context = await createContext({ ...contextOptions(database.db), audit: () => {}, clock });
  clock.set(NOW + seconds);
  await maintain(context, app.log);
  clock.set(NOW);
}

async function isActive({ app }: TestServer, token: string): Promise<boolean> {
  const answer = await post(app, '/introspect', { token }, { authorization: basic('notes-api') });
  return answer.json().active;
}

async function pushRequest({ app }: TestServer): Promise<string> {
  const pushed = await post(app, '/par', {
    client_id: 'notes-app',
    response_type: 'code',
    redirect_uri: CALLBACK,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  });
  return pushed.json().request_uri;
}

describe('the clock jumps ahead, a round of maintenance, the clock is right again', () => {
  it('as far as rows are kept → nothing is lost: codes, pushed requests, tokens, used proofs', async () => {
    const server = await startServer(database);
    const { app } = server;
    const code = await grantCode(database.db);
    const uri = await pushRequest(server);
    const dpop = proofFor();
    const { access_token } = (await redeem(app, await grantCode(database.db), {}, { dpop })).json();

    await jumpAndReturn(server, RETENTION_SECONDS);

    expect((await redeem(app, code, {}, { dpop })).json().error).toBe('invalid_dpop_proof');
    expect((await redeem(app, code)).statusCode).toBe(200);
    expect(await isActive(server, access_token)).toBe(true);
    const query = new URLSearchParams({ client_id: 'notes-app', request_uri: uri });
    const begun = await app.inject(`/authorize?${query}`);
    expect(begun.headers.location).toMatch(/^\/interaction\//);
  });

  it('a day → grants, refresh tokens and keys are there, and no spent code counts again', async () => {
    const server = await startServer(database);
    const { app, clock } = server;
    const code = await grantCode(database.db);
    const spent = (await redeem(app, code)).json().refresh_token;
    const next = (await refresh(app, spent)).json().refresh_token;
    const keys = (await app.inject('/jwks')).json();

    // Refresh tokens of the tests live a day as well, and are kept a while longer.
    await jumpAndReturn(server, DAY);

    expect((await app.inject('/jwks')).json()).toEqual(keys);
    expect((await redeem(app, code)).json().error).toBe('invalid_grant');
    expect((await refresh(app, next)).statusCode).toBe(200);
    expect(clock()).toBe(NOW);
  });

  it('beyond the age of a key → the keys of before stay published for their tokens', async () => {
    const server = await startServer(database);
    const { app } = server;
    const before = (await app.inject('/jwks')).json().keys.map(({ kid }: { kid: string }) => kid);
    await jumpAndReturn(server, 31 * DAY);
    const other = await startServer(database);
    const after = (await other.app.inject('/jwks')).json().keys;
    const kids = after.map(({ kid }: { kid: string }) => kid);
    expect(kids).toEqual(expect.arrayContaining(before));
  });
});
