import { KEYS, signJws, toBase64url } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import {
  createJwtVerifier,
  createKeySet,
  decodeBase64url,
  encodeUtf8,
  importVerifyKey,
  jwkThumbprint,
  type PublicJwk,
  parseCompactJws,
  parsePublicJwk,
  type SignatureAlgorithm,
  verifySignature,
} from '../src/index.ts';
import { RFC7515_A3, RFC7638, RFC8037, RFC9068, RFC9449 } from './known-answers.ts';

async function verifiesWith(jwk: object, alg: SignatureAlgorithm, jws: string): Promise<boolean> {
  const key = await importVerifyKey(parsePublicJwk(jwk, alg) as PublicJwk, alg);
  const signature = decodeBase64url(jws.slice(jws.lastIndexOf('.') + 1));
  if (!key || !signature) throw new Error('the sample is not usable');
  return verifySignature(key, signature, encodeUtf8(jws.slice(0, jws.lastIndexOf('.'))));
}

describe('thumbprints', () => {
  it.each<[string, object, SignatureAlgorithm, string]>([
    ['RFC 7638 §3.1', RFC7638.jwk, 'RS256', RFC7638.thumbprint],
    ['RFC 9449 §6.1', RFC9449.jwk, 'ES256', RFC9449.thumbprint],
    ['RFC 8037 A.2', RFC8037.jwk, 'EdDSA', RFC8037.thumbprint],
  ])(
    'the key of %s → the thumbprint printed there [THUMB-3-01]',
    async (_n, jwk, alg, expected) => {
      expect(await jwkThumbprint(parsePublicJwk(jwk, alg) as PublicJwk)).toBe(expected);
    },
  );
});

describe('signatures', () => {
  it.each<[string, object, SignatureAlgorithm, string]>([
    ['the ES256 JWS of RFC 7515 A.3', RFC7515_A3.jwk, 'ES256', RFC7515_A3.jws],
    ['the EdDSA JWS of RFC 8037 A.4', RFC8037.jwk, 'EdDSA', RFC8037.jws],
    ['the proof of RFC 9449 §4.1', RFC9449.jwk, 'ES256', RFC9449.tokenProof],
    ['the proof of RFC 9449 §7.1', RFC9449.jwk, 'ES256', RFC9449.resourceProof],
  ])('%s → valid [DPOP-4.3-06]', async (_name, jwk, alg, jws) => {
    expect(await verifiesWith(jwk, alg, jws)).toBe(true);
    expect(await verifiesWith(jwk, alg, jws.replace('.', '.A'))).toBe(false);
  });

  it('the proofs of RFC 9449 → parsed, their key the one of §6.1', async () => {
    const limits = { chars: 8192, headerChars: 4096, depth: 8, members: 64, values: 256 };
    const jws = parseCompactJws(RFC9449.resourceProof, limits);
    expect(jws).toMatchObject({
      header: { typ: 'dpop+jwt', alg: 'ES256', jwk: RFC9449.jwk },
      payload: {
        jti: 'e1j3V_bKic8-LAEB',
        htm: 'GET',
        htu: 'https://resource.example.org/protectedresource',
        iat: 1562262618,
        ath: 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo',
      },
    });
  });
});

describe('the example token of RFC 9068 §2.2', () => {
  const token = signJws({
    header: RFC9068.header,
    payload: RFC9068.claims,
    alg: 'RS256',
    key: KEYS.issuerRsa.privateKey,
  });
  const verifier = createJwtVerifier({
    issuer: RFC9068.claims.iss,
    audience: RFC9068.claims.aud,
    keys: createKeySet({ keys: [{ ...KEYS.issuerRsa.publicJwk, kid: RFC9068.header.kid }] }),
    clock: () => RFC9068.claims.iat + 60,
  });

  it('signed with a test key, its clock set → accepted with what it says [ATJWT-2.2-01]', async () => {
    expect(await verifier.verify(token)).toEqual({
      claims: RFC9068.claims,
      scope: ['openid', 'profile', 'reademail'],
      confirmation: undefined,
      expiresAt: RFC9068.claims.exp,
      hash: expect.any(Function),
    });
  });

  it('with the header typ in lower case as in §2.1 → accepted as well [ATJWT-4-01]', async () => {
    const [, payload = ''] = token.split('.');
    const header = toBase64url({ ...RFC9068.header, typ: 'at+jwt' });
    const resigned = signJws({
      header: { ...RFC9068.header, typ: 'at+jwt' },
      payload: RFC9068.claims,
      alg: 'RS256',
      key: KEYS.issuerRsa.privateKey,
    });
    expect(resigned.startsWith(`${header}.${payload}.`)).toBe(true);
    expect(await verifier.verify(resigned)).toMatchObject({ claims: RFC9068.claims });
  });
});
