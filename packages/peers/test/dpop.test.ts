import { AUTH_REASONS, type AuthReason } from '@keybound/core';
import { decodeJws } from '@keybound/test-kit';
import * as dpop from 'dpop';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { challengeOf } from './support/challenge.ts';
import { requestToken } from './support/client-credentials.ts';
import { useDatabase } from './support/database.ts';
import { type Deployment, NONCE_TABLE, startDeployment } from './support/deployment.ts';

const database = useDatabase();

/** Those of the algorithms we list that the library makes; it knows no ES384, ES512 and EdDSA. */
const LISTED: readonly dpop.JWSAlgorithm[] = ['ES256', 'Ed25519', 'PS256'];

function get(url: string, token: string, proof: string, scheme = 'DPoP'): Promise<Response> {
  return fetch(url, { headers: { authorization: `${scheme} ${token}`, dpop: proof } });
}

describe.each(NONCE_TABLE)(
  'proofs for the authorization server, its nonces $nonces',
  ({ nonces }) => {
    let servers: Deployment;
    beforeAll(async () => {
      servers = await startDeployment(database, { nonces });
    });
    afterAll(() => servers.close());

    /** The nonce to use, learnt from a challenge; none where nonces are off. */
    async function learnNonce(keys: dpop.KeyPair): Promise<string | undefined> {
      if (nonces === 'off') return undefined;
      const proof = await dpop.generateProof(keys, `${servers.issuer}/token`, 'POST');
      const { status, nonce, body } = await requestToken(servers.issuer, 'notes-dpop', proof);
      expect([status, body.error]).toEqual([400, 'use_dpop_nonce']);
      return nonce ?? undefined;
    }

    it.each(LISTED)(
      '%s → a token bound to the key [DPOP-5.1-01, DPOP-5-03, DPOP-6.1-01]',
      async (alg) => {
        const keys = await dpop.generateKeyPair(alg);
        const nonce = await learnNonce(keys);
        const uri = `${servers.issuer}/token`;
        const proof = await dpop.generateProof(keys, uri, 'POST', nonce);
        const { status, body } = await requestToken(servers.issuer, 'notes-dpop', proof);
        expect([status, body.token_type]).toEqual([200, 'DPoP']);
        expect(decodeJws(body.access_token).payload.cnf).toEqual({
          jkt: await dpop.calculateThumbprint(keys.publicKey),
        });
      },
    );

    it.each<{
      name: string;
      alg?: dpop.JWSAlgorithm;
      uri?: string;
      method?: string;
      extra?: Record<string, number>;
      reason: AuthReason;
    }>([
      { name: 'RS256, which is not listed', alg: 'RS256', reason: 'proof_algorithm_refused' },
      { name: 'another method', method: 'GET', reason: 'htm_mismatch' },
      { name: 'the method in lower case', method: 'post', reason: 'htm_mismatch' },
      { name: 'another endpoint', uri: '/introspect', reason: 'htu_mismatch' },
      { name: 'another server', uri: 'https://other.example/token', reason: 'htu_mismatch' },
      { name: 'no absolute URI', uri: 'token', reason: 'htu_malformed' },
      { name: 'an exp that is over', extra: { exp: 1 }, reason: 'proof_expired' },
    ])('$name → 400 invalid_dpop_proof, $reason [DPOP-5-02]', async (row) => {
      const { alg = 'ES256', uri = '/token', method = 'POST', extra, reason } = row;
      const keys = await dpop.generateKeyPair(alg);
      const nonce = alg === 'RS256' ? undefined : await learnNonce(keys);
      const htu = uri.startsWith('/') ? `${servers.issuer}${uri}` : uri;
      const proof = await dpop.generateProof(keys, htu, method, nonce, undefined, extra);
      const answer = await requestToken(servers.issuer, 'notes-dpop', proof);
      expect(answer.status).toBe(400);
      expect(answer.body).toEqual({
        error: 'invalid_dpop_proof',
        error_description: AUTH_REASONS[reason].description,
      });
      // A refusal brings a nonce too, so that the next request needs no challenge of its own.
      expect(answer.nonce).toEqual(nonces === 'on' ? expect.any(String) : null);
    });

    it('one proof twice → the second is refused [DPOP-11.1-02]', async () => {
      const keys = await dpop.generateKeyPair('ES256');
      const nonce = await learnNonce(keys);
      const proof = await dpop.generateProof(keys, `${servers.issuer}/token`, 'POST', nonce);
      expect((await requestToken(servers.issuer, 'notes-dpop', proof)).status).toBe(200);
      const again = await requestToken(servers.issuer, 'notes-dpop', proof);
      expect(again.status).toBe(400);
      expect(again.body.error_description).toBe(AUTH_REASONS.proof_replayed.description);
    });

    it('an ath and unknown claims at the token endpoint → ignored [DPOP-4.2-09]', async () => {
      const keys = await dpop.generateKeyPair('ES256');
      const nonce = await learnNonce(keys);
      const htu = `${servers.issuer}/token`;
      const proof = await dpop.generateProof(keys, htu, 'POST', nonce, 'some token', { foo: 1 });
      expect((await requestToken(servers.issuer, 'notes-dpop', proof)).status).toBe(200);
    });
  },
);

