import { KEYS, thumbprint } from '@keybound/test-kit';
import { calculateJwkThumbprint } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  jwkThumbprint,
  type PublicJwk,
  parsePublicJwk,
  type SignatureAlgorithm,
} from '../src/index.ts';
import { RFC9449 } from './known-answers.ts';

describe('jwkThumbprint', () => {
  it.each(Object.values(KEYS).map((key) => [key.kid, key] as const))(
    'the key of %s → what jose and the test kit compute [THUMB-3-01]',
    async (_name, { publicJwk, alg }) => {
      const jwk = parsePublicJwk(publicJwk, alg as SignatureAlgorithm) as PublicJwk;
      const jkt = await jwkThumbprint(jwk);
      expect(jkt).toBe(await calculateJwkThumbprint(publicJwk));
      expect(jkt).toBe(thumbprint(publicJwk));
    },
  );

  it('the members in another order, with others beside them → the same thumbprint [THUMB-3-01]', async () => {
    const { kty, crv, x, y } = RFC9449.jwk;
    const jwk = parsePublicJwk({ y, kid: 'k', x, use: 'sig', crv, kty, d2: 1 }, 'ES256');
    expect(await jwkThumbprint(jwk as PublicJwk)).toBe(RFC9449.thumbprint);
  });
});
