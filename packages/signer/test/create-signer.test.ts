import type { SignatureAlgorithm } from '@keybound/core';
import { KEYS } from '@keybound/test-kit';
import { describe, expect, it, vi } from 'vitest';
import { createProof, createSigner, createSignerFromKeyPair } from '../src/index.ts';
import { aliceKeyPair, verifiedProof } from './support/proofs.ts';

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' };
const TARGET = { method: 'GET', uri: 'https://rs.example/r' };

/** The private key that WebCrypto made for a signer; undefined where Node made it. */
async function generatedBy(create: () => Promise<unknown>): Promise<CryptoKey | undefined> {
  const spy = vi.spyOn(crypto.subtle, 'generateKey');
  try {
    await create();
    const result = await spy.mock.results[0]?.value;
    return (result as CryptoKeyPair | undefined)?.privateKey;
  } finally {
    spy.mockRestore();
  }
}

describe('createSigner', () => {
  const algorithms: readonly SignatureAlgorithm[] = [
    'ES256',
    'ES384',
    'ES512',
    'PS256',
    'PS384',
    'PS512',
    'RS256',
    'RS384',
    'RS512',
    'EdDSA',
    'Ed25519',
  ];

  it.each(algorithms)('%s → proofs that the embedded key verifies', async (algorithm) => {
    const signer = await createSigner({ algorithm });
    const { header } = await verifiedProof(await createProof(signer, TARGET));
    expect(header).toEqual({ typ: 'dpop+jwt', alg: algorithm, jwk: signer.publicJwk });
  });

  it('nothing chosen → ES256', async () => {
    expect((await createSigner()).algorithm).toBe('ES256');
  });

  it('the private key → in no member of the signer, and not extractable [DPOP-11.4-01] [DPOP-4.2-02]', async () => {
    const signer = await createSigner();
    expect(Object.keys(signer).sort()).toEqual(['algorithm', 'publicJwk', 'sign']);
    expect(Object.keys(signer.publicJwk).sort()).toEqual(['crv', 'kty', 'x', 'y']);
    const key = await generatedBy(() => createSigner());
    expect(key?.extractable ?? false).toBe(false);
  });

  it.each(['none', 'HS256', 'es256'])('algorithm %s → TypeError', async (name) => {
    const algorithm = name as SignatureAlgorithm;
    await expect(createSigner({ algorithm })).rejects.toThrow(TypeError);
    await expect(createSigner({ algorithm })).rejects.toThrow(/is not one of ES256/);
  });
});

describe('createSignerFromKeyPair', () => {
  it('a pair with an extractable private key → only RFC 7638 members [DPOP-4.2-02]', async () => {
    const signer = await createSignerFromKeyPair(await aliceKeyPair(true), 'ES256');
    const { crv, kty, x, y } = KEYS.alice.publicJwk;
    expect(signer.publicJwk).toEqual({ crv, kty, x, y });
    expect(Object.isFrozen(signer.publicJwk)).toBe(true);
  });

  it('the private key in both places → only RFC 7638 members [DPOP-4.2-02]', async () => {
    const { privateKey } = await aliceKeyPair(true);
    const signer = await createSignerFromKeyPair({ publicKey: privateKey, privateKey }, 'ES256');
    expect(Object.keys(signer.publicJwk).sort()).toEqual(['crv', 'kty', 'x', 'y']);
  });

  it('signs shared memory too', async () => {
    const signer = await createSignerFromKeyPair(await aliceKeyPair(), 'ES256');
    const shared = new Uint8Array(new SharedArrayBuffer(4));
    expect(await signer.sign(shared)).toHaveLength(64);
  });

  it('a public key that cannot be exported → TypeError', async () => {
    const pair = await aliceKeyPair();
    const publicKey = await crypto.subtle.importKey('jwk', KEYS.alice.publicJwk, ECDSA, false, [
      'verify',
    ]);
    await expect(createSignerFromKeyPair({ ...pair, publicKey }, 'ES256')).rejects.toThrow(
      new TypeError('keyPair: the public key must be extractable'),
    );
  });

  it('two keys of different pairs → TypeError', async () => {
    const pair = await aliceKeyPair();
    const publicKey = await crypto.subtle.importKey('jwk', KEYS.mallory.publicJwk, ECDSA, true, [
      'verify',
    ]);
    await expect(createSignerFromKeyPair({ ...pair, publicKey }, 'ES256')).rejects.toThrow(
      /^keyPair: what the private key signs with ES256/,
    );
  });

  it('a private key that may not sign → TypeError', async () => {
    const { publicKey } = await aliceKeyPair();
    const pair = { publicKey, privateKey: publicKey };
    await expect(createSignerFromKeyPair(pair, 'ES256')).rejects.toThrow(
      new TypeError('keyPair: the private key must be one that may sign'),
    );
  });

  it('a private key of WebCrypto for another RSA scheme → TypeError, on every runtime', async () => {
    const parameters = {
      name: 'RSA-PSS',
      hash: 'SHA-256',
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
    };
    const pair = await crypto.subtle.generateKey(parameters, true, ['sign', 'verify']);
    await expect(createSignerFromKeyPair(pair, 'RS256')).rejects.toThrow(
      new TypeError('keyPair: a private key for RSA-PSS does not sign with RS256'),
    );
  });

  it.each([true, false])(
    'a pair whose private key is extractable: %s → proofs that its public key verifies',
    async (extractable) => {
      const signer = await createSignerFromKeyPair(await aliceKeyPair(extractable), 'ES256');
      const { header } = await verifiedProof(await createProof(signer, TARGET));
      expect(header.jwk).toEqual(signer.publicJwk);
    },
  );

  it('a pair for another curve → TypeError', async () => {
    await expect(createSignerFromKeyPair(await aliceKeyPair(), 'ES384')).rejects.toThrow(
      new TypeError('the public key is not one for ES384: jwk_unsuitable'),
    );
  });

  it('a 1024-bit RSA pair → TypeError', async () => {
    const parameters = {
      name: 'RSA-PSS',
      hash: 'SHA-256',
      modulusLength: 1024,
      publicExponent: new Uint8Array([1, 0, 1]),
    };
    const pair = await crypto.subtle.generateKey(parameters, false, ['sign', 'verify']);
    await expect(createSignerFromKeyPair(pair, 'PS256')).rejects.toThrow(/key_weak/);
  });

  it('an unknown algorithm → TypeError', async () => {
    const algorithm = 'none' as SignatureAlgorithm;
    await expect(createSignerFromKeyPair(await aliceKeyPair(), algorithm)).rejects.toThrow(
      /is not one of ES256/,
    );
  });
});
