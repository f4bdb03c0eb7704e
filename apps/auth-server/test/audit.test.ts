import { describe, expect, it } from 'vitest';
import { useDatabase } from './support/database.ts';
import { grantCode, redeem, refresh } from './support/grants.ts';
import {
  basic,
  NONCE_SECRET,
  NONCES,
  post,
  proofFor,
  requestToken,
  startServer,
} from './support/server.ts';

const database = useDatabase();

/** The audit events in log lines. */
function auditedIn(logs: readonly string[]): Record<string, unknown>[] {
  return logs.flatMap((line) => JSON.parse(line).audit ?? []);
}

describe('the audit log', () => {
  it('issue, refresh, reuse, revocation, refused proof and request → one event each, in order', async () => {
    const { app, events } = await startServer(database);
    const code = await grantCode(database.db);
    const first = (await redeem(app, code)).json().refresh_token;
    const second = (await refresh(app, first)).json().refresh_token;
    await refresh(app, second);
    await refresh(app, first);
    await requestToken(app, 'notes-dpop', { dpop: proofFor({ claims: { htm: 'GET' } }) });
    const { access_token: token } = (await requestToken(app, 'notes-jwt')).json();
    await post(app, '/revoke', { token }, { authorization: basic('notes-jwt') });
    await requestToken(app, 'nobody');
    expect(events.map(({ event }) => event)).toEqual([
      'token_issued',
      'token_refreshed',
      'token_refreshed',
      'refresh_reuse_detected',
      'request_refused',
      'proof_refused',
      'token_issued',
      'token_revoked',
      'request_refused',
    ]);
    expect(events[5]).toEqual({ event: 'proof_refused', path: '/token', reason: 'htm_mismatch' });
    expect(events[7]).toMatchObject({ clientId: 'notes-jwt', jti: expect.any(String) });
  });

  it('log level error → events are logged all the same; silent → nothing is', async () => {
    for (const [logLevel, expected] of [
      ['error', ['token_issued']],
      ['silent', []],
    ] as const) {
      const lines: string[] = [];
      const { app } = await startServer(database, {
        audit: undefined as never,
        logLevel,
        logStream: { write: (line: string) => void lines.push(line) },
      });
      await requestToken(app, 'notes-jwt');
      expect(auditedIn(lines).map(({ event }) => event)).toEqual(expected);
    }
  });

  it('no code, token, proof, nonce, verifier or secret is in log or events [BEARER-5.3-02]', async () => {
    const logs: string[] = [];
    const { app, events } = await startServer(database, { logs, nonces: NONCES });
    const code = await grantCode(database.db);
    const nonce = String((await redeem(app, code)).headers['dpop-nonce']);
    const dpop = proofFor({ claims: { nonce } });
    const tokens = (await redeem(app, code, {}, { dpop })).json();
    const form = { token: tokens.refresh_token, client_id: 'notes-app' };
    await refresh(app, tokens.refresh_token, {}, { dpop });
    await post(app, '/revoke', form);
    await post(
      app,
      '/introspect',
      { token: tokens.access_token },
      { authorization: basic('notes-api') },
    );
    await app.inject(`/authorize?client_id=notes-app&state=the-state&code=${code}`);
    const told = logs.join('') + JSON.stringify(events);
    expect(told).toContain('token_issued');
    const secrets = [
      code,
      nonce,
      dpop,
      tokens.access_token,
      tokens.refresh_token,
      'a-verifier-of-the-tests',
      'demo-secret',
      'the-state',
      NONCE_SECRET,
    ];
    for (const secret of secrets) expect(told).not.toContain(secret);
  });
});

describe('limits', () => {
  it('one address too often → 429 with Retry-After, for all endpoints of clients together', async () => {
    const limits = { loginsPerMinute: 10, requestsPerMinute: 3 };
    const { app } = await startServer(database, { limits });
    for (const url of ['/token', '/par', '/revoke']) {
      expect((await post(app, url, {})).statusCode).toBe(401);
    }
    const response = await post(app, '/introspect', {});
    expect(response.statusCode).toBe(429);
    expect(response.headers['retry-after']).toMatch(/^\d+$/);
    expect(response.json().error).toBe('temporarily_unavailable');
    expect((await app.inject('/jwks')).statusCode).toBe(200);
  });

  it('X-Forwarded-For of a stranger → not believed; of a trusted proxy → each address has its own count [BCP-4.13-01]', async () => {
    const limits = { loginsPerMinute: 10, requestsPerMinute: 1 };
    for (const [trustedProxies, statuses] of [
      [[], [401, 429]],
      [['127.0.0.1'], [401, 401]],
    ] as const) {
      const { app } = await startServer(database, { limits, trustedProxies });
      const answers = [];
      for (const address of ['192.0.2.1', '192.0.2.2']) {
        answers.push((await post(app, '/token', {}, { 'x-forwarded-for': address })).statusCode);
      }
      expect(answers).toEqual(statuses);
    }
  });
});