describe('proofs for the resource server', () => {
  let servers: Deployment;
  let notes: string;
  beforeAll(async () => {
    servers = await startDeployment(database);
    notes = `${servers.api}/dpop/notes`;
  });
  afterAll(() => servers.close());

  async function boundToken(
    alg: dpop.JWSAlgorithm = 'ES256',
  ): Promise<{ keys: dpop.KeyPair; token: string }> {
    const keys = await dpop.generateKeyPair(alg);
    const proof = await dpop.generateProof(keys, `${servers.issuer}/token`, 'POST');
    const { body } = await requestToken(servers.issuer, 'notes-dpop', proof);
    return { keys, token: body.access_token };
  }

  it.each(LISTED)(
    '%s → 200 at /dpop, and at /dpop-nonce with its nonce [DPOP-7.1-01, DPOP-9-01]',
    async (alg) => {
      const { keys, token } = await boundToken(alg);
      const proof = await dpop.generateProof(keys, notes, 'GET', undefined, token);
      expect((await get(notes, token, proof)).status).toBe(200);

      const strict = `${servers.api}/dpop-nonce/notes`;
      const without = await dpop.generateProof(keys, strict, 'GET', undefined, token);
      const challenge = await get(strict, token, without);
      expect(challenge.status).toBe(401);
      expect(challenge.headers.get('cache-control')).toBe('no-store');
      expect(challenge.headers.get('www-authenticate')).toBe(
        challengeOf(servers.api, 'DPoP', 'nonce_missing'),
      );
      const nonce = challenge.headers.get('dpop-nonce') ?? '';
      const withNonce = await dpop.generateProof(keys, strict, 'GET', nonce, token);
      expect((await get(strict, token, withNonce)).status).toBe(200);
    },
  );

  it.each<{
    name: string;
    method?: string;
    uri?: string;
    proofToken?: string | undefined;
    extra?: Record<string, number>;
    path?: string;
    nonce?: string;
    reason: AuthReason;
  }>([
    { name: 'a proof for POST', method: 'POST', reason: 'htm_mismatch' },
    { name: 'a proof for HEAD', method: 'HEAD', reason: 'htm_mismatch' },
    { name: 'a proof for another mount', uri: '/dpop-nonce/notes', reason: 'htu_mismatch' },
    {
      name: 'a proof for another host',
      uri: 'https://evil.example/dpop/notes',
      reason: 'htu_mismatch',
    },
    { name: 'a trailing slash too many', uri: '/dpop/notes/', reason: 'htu_mismatch' },
    { name: 'another token in ath', proofToken: 'another token', reason: 'ath_mismatch' },
    { name: 'no ath', proofToken: undefined, reason: 'ath_missing' },
    { name: 'an exp that is over', extra: { exp: 1 }, reason: 'proof_expired' },
    { name: 'an nbf to come', extra: { nbf: 9_999_999_999 }, reason: 'proof_from_future' },
    { name: 'a nonce of nobody', path: '/dpop-nonce/notes', nonce: 'guess', reason: 'nonce_stale' },
  ])('$name → 401, $reason [DPOP-4.3-08, DPOP-4.3-09, DPOP-4.3-12]', async (row) => {
    const { keys, token } = await boundToken();
    const { method = 'GET', path = '/dpop/notes', nonce, extra, reason } = row;
    const { uri = path } = row;
    const htu = uri.startsWith('/') ? `${servers.api}${uri}` : uri;
    const proofToken = 'proofToken' in row ? row.proofToken : token;
    const proof = await dpop.generateProof(keys, htu, method, nonce, proofToken, extra);
    const response = await get(`${servers.api}${path}`, token, proof);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(challengeOf(servers.api, 'DPoP', reason));
  });

  it('a proof by another key → 401, key_mismatch as invalid_token [DPOP-4.3-13, DPOP-7.1-12]', async () => {
    const { token } = await boundToken();
    const thief = await dpop.generateKeyPair('ES256');
    const proof = await dpop.generateProof(thief, notes, 'GET', undefined, token);
    const response = await get(notes, token, proof);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      challengeOf(servers.api, 'DPoP', 'key_mismatch'),
    );
  });

  it('an RS256 proof, which is not listed → 401, proof_algorithm_refused [DPOP-4.3-05]', async () => {
    const { token } = await boundToken();
    const keys = await dpop.generateKeyPair('RS256');
    const proof = await dpop.generateProof(keys, notes, 'GET', undefined, token);
    const response = await get(notes, token, proof);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      challengeOf(servers.api, 'DPoP', 'proof_algorithm_refused'),
    );
  });

  it('one proof twice → 200, then 401 proof_replayed [DPOP-11.1-02]', async () => {
    const { keys, token } = await boundToken();
    const proof = await dpop.generateProof(keys, notes, 'GET', undefined, token);
    expect((await get(notes, token, proof)).status).toBe(200);
    const again = await get(notes, token, proof);
    expect(again.status).toBe(401);
    expect(again.headers.get('www-authenticate')).toBe(
      challengeOf(servers.api, 'DPoP', 'proof_replayed'),
    );
  });

  it('a query in the request and another in htu → 200, neither counts [DPOP-4.3-09]', async () => {
    const { keys, token } = await boundToken();
    const proof = await dpop.generateProof(keys, `${notes}?b=2#x`, 'GET', undefined, token);
    expect((await get(`${notes}?a=1`, token, proof)).status).toBe(200);
  });

  it('the bound token as Bearer with a good proof beside it → 401 at /bearer and /either [DPOP-7.2-01, DPOP-7.2-03]', async () => {
    const { keys, token } = await boundToken();
    const bearer = `${servers.api}/bearer/notes`;
    const refused = await get(
      bearer,
      token,
      await dpop.generateProof(keys, bearer, 'GET', undefined, token),
      'Bearer',
    );
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe(
      challengeOf(servers.api, 'Bearer', 'token_bound'),
    );
    const either = `${servers.api}/either/notes`;
    const both = await get(
      either,
      token,
      await dpop.generateProof(keys, either, 'GET', undefined, token),
      'Bearer',
    );
    expect(both.status).toBe(401);
    // Two field lines, which fetch joins.
    expect(both.headers.get('www-authenticate')).toBe(
      [challengeOf(servers.api, 'Bearer', 'token_bound'), challengeOf(servers.api, 'DPoP')].join(
        ', ',
      ),
    );
  });

  it('a token that is not bound under DPoP → 401, token_not_bound [DPOP-7.2-P1]', async () => {
    const keys = await dpop.generateKeyPair('ES256');
    const { body } = await requestToken(servers.issuer, 'notes-jwt');
    const proof = await dpop.generateProof(keys, notes, 'GET', undefined, body.access_token);
    const response = await get(notes, body.access_token, proof);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      challengeOf(servers.api, 'DPoP', 'token_not_bound'),
    );
  });
});
