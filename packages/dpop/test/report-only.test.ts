import { createBearerAuthenticator } from '@keybound/bearer';
import { createGuard, type Decision, type Requirement, UnavailableError } from '@keybound/core';
import {
  createTestClock,
  KEYS,
  mintProof,
  mintToken,
  RESOURCE,
  testRequest,
} from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import {
  createMemoryReplayStore,
  createNonces,
  createReportOnlyAuthenticator,
  type DpopAuthenticatorOptions,
} from '../src/index.ts';
import { jwtTokens, TOKEN } from './support/servers.ts';

const { alice, mallory } = KEYS;
const UNBOUND = mintToken();

/** An API that takes bearer tokens, and reports what DPoP would refuse. */
function createApi(options: Partial<DpopAuthenticatorOptions> = {}) {
  const clock = createTestClock();
  const tokens = jwtTokens(clock);
  const replay = createMemoryReplayStore({ clock });
  const decisions: Decision[] = [];
  const guard = createGuard({
    authenticators: [
      createBearerAuthenticator({ tokens }),
      createReportOnlyAuthenticator({ tokens, publicOrigin: RESOURCE, replay, clock, ...options }),
    ],
    onDecision: (decision) => decisions.push(decision),
  });
  return {
    clock,
    decisions,
    /** What came of a request: the scheme it counts as and what was reported, or why it was refused. */
    async ask(authorization: string, proof?: string, requirement?: Requirement) {
      const request = testRequest({ authorization, ...(proof !== undefined && { dpop: proof }) });
      const decision = await guard.decide(request, requirement);
      const { reported, reason, component } = decisions.at(-1) ?? {};
      return decision.granted
        ? { as: decision.auth.scheme, reported }
        : { status: decision.denial.status, refused: reason ?? component };
    },
    guard,
  };
}

describe('createReportOnlyAuthenticator', () => {
  const proof = mintProof({ token: TOKEN });
  it.each([
    ['a good proof', `DPoP ${TOKEN}`, proof, { as: 'DPoP', reported: undefined }],
    ['no proof', `DPoP ${TOKEN}`, undefined, { as: 'Bearer', reported: 'proof_missing' }],
    [
      'a proof of another key',
      `DPoP ${TOKEN}`,
      mintProof({ key: mallory, token: TOKEN }),
      { as: 'Bearer', reported: 'key_mismatch' },
    ],
    [
      'a proof for another place',
      `DPoP ${TOKEN}`,
      mintProof({ token: TOKEN, claims: { htu: `${RESOURCE}/other` } }),
      { as: 'Bearer', reported: 'htu_mismatch' },
    ],
    [
      'a token that is not bound',
      `DPoP ${UNBOUND}`,
      mintProof({ token: UNBOUND }),
      { as: 'Bearer', reported: 'token_not_bound' },
    ],
    ['a bearer token', `Bearer ${UNBOUND}`, undefined, { as: 'Bearer', reported: undefined }],
    [
      'a bound token sent as Bearer [DPOP-7.2-01]',
      `Bearer ${TOKEN}`,
      undefined,
      { status: 401, refused: 'token_bound' },
    ],
    [
      'a token that is no token',
      'DPoP nonsense',
      proof,
      { status: 401, refused: 'token_malformed' },
    ],
    [
      'a token that has ended',
      `DPoP ${mintToken({ boundTo: alice, claims: { exp: 1 } })}`,
      proof,
      { status: 401, refused: 'token_expired' },
    ],
  ])('%s → as it must be', async (_name, authorization, sent, expected) => {
    expect(await createApi().ask(authorization, sent)).toEqual(expected);
  });

  it('a good proof a second time → passes as Bearer, the replay is reported with its client [DPOP-11.1-01]', async () => {
    const { ask, decisions } = createApi();
    await ask(`DPoP ${TOKEN}`, proof);
    expect(await ask(`DPoP ${TOKEN}`, proof)).toEqual({ as: 'Bearer', reported: 'proof_replayed' });
    expect(decisions.at(-1)).toMatchObject({
      outcome: 'granted',
      clientId: 'notes-client',
      scheme: 'DPoP',
    });
  });

  it('a route that demands DPoP → a fault is refused there, a good proof passes', async () => {
    const { ask } = createApi();
    const demand = { schemes: ['DPoP'] } as const;
    expect(await ask(`DPoP ${TOKEN}`, undefined, demand)).toEqual({
      status: 401,
      refused: 'proof_missing',
    });
    expect(await ask(`DPoP ${TOKEN}`, proof, demand)).toEqual({ as: 'DPoP', reported: undefined });
  });

  it('a nonce that is lacking → reported, and the success tells the nonce; with it, a DPoP request [DPOP-8.2-01]', async () => {
    const clock = createTestClock();
    const nonces = createNonces({ secrets: () => ['n'.repeat(32)], server: RESOURCE, clock });
    const { guard } = createApi({ clock, nonces });
    const send = (dpop: string) =>
      guard.decide(testRequest({ authorization: `DPoP ${TOKEN}`, dpop }));
    const first = await send(proof);
    expect(first).toMatchObject({ granted: true, auth: { scheme: 'Bearer' } });
    const [[name, nonce] = [], ...others] = first.granted ? first.headers : [];
    expect(name).toBe('dpop-nonce');
    expect(others).toEqual([['cache-control', 'no-store']]);
    expect(await send(mintProof({ token: TOKEN, claims: { nonce } }))).toMatchObject({
      granted: true,
      auth: { scheme: 'DPoP' },
      reported: undefined,
    });
  });

  it('a replay store that is down → reported, the request passes as Bearer', async () => {
    const { ask } = createApi({
      replay: {
        add: () => Promise.reject(new UnavailableError('replay_store', 'connection refused')),
      },
    });
    expect(await ask(`DPoP ${TOKEN}`, proof)).toEqual({ as: 'Bearer', reported: 'replay_store' });
  });

  it('a fault that is reported → the token was verified once, and what is told of it is true', async () => {
    const { ask, decisions } = createApi();
    const elsewhere = mintProof({ token: TOKEN, claims: { htu: `${RESOURCE}/other` } });
    await ask(`DPoP ${TOKEN}`, elsewhere);
    expect(decisions[0]).toMatchObject({ reported: 'htu_mismatch', isTokenRemembered: false });
  });

  it('a token verifier that is down for the first question only → 503 all the same, it is not asked again', async () => {
    let questions = 0;
    const { verify: answer } = jwtTokens(createTestClock());
    const verify = (token: string) =>
      ++questions === 1
        ? Promise.reject(new UnavailableError('introspection', 'timed out'))
        : answer(token);
    const asked = await createApi({ tokens: { verify } }).ask(`DPoP ${TOKEN}`, proof);
    expect([asked, questions]).toEqual([{ status: 503, refused: 'introspection' }, 1]);
  });

  it('a token verifier that is down → 503, as without DPoP [DPOP-11.1-P3]', async () => {
    const verify = () => Promise.reject(new UnavailableError('introspection', 'timed out'));
    expect(await createApi({ tokens: { verify } }).ask(`DPoP ${TOKEN}`, proof)).toEqual({
      status: 503,
      refused: 'introspection',
    });
  });

  it('a fault of ours → passed on, never a grant', async () => {
    const { ask } = createApi({
      clock: () => {
        throw new Error('a fault of ours');
      },
    });
    await expect(ask(`DPoP ${TOKEN}`, proof)).rejects.toThrow('a fault of ours');
  });
});
