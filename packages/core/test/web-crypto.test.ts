import { KEYS } from '@keybound/test-kit';
import { expect, it, vi } from 'vitest';
import { runtime as runtimeInUse } from '#crypto';
import { runtime } from '../src/crypto/web.ts';
import { importVerifyKey } from '../src/index.ts';
import type { PublicJwk } from '../src/jose/jwk-types.ts';

it('a runtime that imports a key and then cannot work with it → no good signature, and no exception', async () => {
  const jwk = KEYS.aliceRsa.publicJwk as unknown as PublicJwk;
  const key = await runtime.importVerifyKey(jwk, 'PS256');
  const failing = vi.spyOn(crypto.subtle, 'verify');
  failing.mockRejectedValue(new Error('public key error'));
  expect(await key?.verify(new Uint8Array(256), new Uint8Array(1), 'main')).toBe(false);
  expect(failing).toHaveBeenCalledOnce();
});

it('a point that is not on its curve → no runtime is asked about it [JOSE-7518-6.2-01]', async () => {
  const importing = vi.spyOn(runtimeInUse, 'importVerifyKey');
  const jwk = { ...KEYS.alice.publicJwk, x: KEYS.alice.publicJwk.y } as unknown as PublicJwk;
  expect(await importVerifyKey(jwk, 'ES256')).toBeUndefined();
  expect(importing).not.toHaveBeenCalled();
});
