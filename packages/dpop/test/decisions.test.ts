import { createGuard, type Decision } from '@keybound/core';
import {
  createTestClock,
  decodeJws,
  KEYS,
  mintProof,
  NOW,
  RESOURCE,
  testRequest,
} from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import {
  createDpopAuthenticator,
  createMemoryReplayStore,
  createNonces,
  type DpopAuthenticatorOptions,
} from '../src/index.ts';
import { jwtTokens, TOKEN } from './support/servers.ts';

/** An API that keeps what it is told, with a stopwatch that each reading moves by an eighth of a second. */
function createApi(options: Partial<DpopAuthenticatorOptions> = {}) {
  const clock = createTestClock();
  const decisions: Decision[] = [];
  let seconds = 0;
  const guard = createGuard({
    authenticators: [
      createDpopAuthenticator({
        tokens: jwtTokens(clock),
        publicOrigin: RESOURCE,
        replay: createMemoryReplayStore({ clock }),
        clock,
        ...options,
      }),
    ],
    onDecision: (decision) => decisions.push(decision),
    stopwatch: () => {
      seconds += 0.125;
      return seconds;
    },
  });
  return async (proof: string): Promise<Decision | undefined> => {
    await guard.decide(testRequest({ authorization: `DPoP ${TOKEN}`, dpop: proof }));
    return decisions.at(-1);
  };
}

const proofAged = (seconds: number) => mintProof({ token: TOKEN, claims: { iat: NOW - seconds } });

describe('what a DPoP request tells', () => {
  it('the first one and the second one → nothing remembered, then both token and key; client, age, times', async () => {
    const ask = createApi();
    const first = {
      outcome: 'granted',
      scheme: 'DPoP',
      clientId: 'notes-client',
      isTokenRemembered: false,
      isKeyRemembered: false,
      proofAgeSeconds: 7,
      tokenSeconds: 0.125,
      replaySeconds: 0.125,
      seconds: 0.625,
    };
    expect(await ask(proofAged(7))).toMatchObject(first);
    expect(await ask(proofAged(-2))).toMatchObject({
      ...first,
      isTokenRemembered: true,
      isKeyRemembered: true,
      proofAgeSeconds: -2,
    });
  });

  it.each([
    [
      'too old',
      proofAged(61),
      { reason: 'proof_expired', proofAgeSeconds: 61, clientId: 'notes-client' },
    ],
    [
      'from the future',
      proofAged(-31),
      { reason: 'proof_from_future', proofAgeSeconds: -31, clientId: 'notes-client' },
    ],
    [
      'of another key',
      mintProof({ key: KEYS.mallory, token: TOKEN }),
      { reason: 'key_mismatch', clientId: 'notes-client', tokenSeconds: 0.125 },
    ],
  ])('a proof %s → refused, and what was known by then', async (_name, proof, expected) => {
    const decision = await createApi()(proof);
    expect(decision).toMatchObject({ outcome: 'refused', ...expected });
    expect(decision?.replaySeconds).toBeUndefined();
  });

  it('a proof that is malformed → refused before anybody is known', async () => {
    const decision = await createApi()('no proof');
    expect(decision).toMatchObject({ outcome: 'refused', reason: 'proof_malformed' });
    expect(decision?.clientId).toBeUndefined();
  });

  it('a replay → how long the store took is told of a refusal as well', async () => {
    const ask = createApi();
    const proof = proofAged(0);
    await ask(proof);
    expect(await ask(proof)).toMatchObject({ reason: 'proof_replayed', replaySeconds: 0.125 });
  });

  it('whatever happens → no token, no proof, no part of one, no nonce', async () => {
    const clock = createTestClock();
    const nonces = createNonces({ secrets: () => ['n'.repeat(32)], server: RESOURCE, clock });
    const ask = createApi({ clock, nonces });
    const nonce = await nonces.current();
    const proofs = [
      mintProof({ token: TOKEN, claims: { nonce } }),
      mintProof({ token: TOKEN, claims: { nonce: 'of-yesterday' } }),
      mintProof({ token: TOKEN }),
      mintProof({ token: TOKEN, claims: { htu: `${RESOURCE}/?secret=1` } }),
    ];
    for (const proof of proofs) {
      const told = JSON.stringify(await ask(proof));
      const secrets = [...TOKEN.split('.'), ...proof.split('.'), nonce, 'of-yesterday', 'secret'];
      for (const secret of [...secrets, String(decodeJws(proof).payload.jti)]) {
        expect(told).not.toContain(secret);
      }
    }
  });
});
