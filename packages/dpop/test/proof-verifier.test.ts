import { AuthError, UnavailableError } from '@keybound/core';
import {
  createTestClock,
  ISSUER,
  KEYS,
  mintProof,
  RESOURCE,
  sha256,
  testRequest,
  thumbprint,
} from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import {
  createMemoryReplayStore,
  createNonces,
  createProofVerifier,
  type ProofOptions,
} from '../src/index.ts';
import { AUTHORIZATION_SERVER } from './support/servers.ts';

const clock = createTestClock();

const verifier = (options: Partial<ProofOptions> = {}) =>
  createProofVerifier({
    publicOrigin: ISSUER,
    replay: createMemoryReplayStore({ clock }),
    clock,
    ...options,
  });

const tokenRequest = (fields: Record<string, string | string[]>, target = '/token') =>
  testRequest(fields, { method: 'POST', target });

const goodProof = (claims: Record<string, unknown> = {}): string =>
  mintProof({ claims: { htm: 'POST', htu: `${ISSUER}/token`, ...claims } });

describe('a token request', () => {
  it('K01 a good proof → the thumbprint to bind to, no further field [DPOP-4.3-06]', async () => {
    expect(await verifier().verify(tokenRequest({ dpop: goodProof() }))).toEqual({
      jkt: thumbprint(KEYS.alice.publicJwk),
      headers: [],
    });
  });

  it('K02 no DPoP field → undefined', async () => {
    expect(await verifier().verify(tokenRequest({}))).toBeUndefined();
  });

  it.each([
    ['empty', ''],
    ['blank', ' '],
    ['a word', 'undefined'],
  ])(
    'K05 a field that is %s → invalid_dpop_proof, never "no proof" [DPOP-4.1-P1, DPOP-5-02]',
    async (_case, dpop) => {
      await expect(verifier().verify(tokenRequest({ dpop }))).rejects.toMatchObject({
        reason: 'proof_malformed',
        code: 'invalid_dpop_proof',
      });
    },
  );

  it.each([
    ['the hash of a token', sha256('x')],
    ['any other text', 'x'],
  ])('K15 ath, %s → accepted, not compared [DPOP-4.2-09]', async (_case, ath) => {
    const request = tokenRequest({ dpop: goodProof({ ath }) });
    expect(await verifier().verify(request)).toMatchObject({ headers: [] });
  });

  it('K09 htm GET → htm_mismatch [DPOP-4.3-08]', async () => {
    await expect(
      verifier().verify(tokenRequest({ dpop: goodProof({ htm: 'GET' }) })),
    ).rejects.toMatchObject({ reason: 'htm_mismatch' });
  });

  it('a proof for the PAR endpoint → good there, refused at the token endpoint [DPOP-10.1-02]', async () => {
    const dpop = goodProof({ htu: `${ISSUER}/par` });
    await expect(verifier().verify(tokenRequest({ dpop }))).rejects.toMatchObject({
      reason: 'htu_mismatch',
    });
    expect(await verifier().verify(tokenRequest({ dpop }, '/par'))).toBeDefined();
  });

  it('I11 a proof captured at a resource server → htu_mismatch [DPOP-4.3-09]', async () => {
    const dpop = goodProof({ htu: `${RESOURCE}/token`, ath: sha256('x') });
    await expect(verifier().verify(tokenRequest({ dpop }))).rejects.toMatchObject({
      reason: 'htu_mismatch',
    });
  });

  it('a good Authorization field → not looked at', async () => {
    const request = tokenRequest({ dpop: goodProof(), authorization: 'Basic eDp5' });
    expect(await verifier().verify(request)).toBeDefined();
  });
});

describe('the answer to a refused proof', () => {
  it('a proof fault → 400, JSON, no-store, no challenge [DPOP-5-02]', async () => {
    expect(await verifier().deny(new AuthError('proof_signature_invalid'))).toEqual({
      status: 400,
      headers: [['cache-control', 'no-store']],
      body: {
        error: 'invalid_dpop_proof',
        error_description: 'The DPoP proof signature is not valid',
      },
    });
  });

  it('a nonce fault → 400, use_dpop_nonce and one DPoP-Nonce [DPOP-8-01, DPOP-8-03]', async () => {
    const secrets = (): string[] => ['a secret of the tests, 32 or more chars'];
    const nonces = createNonces({ secrets, server: ISSUER, clock });
    expect(await verifier({ nonces }).deny(new AuthError('nonce_missing'))).toEqual({
      status: 400,
      headers: [
        ['cache-control', 'no-store'],
        ['dpop-nonce', await nonces.current()],
      ],
      body: {
        error: 'use_dpop_nonce',
        error_description: 'The DPoP proof must contain the nonce of the server',
      },
    });
  });

  it('an outage → 503 and Retry-After [DPOP-11.1-P3]', async () => {
    const error = new UnavailableError('replay_store', 'lost', { retryAfterSeconds: 7 });
    expect(await verifier().deny(error)).toEqual({
      status: 503,
      headers: [
        ['retry-after', '7'],
        ['cache-control', 'no-store'],
      ],
      body: {
        error: 'temporarily_unavailable',
        error_description: 'The request cannot be checked at the moment',
      },
    });
  });
});

describe('what is told to clients', () => {
  it('K39 algorithms → the list that is enforced, in its order [DPOP-5.1-01]', () => {
    expect(verifier({ algorithms: ['PS256', 'ES256'] }).algorithms).toEqual(['PS256', 'ES256']);
    expect(AUTHORIZATION_SERVER.status).toBe(400);
  });
});
