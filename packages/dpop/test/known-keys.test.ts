import { importVerifyKey, type PublicJwk, parsePublicJwk, type VerifyKey } from '@keybound/core';
import { KEYS, type TestKey, thumbprint } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { createKnownKeys } from '../src/known-keys.ts';
import type { ProofHeader } from '../src/proof-header.ts';
import { ALL_ALGORITHMS, draftFor, PLACES, RESOURCE_SERVER } from './support/servers.ts';

const { alice, aliceRsa, mallory } = KEYS;
const ROUNDS = ['for the first time', 'once more'];

/** The same proof with one bit of its signature changed. */
function tampered(proof: string): string {
  const start = proof.lastIndexOf('.') + 1;
  const signature = Buffer.from(proof.slice(start), 'base64url');
  signature.writeUInt8(signature.readUInt8(10) ^ 1, 10);
  return proof.slice(0, start) + signature.toString('base64url');
}

describe.each(PLACES)('keys and headers that are remembered at the $name', (place) => {
  it('a good proof, then others with its very header → each judged by its own signature and claims', async () => {
    const server = place.create();
    const draft = draftFor(place);
    expect(await server.send({ proof: draft.mint() })).toMatchObject({ granted: true });
    const cases = [
      [tampered(draft.mint()), 'proof_signature_invalid'],
      [draft.mint({ claims: { htm: 'PUT' } }), 'htm_mismatch'],
      [draft.mint({ claims: { iat: 0 } }), 'proof_expired'],
      [draft.mint({ payloadText: '{"jti":"a","jti":"b"}' }), 'proof_malformed'],
      [draft.mint({ claims: { jti: undefined } }), 'proof_claims_invalid'],
    ] as const;
    for (const [proof, reason] of cases) {
      expect(await server.send({ proof })).toMatchObject({ granted: false, reason });
    }
    expect(await server.send({ proof: draft.mint() })).toMatchObject({ granted: true });
  });

  it("the header of a good proof with another one's signature → proof_signature_invalid", async () => {
    const server = place.create();
    const draft = draftFor(place);
    const good = draft.mint();
    expect(await server.send({ proof: good })).toMatchObject({ granted: true });
    const [, payload, signature] = draft.mint({ key: mallory }).split('.');
    const proof = `${good.split('.')[0]}.${payload}.${signature}`;
    expect(await server.send({ proof })).toMatchObject({ reason: 'proof_signature_invalid' });
  });

  it('many bad proofs by keys nobody knows → refused for their signature, and a good one passes', async () => {
    const server = place.create({ keyCache: { maxEntries: 2 } });
    const draft = draftFor(place);
    expect(await server.send({ proof: draft.mint() })).toMatchObject({ granted: true });
    for (const round of ROUNDS) {
      const bad = tampered(draft.mint({ header: { kid: round } }));
      expect(await server.send({ proof: bad })).toMatchObject({
        reason: 'proof_signature_invalid',
      });
      expect(await server.send({ proof: bad })).toMatchObject({
        reason: 'proof_signature_invalid',
      });
    }
    expect(await server.send({ proof: draft.mint() })).toMatchObject({ granted: true });
  });

  it('one RSA key, two algorithms in turn → each proof judged by the algorithm it names', async () => {
    const server = place.create({ algorithms: ALL_ALGORITHMS });
    const draft = draftFor(place, aliceRsa);
    for (const alg of ['PS256', 'RS256', 'PS256', 'PS384', 'RS256'] as const) {
      const proof = draft.mint({ alg });
      expect(await server.send({ proof, token: draft.token })).toMatchObject({ granted: true });
      const [header] = proof.split('.');
      const [, payload, signature] = draft
        .mint({ alg: alg === 'PS256' ? 'RS256' : 'PS256' })
        .split('.');
      const mixed = `${header}.${payload}.${signature}`;
      expect(await server.send({ proof: mixed, token: draft.token })).toMatchObject({
        reason: 'proof_signature_invalid',
      });
    }
  });

  it('a key that one server knows → of no use at one that does not take its algorithm', async () => {
    const draft = draftFor(place, aliceRsa);
    const lax = place.create({ algorithms: ['PS256', 'ES256'] });
    const strict = place.create({ algorithms: ['ES256'] });
    const send = { token: draft.token };
    expect(await lax.send({ ...send, proof: draft.mint() })).toMatchObject({ granted: true });
    expect(await strict.send({ ...send, proof: draft.mint() })).toMatchObject({
      reason: 'proof_algorithm_refused',
    });
  });

  it.each(['off', { maxEntries: 2 }, { maxBytes: 1 }] as const)(
    'keyCache %j → the same answers',
    async (keyCache) => {
      const server = place.create({ keyCache });
      for (const key of [alice, mallory, alice, KEYS.alice384, alice]) {
        const draft = draftFor(place, key);
        const { token } = draft;
        expect(await server.send({ proof: draft.mint(), token })).toMatchObject({ granted: true });
        expect(await server.send({ proof: tampered(draft.mint()), token })).toMatchObject({
          reason: 'proof_signature_invalid',
        });
      }
    },
  );

  it.each([
    [{ keyCache: { maxEntries: 0 } }, 'keyCache.maxEntries: must be a whole number, 2 or more'],
    [{ keyCache: 'on' as 'off' }, "keyCache: give 'off', or maxEntries and maxBytes"],
    [
      { signatureThread: 'worker' as 'pool' },
      'signatureThread: must be one of adaptive, main, pool',
    ],
  ])('%j → TypeError at start-up', (options, message) => {
    expect(() => place.create(options)).toThrow(new TypeError(message));
  });

  it.each(['main', 'pool', 'adaptive'] as const)(
    'signatureThread %s, 50 copies of one proof at once → one passes [DPOP-11.1-02]',
    async (signatureThread) => {
      const server = place.create({ signatureThread });
      const proof = draftFor(place).mint();
      const outcomes = await Promise.all(Array.from({ length: 50 }, () => server.send({ proof })));
      expect(outcomes.filter(({ granted }) => granted)).toHaveLength(1);
    },
  );
});

