import { createIndexedDbStore, createProof, openSigner } from '@keybound/signer';
import { expect, it } from 'vitest';

const ALGORITHMS = ['ES256', 'ES384', 'ES512', 'PS256', 'Ed25519'] as const;

it.each(ALGORITHMS)(
  'a key for %s in IndexedDB → the same when it is opened again',
  async (algorithm) => {
    const database = `kept-${algorithm}`;
    const first = await openSigner({ store: createIndexedDbStore({ database }), algorithm });
    const again = await openSigner({ store: createIndexedDbStore({ database }), algorithm });
    expect(again.publicJwk).toEqual(first.publicJwk);
    const proof = await createProof(again, { method: 'GET', uri: 'https://rs.example/' });
    expect(proof.split('.')).toHaveLength(3);
  },
);

it.each(ALGORITHMS)(
  'what script finds there for %s → a key that no format gets out',
  async (algorithm) => {
    const store = createIndexedDbStore({ database: `kept-${algorithm}` });
    await openSigner({ store, algorithm });
    const { privateKey } = (await store.get(`key:${algorithm}`)) as CryptoKeyPair;
    for (const format of ['jwk', 'pkcs8', 'raw'] as const) {
      await expect(crypto.subtle.exportKey(format, privateKey)).rejects.toMatchObject({
        name: 'InvalidAccessError',
      });
    }
  },
);
