import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createKmsSigner, type KeyService } from '../../examples/kms-signer.ts';
import { createDpopFetch, createProof } from '../../src/index.ts';
import { claimOfEach, verifiedProof } from '../support/proofs.ts';
import { challenge, json, replies, startServer } from '../support/server.ts';

const TARGET = { method: 'GET', uri: 'https://rs.example/r' };

/** A key management service in this process. It answers in DER, as the real ones do. */
function playedService(): KeyService & { readonly jwk: JsonWebKey } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'arn:of:the:key', use: 'sig' };
  return {
    jwk,
    publicKey: async () => jwk,
    sign: async (message) => sign('sha256', message, { key: privateKey, dsaEncoding: 'der' }),
  };
}

describe('a signer whose key is in a key management service', () => {
  it('many proofs → each verifies with the key of the service, and names nothing else of it', async () => {
    const service = playedService();
    const signer = await createKmsSigner(service);
    const { kty, crv, x, y } = service.jwk;
    // Many, since the length of a DER signature varies from one to the next.
    for (let i = 0; i < 50; i++) {
      const { header } = await verifiedProof(await createProof(signer, TARGET));
      expect(header).toEqual({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } });
    }
  });

  it('in createDpopFetch, at a server that wants a nonce → a proof for each send', async () => {
    const nonce = challenge('use_dpop_nonce', { 'dpop-nonce': 'n1' });
    const server = await startServer(replies(nonce, json(200, 'served')));
    const signer = await createKmsSigner(playedService());
    const dpopFetch = createDpopFetch({
      signer,
      accessToken: () => 'token',
      origins: [server.origin],
    });
    expect(await (await dpopFetch(`${server.origin}/r`)).json()).toBe('served');
    expect(claimOfEach(server, 'nonce')).toEqual([undefined, 'n1']);
  });

  it('a service that answers with something else than DER → the proof is not made', async () => {
    const signer = await createKmsSigner({
      ...playedService(),
      sign: async () => new Uint8Array(64),
    });
    await expect(createProof(signer, TARGET)).rejects.toThrow(TypeError);
  });

  it('a service that is down → what its library says', async () => {
    const signer = await createKmsSigner({
      ...playedService(),
      sign: () => Promise.reject(new Error('throttled')),
    });
    await expect(createProof(signer, TARGET)).rejects.toThrow('throttled');
  });
});
