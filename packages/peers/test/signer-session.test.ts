import { createSigner } from '@keybound/signer';
import { decodeJws, thumbprint } from '@keybound/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from './support/database.ts';
import { type Deployment, NONCE_TABLE, startDeployment } from './support/deployment.ts';
import { alice, CALLBACK } from './support/scripted-user.ts';
import { newSignerSession, type SignerSession } from './support/signer-session.ts';

const database = useDatabase();
const LANES = ['/dpop/notes', '/dpop-nonce/notes'] as const;

describe.each(NONCE_TABLE)(
  'a session of our signer as notes-app, nonces of the authorization server $nonces',
  ({ nonces }) => {
    let servers: Deployment;
    beforeAll(async () => {
      servers = await startDeployment(database, { nonces });
    });
    afterAll(() => servers.close());

    function newSession(): Promise<SignerSession> {
      return newSignerSession(servers.issuer, {
        clientId: 'notes-app',
        redirectUri: CALLBACK,
        scope: 'notes:read notes:write',
        resource: servers.api,
      });
    }

    /** Alice is signed in. */
    async function signedIn(): Promise<SignerSession> {
      const all = await newSession();
      const { session } = all;
      await session.complete(await alice.authorize(new URL(await session.begin())));
      return all;
    }

    async function expectNotes({ fetchAt }: SignerSession): Promise<void> {
      const call = fetchAt(servers.api);
      for (const path of LANES) {
        const response = await call(servers.api + path);
        expect(response.status).toBe(200);
        expect(await response.json()).toEqual({ notes: expect.any(Array) });
      }
    }

    /** Where nonces are on, the first request is challenged; what it brings serves the other endpoints. */
    function withChallenge(exchange: string): readonly string[] {
      const [endpoint] = exchange.split(' → ');
      return nonces === 'on' ? [`${endpoint} → 400`, exchange] : [exchange];
    }

    it('alice approves → a token bound to our key, which both lanes take [PAR-2.2-01, PKCE-4.2-01, DPOP-5-01, DPOP-5-03, DPOP-10.1-01]', async () => {
      const all = await newSession();
      const { session, signer, traffic } = all;
      const jkt = thumbprint({ ...signer.publicJwk });
      const url = new URL(await session.begin());
      expect([...url.searchParams.keys()]).toEqual(['client_id', 'request_uri']);
      expect(traffic.formsTo('/par').at(-1)).toMatchObject({
        code_challenge_method: 'S256',
        dpop_jkt: jkt,
      });
      await session.complete(await alice.authorize(url));

      expect(await session.isSignedIn()).toBe(true);
      expect(decodeJws(await session.accessToken()).payload).toMatchObject({
        iss: servers.issuer,
        sub: 'user-alice',
        aud: servers.api,
        client_id: 'notes-app',
        cnf: { jkt },
      });
      await expectNotes(all);
      expect(traffic.exchanges).toEqual([...withChallenge('POST /par → 201'), 'POST /token → 200']);
    });

    it('the token is named as rejected → another one for the same key and another refresh token, both lanes take it [DPOP-5-01, DPOP-5-04, DPOP-5-05]', async () => {
      const all = await signedIn();
      const { session, signer, traffic } = all;
      const first = await session.accessToken();
      const second = await session.accessToken(first);
      expect(second).not.toBe(first);
      expect(decodeJws(second).payload).toMatchObject({
        cnf: { jkt: thumbprint({ ...signer.publicJwk }) },
      });
      expect(new Set(traffic.refreshTokens).size).toBe(2);
      await expectNotes(all);

      const third = await session.accessToken(second);
      expect(third).not.toBe(second);
      expect(new Set(traffic.refreshTokens).size).toBe(3);
    });

    it('two pages over one store renew at once → the server is asked once, both have the same token, nobody is signed out', async () => {
      const all = await signedIn();
      const { session, anotherPage, traffic } = all;
      const other = anotherPage();
      const first = await session.accessToken();
      expect(await other.accessToken()).toBe(first);

      const [here, there] = await Promise.all([
        session.accessToken(first),
        other.accessToken(first),
      ]);
      expect(here).toBe(there);
      expect(here).not.toBe(first);
      expect(traffic.refreshTokens).toHaveLength(2);
      expect(await session.isSignedIn()).toBe(true);
      expect(await other.isSignedIn()).toBe(true);
      // Whoever renews next has the newest refresh token.
      const next = await other.accessToken(here);
      expect(await session.accessToken(here)).toBe(next);
      expect(traffic.refreshTokens).toHaveLength(3);
      await expectNotes(all);
    });

    it('it is ended → signed_out in every page, and its refresh token is dead at the server [REVOKE-2-01]', async () => {
      const { session, anotherPage, fetchAt, refreshWith, traffic } = await signedIn();
      const other = anotherPage();
      const token = await session.accessToken(await session.accessToken());
      const newest = traffic.refreshTokens.at(-1) ?? '';
      await session.end();
      expect(traffic.exchanges.at(-1)).toBe('POST /revoke → 200');

      const signedOut = { code: 'signed_out' };
      for (const page of [session, other]) {
        expect(await page.isSignedIn()).toBe(false);
        await expect(page.accessToken()).rejects.toMatchObject(signedOut);
        await expect(page.accessToken(token)).rejects.toMatchObject(signedOut);
      }
      await expect(fetchAt(servers.api)(`${servers.api}/dpop/notes`)).rejects.toMatchObject(
        signedOut,
      );
      const refused = await refreshWith(newest);
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({ error: 'invalid_grant' });
    });

    it('the server ended the grant → grant_ended, then signed_out', async () => {
      const { session, refreshWith, traffic } = await signedIn();
      const [stolen = ''] = traffic.refreshTokens;
      const first = await session.accessToken();
      const second = await session.accessToken(first);
      await session.accessToken(second);
      // The reuse of an old refresh token ends the family.
      expect((await refreshWith(stolen)).status).toBe(400);

      await expect(session.accessToken(await session.accessToken())).rejects.toMatchObject({
        code: 'grant_ended',
        cause: { oauthError: 'invalid_grant' },
      });
      await expect(session.accessToken()).rejects.toMatchObject({ code: 'signed_out' });
    });

    it('the answer is brought twice → authorization_response_mismatch, the code is not sent again, the session lives on [OAUTH-STATE-01]', async () => {
      const all = await newSession();
      const { session, traffic } = all;
      const answer = await alice.authorize(new URL(await session.begin()));
      await session.complete(answer);
      const before = traffic.exchanges.length;
      await expect(session.complete(answer)).rejects.toMatchObject({
        code: 'authorization_response_mismatch',
      });
      expect(traffic.exchanges).toHaveLength(before);
      await session.accessToken(await session.accessToken());
      await expectNotes(all);
    });

    it.each<{ name: string; tamper: (answer: URLSearchParams) => void }>([
      { name: 'another iss', tamper: (answer) => answer.set('iss', 'https://as.example') },
      { name: 'no iss, which the metadata promise', tamper: (answer) => answer.delete('iss') },
      { name: 'another state', tamper: (answer) => answer.set('state', 'planted') },
    ])(
      'an answer with $name → authorization_response_mismatch, the code is not sent [ISS-2-01, ISS-2.4-01, OAUTH-STATE-01]',
      async ({ tamper }) => {
        const { session, traffic } = await newSession();
        const answer = await alice.authorize(new URL(await session.begin()));
        tamper(answer.searchParams);
        await expect(session.complete(answer)).rejects.toMatchObject({
          code: 'authorization_response_mismatch',
        });
        expect(traffic.formsTo('/token')).toEqual([]);
        expect(await session.isSignedIn()).toBe(false);
      },
    );

    it('alice denies → authorization_denied, nobody is signed in [ISS-2-01]', async () => {
      const { session, traffic } = await newSession();
      const answer = await alice.authorize(new URL(await session.begin()), 'deny');
      await expect(session.complete(answer)).rejects.toMatchObject({
        code: 'authorization_denied',
        oauthError: 'access_denied',
      });
      expect(traffic.formsTo('/token')).toEqual([]);
      await expect(session.accessToken()).rejects.toMatchObject({ code: 'signed_out' });
    });

    it('a page with another key redeems the code → invalid_grant, nobody is signed in [DPOP-10-01, DPOP-10.1-02]', async () => {
      const { session, anotherPage } = await newSession();
      const answer = await alice.authorize(new URL(await session.begin()));
      const thief = anotherPage(await createSigner());
      await expect(thief.complete(answer)).rejects.toMatchObject({
        code: 'token_request_failed',
        status: 400,
        oauthError: 'invalid_grant',
      });
      expect(await session.isSignedIn()).toBe(false);
    });
  },
);
