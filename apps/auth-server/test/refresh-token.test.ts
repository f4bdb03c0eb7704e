import { decodeJws, KEYS, NOW, thumbprint } from '@keybound/test-kit';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { refreshTokens } from '../src/database/schema.ts';
import { GRACE_SECONDS } from '../src/grant-types/refresh-token.ts';
import { useDatabase } from './support/database.ts';
import { grantCode, redeem, refresh } from './support/grants.ts';
import {
  basic,
  demoClient,
  NONCES,
  OTHER_RESOURCE,
  proofFor,
  RESOURCE,
  startServer,
} from './support/server.ts';

const database = useDatabase();
const ALICE = thumbprint(KEYS.alice.publicJwk);
const MALLORY = thumbprint(KEYS.mallory.publicJwk);
const otherProof = () => ({ dpop: proofFor({ key: KEYS.mallory }) });

/** The first refresh token of a new grant of the public client. */
async function firstToken(app: FastifyInstance, resources = [RESOURCE]): Promise<string> {
  const code = await grantCode(database.db, { resources });
  return (await redeem(app, code, { resource: RESOURCE })).json().refresh_token;
}

/** The refresh token of a client that shows no proof. */
async function bearerToken(app: FastifyInstance): Promise<string> {
  const code = await grantCode(database.db, { clientId: 'notes-app-bearer' });
  const response = await redeem(app, code, { client_id: 'notes-app-bearer' }, {});
  return response.json().refresh_token;
}

const bearer = { client_id: 'notes-app-bearer' };

describe('a public client', () => {
  it('the same key → new tokens, bound as before; three rotations later still [DPOP-5-04, MCP-RT-01]', async () => {
    const { app, events } = await startServer(database);
    const seen = [await firstToken(app)];
    for (let i = 0; i < 3; i++) {
      const response = await refresh(app, seen.at(-1) ?? '');
      expect(response.statusCode).toBe(200);
      expect(response.json().token_type).toBe('DPoP');
      expect(decodeJws(response.json().access_token).payload.cnf).toEqual({ jkt: ALICE });
      seen.push(response.json().refresh_token);
    }
    expect(new Set(seen).size).toBe(4);
    expect(events.at(-1)).toMatchObject({ event: 'token_refreshed', jkt: ALICE });
    const stolen = await refresh(app, seen.at(-1) ?? '', {}, otherProof());
    expect(stolen.json().error).toBe('invalid_grant');
  });

  it('another key → invalid_grant, and the token is still good for its own [DPOP-5-05]', async () => {
    const { app } = await startServer(database);
    const token = await firstToken(app);
    const stolen = await refresh(app, token, {}, otherProof());
    expect(stolen.statusCode).toBe(400);
    expect(stolen.json().error).toBe('invalid_grant');
    expect((await refresh(app, token)).statusCode).toBe(200);
  });

  it('no proof → 400, and the token is still good [DPOP-5-06]', async () => {
    const { app } = await startServer(database);
    const token = await firstToken(app);
    const response = await refresh(app, token, {}, {});
    expect(response.statusCode).toBe(400);
    expect(response.json().error).toBe('invalid_dpop_proof');
    expect((await refresh(app, token)).statusCode).toBe(200);
  });

  it('a spent token with another key → refused, and the family lives: a thief without the key cannot end it [DPOP-5-05]', async () => {
    const { app, clock } = await startServer(database);
    const first = await firstToken(app);
    const second = (await refresh(app, first)).json().refresh_token;
    clock.advance(GRACE_SECONDS + 1);
    const at = { claims: { iat: clock() } };
    const stolen = await refresh(app, first, {}, { dpop: proofFor({ ...at, key: KEYS.mallory }) });
    expect(stolen.json().error).toBe('invalid_grant');
    expect((await refresh(app, second, {}, { dpop: proofFor(at) })).statusCode).toBe(200);
  });

  it('a nonce challenge or a bad proof → the token is still good [DPOP-8-P1]', async () => {
    const server = await startServer(database);
    const token = await firstToken(server.app);
    const { app } = await startServer(database, { nonces: NONCES });
    expect((await refresh(app, token, {}, { dpop: '' })).json().error).toBe('invalid_dpop_proof');
    const challenged = await refresh(app, token);
    expect(challenged.json().error).toBe('use_dpop_nonce');
    const nonce = challenged.headers['dpop-nonce'];
    const dpop = proofFor({ claims: { nonce } });
    expect((await refresh(app, token, {}, { dpop })).statusCode).toBe(200);
  });

  it('first without, now with a key → the next token is bound to it [DPOP-5-04]', async () => {
    const { app } = await startServer(database);
    const bound = await refresh(app, await bearerToken(app), bearer);
    expect(bound.json().token_type).toBe('DPoP');
    const stolen = await refresh(app, bound.json().refresh_token, bearer, {});
    expect(stolen.json().error).toBe('invalid_dpop_proof');
  });
});

