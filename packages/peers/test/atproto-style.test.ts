import { decodeJws } from '@keybound/test-kit';
import * as dpop from 'dpop';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type AtprotoStyleClient,
  createAtprotoStyleClient,
  type Session,
} from './support/atproto-style-client.ts';
import { useDatabase } from './support/database.ts';
import { type Deployment, startDeployment } from './support/deployment.ts';
import { createRecorder, type Recorder } from './support/recorder.ts';
import { alice } from './support/scripted-user.ts';

const database = useDatabase();

describe('a client in the style of @atproto/oauth-client', () => {
  let servers: Deployment;
  beforeAll(async () => {
    servers = await startDeployment(database, { nonces: 'on' });
  });
  afterAll(() => servers.close());

  async function newClient(
    send?: typeof fetch,
  ): Promise<{ client: AtprotoStyleClient; recorder: Recorder }> {
    const recorder = createRecorder(send);
    const { issuer } = servers;
    const options = { issuer, clientId: 'notes-app', fetch: recorder.fetch };
    return { client: await createAtprotoStyleClient(options), recorder };
  }

  async function signIn(client: AtprotoStyleClient): Promise<Session> {
    return client.callback(await alice.authorize(await client.authorize()));
  }

  it('a whole session → one challenge at the push, one at the API, none after [PAR-2.1-01, DPOP-8-01, DPOP-8.2-01, DPOP-10.1-02, DPOP-5-04, DPOP-9-01, MCP-RT-01, REVOKE-2-01]', async () => {
    const { client, recorder } = await newClient();
    const session = await signIn(client);
    expect(session.tokens).toMatchObject({ token_type: 'DPoP', scope: 'notes:read notes:write' });
    for (const path of ['/dpop/notes', '/dpop-nonce/notes', '/dpop-nonce/notes']) {
      expect((await session.fetch(`${servers.api}${path}`)).status).toBe(200);
    }
    const next = await session.refresh();
    expect(next.tokens.refresh_token).not.toBe(session.tokens.refresh_token);
    expect((await next.fetch(`${servers.api}/dpop-nonce/notes`)).status).toBe(200);
    await next.revoke();
    await expect(next.refresh()).rejects.toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(recorder.exchanges).toEqual([
      'GET /.well-known/oauth-authorization-server → 200',
      'POST /par → 400',
      'POST /par → 201',
      'POST /token → 200',
      'GET /dpop/notes → 200',
      'GET /dpop-nonce/notes → 401',
      'GET /dpop-nonce/notes → 200',
      'GET /dpop-nonce/notes → 200',
      'POST /token → 200',
      'GET /dpop-nonce/notes → 200',
      'POST /revoke → 200',
      'POST /token → 400',
    ]);
  });

  it('nonces that change during a session → each proof has the newest, by a success or by a challenge, and one key [DPOP-4.2-08, DPOP-8-05, DPOP-8-06, DPOP-8.2-01, DPOP-5-03]', async () => {
    const proofs: { nonce: unknown; jwk: unknown }[] = [];
    const answers: { status: number; nonce: string | null }[] = [];
    const { client } = await newClient(async (input, init) => {
      const proof = new Headers(init?.headers).get('dpop');
      const response = await fetch(input, init);
      if (proof !== null) {
        const { header, payload } = decodeJws(proof);
        proofs.push({ nonce: payload.nonce, jwk: header.jwk });
        answers.push({ status: response.status, nonce: response.headers.get('dpop-nonce') });
      }
      return response;
    });
    // A nonce of our server is the current one for two minutes and the previous one for two more.
    const start = Math.ceil(Date.now() / 120_000) * 120_000;
    vi.useFakeTimers({ toFake: ['Date'], now: start + 100_000 });
    onTestFinished(() => void vi.useRealTimers());
    const url = await alice.authorize(await client.authorize());
    vi.setSystemTime(start + 130_000);
    const first = await client.callback(url);
    const second = await first.refresh();
    vi.setSystemTime(start + 500_000);
    const { tokens } = await second.refresh();

    const [one, two, three] = answers.flatMap(({ nonce }) => nonce ?? []);
    expect(new Set([one, two, three]).size).toBe(3);
    expect(answers).toEqual([
      { status: 400, nonce: one },
      { status: 201, nonce: null },
      { status: 200, nonce: two }, // the code, with a nonce that is about to end
      { status: 200, nonce: null },
      { status: 400, nonce: three }, // the second refresh, with a nonce that is over
      { status: 200, nonce: null },
    ]);
    expect(proofs.map(({ nonce }) => nonce)).toEqual([undefined, one, one, two, two, three]);
    expect(new Set(proofs.map(({ jwk }) => JSON.stringify(jwk))).size).toBe(1);
    expect(decodeJws(tokens.access_token).payload).toMatchObject({
      sub: 'user-alice',
      cnf: { jkt: expect.any(String) },
    });
  });

  it.each<{
    name: string;
    error: string;
    headers: (proof: (nonce?: string) => Promise<string>, nonce: string) => Promise<object>;
  }>([
    {
      name: 'a proof by another key, with the nonce',
      error: 'invalid_grant',
      headers: async (proof, nonce) => ({ dpop: await proof(nonce) }),
    },
    {
      name: 'a proof by another key, without a nonce',
      error: 'use_dpop_nonce',
      headers: async (proof) => ({ dpop: await proof() }),
    },
    { name: 'no proof', error: 'invalid_dpop_proof', headers: async () => ({}) },
    {
      name: 'JSON instead of a form, as early versions of the package did',
      error: 'invalid_request',
      headers: async () => ({ 'content-type': 'application/json' }),
    },
  ])(
    'the token request on its way, sent by somebody else first with $name → 400 $error, and the client still gets its token [DPOP-10-01, DPOP-10-P1, DPOP-10.1-02, DPOP-8-P1]',
    async ({ error, headers }) => {
      const thief = await dpop.generateKeyPair('ES256');
      const answers: { status: number; error: unknown }[] = [];
      let nonce = '';
      const { client, recorder } = await newClient(async (input, init) => {
        const url = String(input);
        if (url.endsWith('/token')) {
          const stolen = await fetch(url, {
            ...init,
            headers: {
              'content-type': 'application/x-www-form-urlencoded',
              ...(await headers((one) => dpop.generateProof(thief, url, 'POST', one), nonce)),
            },
          });
          const body = (await stolen.json()) as { error: unknown };
          answers.push({ status: stolen.status, error: body.error });
        }
        const response = await fetch(input, init);
        nonce = response.headers.get('dpop-nonce') ?? nonce;
        return response;
      });
      const { tokens } = await signIn(client);
      expect(answers).toEqual([{ status: 400, error }]);
      expect(tokens.token_type).toBe('DPoP');
      expect(recorder.exchanges.slice(1)).toEqual([
        'POST /par → 400',
        'POST /par → 201',
        'POST /token → 200',
      ]);
    },
  );

  it('an answer of another issuer, or twice the same → the client refuses it [ISS-2-01, ISS-2.4-01]', async () => {
    const { client } = await newClient();
    const url = await alice.authorize(await client.authorize());
    const forged = new URL(url);
    forged.searchParams.set('iss', 'https://as.example');
    await expect(client.callback(forged)).rejects.toThrow('issuer mismatch');
    await expect(client.callback(url)).rejects.toThrow('unknown state');
  });
});