it('a known header beside a token that is bound to another key → key_mismatch', async () => {
  const server = RESOURCE_SERVER.create();
  const draft = draftFor(RESOURCE_SERVER);
  expect(await server.send({ proof: draft.mint() })).toMatchObject({ granted: true });
  const { token } = draftFor(RESOURCE_SERVER, mallory);
  expect(await server.send({ proof: draft.mint(), token })).toMatchObject({
    reason: 'key_mismatch',
  });
});

describe('createKnownKeys', () => {
  async function keyOf({ publicJwk }: TestKey): Promise<[ProofHeader, VerifyKey]> {
    const jwk = parsePublicJwk(publicJwk, 'ES256') as PublicJwk;
    const key = (await importVerifyKey(jwk, 'ES256')) as VerifyKey;
    return [{ algorithm: 'ES256', jwk, jkt: thumbprint(publicJwk) }, key];
  }

  it('a client that spells its header in many ways → crowds out headers, and no key', async () => {
    const known = createKnownKeys({ maxEntries: 8 });
    const [aliceHeader, aliceKey] = await keyOf(alice);
    const [malloryHeader, malloryKey] = await keyOf(mallory);
    known.remember({ header: aliceHeader, newHeaderPart: 'alice' }, aliceKey);
    for (let i = 0; i < 100; i++) {
      known.remember({ header: malloryHeader, newHeaderPart: `mallory ${i}` }, malloryKey);
    }
    expect(known.header('alice')).toBeUndefined();
    expect(known.key(aliceHeader)).toBe(aliceKey);
  });

  it('a key for another algorithm than it is remembered for → not given', async () => {
    const known = createKnownKeys({});
    const [header, key] = await keyOf(alice);
    known.remember({ header, newHeaderPart: 'a' }, key);
    expect(known.key({ ...header, algorithm: 'ES384' })).toBeUndefined();
  });
});