describe('a token that comes again', () => {
  it('same key, at once → the very same response, nothing issued twice', async () => {
    const { app, clock, events } = await startServer(database);
    const token = await firstToken(app);
    const first = (await refresh(app, token)).json();
    clock.advance(10);
    const dpop = proofFor({ claims: { iat: clock() } });
    const again = await refresh(app, token, {}, { dpop });
    expect(again.statusCode).toBe(200);
    expect(again.json()).toEqual({ ...first, expires_in: 290 });
    expect(events.filter(({ event }) => event === 'token_refreshed')).toHaveLength(1);
  });

  it('same key, but another scope or resource → invalid_grant, and the family lives', async () => {
    const { app } = await startServer(database);
    const token = await firstToken(app, [RESOURCE, OTHER_RESOURCE]);
    const second = (await refresh(app, token, { resource: RESOURCE })).json().refresh_token;
    for (const form of [
      { resource: OTHER_RESOURCE },
      { resource: RESOURCE, scope: 'notes:read' },
    ]) {
      expect((await refresh(app, token, form)).json().error).toBe('invalid_grant');
    }
    expect((await refresh(app, second, { resource: RESOURCE })).statusCode).toBe(200);
  });

  it('after the grace → invalid_grant, and the family ends [BCP-2.2.2-01]', async () => {
    const { app, clock, events } = await startServer(database);
    const first = await firstToken(app);
    const second = (await refresh(app, first)).json().refresh_token;
    clock.advance(GRACE_SECONDS + 1);
    const headers = () => ({ dpop: proofFor({ claims: { iat: clock() } }) });
    expect((await refresh(app, first, {}, headers())).json().error).toBe('invalid_grant');
    expect(events.at(-2)).toMatchObject({ event: 'refresh_reuse_detected' });
    expect((await refresh(app, second, {}, headers())).json().error).toBe('invalid_grant');
  });

  it('once the successor was used → invalid_grant, and the family ends [BCP-2.2.2-01]', async () => {
    const { app } = await startServer(database);
    const first = await firstToken(app);
    const second = (await refresh(app, first)).json().refresh_token;
    const third = (await refresh(app, second)).json().refresh_token;
    expect((await refresh(app, first)).json().error).toBe('invalid_grant');
    expect((await refresh(app, third)).json().error).toBe('invalid_grant');
  });

  it('without a key → invalid_grant at once, and the family ends [BCP-2.2.2-01]', async () => {
    const { app, events } = await startServer(database);
    const first = await bearerToken(app);
    const second = (await refresh(app, first, bearer, {})).json().refresh_token;
    expect((await refresh(app, first, bearer, {})).json().error).toBe('invalid_grant');
    expect(events.at(-2)).toMatchObject({ event: 'refresh_reuse_detected' });
    expect((await refresh(app, second, bearer, {})).json().error).toBe('invalid_grant');
  });

  it('its response is kept sealed until its successor is used, and not at all without a key', async () => {
    const sealed = async () => {
      const rows = await database.db.select().from(refreshTokens);
      return rows.filter(({ sealedResponse }) => sealedResponse !== null).length;
    };
    const { app } = await startServer(database);
    const keyless = await bearerToken(app);
    await refresh(app, keyless, bearer, {});
    expect(await sealed()).toBe(0);
    const second = (await refresh(app, await firstToken(app))).json().refresh_token;
    expect(await sealed()).toBe(1);
    await refresh(app, second);
    expect(await sealed()).toBe(1);
  });

  it('twenty times in parallel with one key → one response, one living token', async () => {
    const { app } = await startServer(database);
    const token = await firstToken(app);
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(app, token)));
    const bodies = new Set(answers.map(({ body }) => body));
    expect(bodies.size).toBe(1);
    const [answer] = answers;
    expect((await refresh(app, answer?.json().refresh_token)).statusCode).toBe(200);
  });
});

