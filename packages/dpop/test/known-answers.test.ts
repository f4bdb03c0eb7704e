import {
  createGuard,
  createIntrospectionVerifier,
  jwkThumbprint,
  parsePublicJwk,
} from '@keybound/core';
import { KEYS, sha256, testRequest } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import {
  createDpopAuthenticator,
  createMemoryReplayStore,
  createProofVerifier,
} from '../src/index.ts';
import { headerOf } from './support/forge.ts';

// RFC 9449: the header that figures 2 and 12 share, the two payloads, the two signatures.
const HEADER =
  'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19';
const TOKEN_REQUEST_PROOF = `${HEADER}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg`;
const RESOURCE_PROOF = `${HEADER}.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA`;
const TOKEN = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU';
const JKT = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';

describe('the examples of RFC 9449', () => {
  it('the token request of §4.1 and §5, at its time → its key [DPOP-4.3-06, DPOP-6.1-01]', async () => {
    const proofs = createProofVerifier({
      publicOrigin: 'https://server.example.com',
      replay: 'off-accepting-replays',
      clock: () => 1562262618,
    });
    const request = testRequest(
      { dpop: TOKEN_REQUEST_PROOF },
      { method: 'POST', target: '/token' },
    );
    expect(await proofs.verify(request)).toEqual({ jkt: JKT, headers: [] });
  });

  const issuer = 'https://server.example.com';
  const resource = 'https://resource.example.org';
  const guardAt = (now: number) => {
    const clock = (): number => now;
    const answer = { active: true, aud: resource, sub: 'someone@example.com', cnf: { jkt: JKT } };
    const tokens = createIntrospectionVerifier({
      issuer,
      audience: resource,
      clientId: 'rs',
      clientSecret: 'secret',
      clock,
      fetch: async (url) =>
        Response.json(
          String(url).includes('well-known')
            ? { issuer, introspection_endpoint: `${issuer}/introspect` }
            : answer,
        ),
    });
    const replay = createMemoryReplayStore({ clock });
    return createGuard({
      authenticators: [createDpopAuthenticator({ tokens, publicOrigin: resource, replay, clock })],
    });
  };
  const request = (token = TOKEN, target = '/protectedresource') =>
    testRequest({ authorization: `DPoP ${token}`, dpop: RESOURCE_PROOF }, { target });

  it('A01 the resource request of §7.1, at its time → granted [DPOP-4.3-06, DPOP-4.3-12, DPOP-4.3-13]', async () => {
    expect(await guardAt(1562262618).decide(request())).toMatchObject({
      granted: true,
      auth: { scheme: 'DPoP', jkt: JKT, claims: { sub: 'someone@example.com' } },
    });
  });

  it.each([
    ['a minute and a second later', 1562262618 + 61, request(), 'proof_expired'],
    ['31 seconds earlier', 1562262618 - 31, request(), 'proof_from_future'],
    ['at another path', 1562262618, request(TOKEN, '/other'), 'htu_mismatch'],
    ['with another token', 1562262618, request('another'), 'ath_mismatch'],
  ])('the same %s → %4$s', async (_case, now, sent, reason) => {
    expect(await guardAt(now).decide(sent)).toMatchObject({ granted: false, error: { reason } });
  });
});

describe('thumbprints and token hashes', () => {
  const thumbprintOf = (jwk: unknown, alg: 'RS256' | 'ES256' | 'EdDSA') => {
    const parsed = parsePublicJwk(jwk, alg);
    return typeof parsed === 'string' ? parsed : jwkThumbprint(parsed);
  };

  it('M01 RFC 7638 §3.1 [THUMB-3-01]', async () => {
    const jwk = {
      kty: 'RSA',
      n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
      e: 'AQAB',
      alg: 'RS256',
      kid: '2011-04-29',
    };
    expect(await thumbprintOf(jwk, 'RS256')).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  });

  it('M02 RFC 9449 §6.1 [THUMB-3-01]', async () => {
    expect(await thumbprintOf(headerOf(RESOURCE_PROOF).jwk, 'ES256')).toBe(JKT);
  });

  it('M03 RFC 8037 §A.3 [THUMB-3-01]', async () => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
    expect(await thumbprintOf(jwk, 'EdDSA')).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
  });

  it('M04 a private key in a proof → refused before it has a thumbprint', async () => {
    expect(await thumbprintOf(KEYS.alice.privateJwk, 'ES256')).toBe('jwk_private');
  });

  it('M05 ath of RFC 9449 §7.1 [DPOP-4.2-07]', () => {
    expect(sha256(TOKEN)).toBe('fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo');
  });
});