describe('a confidential client', () => {
  const headers = (key = KEYS.alice) => ({
    authorization: basic('notes-web'),
    dpop: proofFor({ key }),
  });
  async function webToken(app: FastifyInstance): Promise<string> {
    const code = await grantCode(database.db, { clientId: 'notes-web' });
    const response = await redeem(app, code, { client_id: undefined }, headers());
    return response.json().refresh_token;
  }
  const form = { client_id: undefined };

  it('another key → 200, bound to the new one; the refresh token stays [DPOP-5-07, FAPI-5.3.2.1-03]', async () => {
    const { app } = await startServer(database);
    const token = await webToken(app);
    for (const [key, jkt] of [
      [KEYS.mallory, MALLORY],
      [KEYS.alice, ALICE],
    ] as const) {
      const response = await refresh(app, token, form, headers(key));
      expect(response.statusCode).toBe(200);
      expect(response.json()).not.toHaveProperty('refresh_token');
      expect(decodeJws(response.json().access_token).payload.cnf).toEqual({ jkt });
    }
  });

  it('a token it spent while it was a public client → invalid_grant', async () => {
    const { app } = await startServer(database);
    const token = await bearerToken(app);
    await refresh(app, token, bearer, {});
    const members = { client_id: 'notes-app-bearer' };
    const now = await startServer(database, { clients: [demoClient('notes-web', members)] });
    const headers = { authorization: basic('notes-app-bearer', 'demo-secret-of-notes-web') };
    expect((await refresh(now.app, token, form, headers)).json().error).toBe('invalid_grant');
  });

  it('its refresh token in the hands of another client → invalid_grant', async () => {
    const { app } = await startServer(database);
    const token = await webToken(app);
    expect((await refresh(app, token)).json().error).toBe('invalid_grant');
  });

  it('a token in use lives on; one that nobody used for its life is refused [BCP-4.14-01]', async () => {
    const { app, clock } = await startServer(database);
    const token = await webToken(app);
    const fresh = () => ({
      authorization: basic('notes-web'),
      dpop: proofFor({ claims: { iat: clock() } }),
    });
    for (let day = 0; day < 2; day++) {
      clock.advance(80_000);
      expect((await refresh(app, token, form, fresh())).statusCode).toBe(200);
    }
    clock.advance(86_400);
    expect((await refresh(app, token, form, fresh())).json().error).toBe('invalid_grant');
  });
});

describe('lives', () => {
  it('rotation never outlives the grant [BBA-6.3.2.3-01]', async () => {
    const lifetimes = { accessTokenSeconds: 300, refreshTokenSeconds: 86_400, grantSeconds: 100 };
    const { app, clock } = await startServer(database, { lifetimes });
    const code = await grantCode(database.db);
    let token = (await redeem(app, code)).json().refresh_token;
    const headers = () => ({ dpop: proofFor({ claims: { iat: clock() } }) });
    clock.advance(60);
    token = (await refresh(app, token, {}, headers())).json().refresh_token;
    clock.advance(39);
    token = (await refresh(app, token, {}, headers())).json().refresh_token;
    clock.advance(1);
    expect((await refresh(app, token, {}, headers())).json().error).toBe('invalid_grant');
  });

  it('a clock that jumps a day ahead and back → refused in between, good again', async () => {
    const { app, clock } = await startServer(database);
    const token = await firstToken(app);
    clock.advance(86_400);
    const late = { dpop: proofFor({ claims: { iat: clock() } }) };
    expect((await refresh(app, token, {}, late)).json().error).toBe('invalid_grant');
    clock.set(NOW);
    expect((await refresh(app, token)).statusCode).toBe(200);
  });
});

it.each([
  ['no token', 'invalid_request', { refresh_token: undefined }],
  ['a token nobody issued', 'invalid_grant', { refresh_token: 'guess' }],
  ['more scope than granted [OAUTH-6-01]', 'invalid_scope', { scope: 'notes:read admin' }],
  ['a resource that was not granted [RI-2-02]', 'invalid_target', { resource: OTHER_RESOURCE }],
])('%s → 400 %s, and the token is still good', async (_name, error, form) => {
  const { app } = await startServer(database);
  const token = await firstToken(app);
  const refused = await refresh(app, token, form);
  expect(refused.statusCode).toBe(400);
  expect(refused.json().error).toBe(error);
  expect((await refresh(app, token)).statusCode).toBe(200);
});

it('less scope → that, and the next refresh may have all again [OAUTH-6-01]', async () => {
  const { app } = await startServer(database);
  const less = await refresh(app, await firstToken(app), { scope: 'notes:read' });
  expect(less.json().scope).toBe('notes:read');
  const all = await refresh(app, less.json().refresh_token);
  expect(all.json().scope).toBe('notes:read notes:write');
});
