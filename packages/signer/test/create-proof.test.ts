import { readFileSync } from 'node:fs';
import type { PublicJwk } from '@keybound/core';
import { createTestClock, KEYS, NOW, sha256 } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { createProof, type ProofOptions, type Signer } from '../src/index.ts';
import { signerError } from './support/errors.ts';
import { alice, verifiedProof } from './support/proofs.ts';

const RFC_TOKEN = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU';
const RFC_ATH = 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo';

async function proofOf(options: Partial<ProofOptions> = {}, signer: Signer = alice) {
  const clock = createTestClock();
  const target = { method: 'GET', uri: 'https://rs.example/r' };
  return verifiedProof(await createProof(signer, { clock, ...target, ...options }));
}

async function htuOf(uri: string | URL): Promise<unknown> {
  return (await proofOf({ uri })).payload.htu;
}

describe('the header', () => {
  it('has typ, alg and the public key, and nothing else [DPOP-4.2-01]', async () => {
    const { header } = await proofOf();
    const { crv, kty, x, y } = KEYS.alice.publicJwk;
    expect(header).toEqual({ typ: 'dpop+jwt', alg: 'ES256', jwk: { crv, kty, x, y } });
  });

  it('a signer whose JWK has d, kid and use → the RFC 7638 members only [DPOP-4.2-02] L05', async () => {
    const extra = { ...KEYS.alice.privateJwk, kid: 'k1', use: 'sig', key_ops: ['sign'] };
    const publicJwk = extra as unknown as PublicJwk;
    const { header } = await proofOf({}, { ...alice, publicJwk });
    expect(Object.keys(header.jwk as object).sort()).toEqual(['crv', 'kty', 'x', 'y']);
  });

  it.each([
    [
      'a key of another kind',
      { ...alice, algorithm: 'PS256' },
      /not one for PS256: jwk_unsuitable/,
    ],
    ['an algorithm that is not asymmetric', { ...alice, algorithm: 'HS256' }, /"HS256" is not one/],
  ])('a signer with %s → TypeError', async (_name, signer, message) => {
    await expect(proofOf({}, signer as Signer)).rejects.toThrow(message);
  });
});

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('the claims', () => {
  it('without token and nonce → jti, htm, htu, iat and no ath [DPOP-4.2-09] L04', async () => {
    const { payload } = await proofOf();
    expect(payload).toEqual({
      jti: expect.stringMatching(UUID_V4),
      htm: 'GET',
      htu: 'https://rs.example/r',
      iat: NOW,
    });
  });

  it('1000 proofs → 1000 jti [DPOP-4.2-03]', async () => {
    const proofs = await Promise.all(Array.from({ length: 1000 }, () => proofOf()));
    const ids = new Set(proofs.map(({ payload }) => payload.jti));
    expect(ids.size).toBe(1000);
  });

  it.each(['GET', 'patch', 'M-SEARCH'])(
    'htm is the method as given: %s [DPOP-4.2-04]',
    async (m) => {
      expect((await proofOf({ method: m })).payload.htm).toBe(m);
    },
  );

  it('a clock with a fraction → iat in whole seconds [DPOP-4.2-06]', async () => {
    expect((await proofOf({ clock: createTestClock(NOW + 0.999) })).payload.iat).toBe(NOW);
  });

  it('no clock → the time of the machine', async () => {
    const before = Math.floor(Date.now() / 1000);
    const { payload } = await verifiedProof(
      await createProof(alice, { method: 'GET', uri: 'https://rs.example/' }),
    );
    expect(payload.iat).toBeGreaterThanOrEqual(before);
    expect(payload.iat).toBeLessThanOrEqual(Date.now() / 1000);
  });

  it('the token of RFC 9449 → its ath [DPOP-4.2-07] L03 M05', async () => {
    expect((await proofOf({ accessToken: RFC_TOKEN })).payload.ath).toBe(RFC_ATH);
  });

  it('tokens in turn → the ath of each [DPOP-4.2-07]', async () => {
    for (const accessToken of ['a', 'b', 'b', RFC_TOKEN, 'a']) {
      expect((await proofOf({ accessToken })).payload.ath).toBe(sha256(accessToken));
    }
  });

  it('a nonce → the nonce [DPOP-4.2-08]', async () => {
    expect((await proofOf({ nonce: 'n-1' })).payload.nonce).toBe('n-1');
  });
});

describe('htu [DPOP-4.2-05]', () => {
  it.each([
    ['query, fragment and userinfo', 'https://u:p@rs.example?x#y', 'https://rs.example/'],
    ['an empty path', 'https://rs.example', 'https://rs.example/'],
    ['a default port', 'https://rs.example:443/a', 'https://rs.example/a'],
    ['another port', 'https://rs.example:8443/a', 'https://rs.example:8443/a'],
    ['upper-case scheme and host', 'HTTPS://RS.EXAMPLE/Aa', 'https://rs.example/Aa'],
    ['dot segments', 'https://rs.example/a/./b/../c', 'https://rs.example/a/c'],
    ['no trailing slash added or removed', 'https://rs.example/a/', 'https://rs.example/a/'],
    ['a bar', 'https://rs.example/a|b', 'https://rs.example/a%7Cb'],
    ['brackets', 'https://rs.example/[a]', 'https://rs.example/%5Ba%5D'],
    ['a circumflex', 'https://rs.example/a^b', 'https://rs.example/a%5Eb'],
    [
      'a backslash, which the URL standard reads as /',
      'https://rs.example/a\\b',
      'https://rs.example/a/b',
    ],
    ['blank, quote and braces', 'https://rs.example/ "{}', 'https://rs.example/%20%22%7B%7D'],
    ['characters beyond ASCII', 'https://rs.example/é', 'https://rs.example/%C3%A9'],
    ['escapes kept as they are', 'https://rs.example/%7euser%2F', 'https://rs.example/%7euser%2F'],
    [
      'all of pchar',
      "https://rs.example/a-._~!$&'()*+,;=:@",
      "https://rs.example/a-._~!$&'()*+,;=:@",
    ],
    ['a URL object', new URL('https://rs.example/a?b'), 'https://rs.example/a'],
    ['http to this machine', 'http://127.0.0.1:4001/a', 'http://127.0.0.1:4001/a'],
  ])('%s', async (_name, uri, htu) => {
    expect(await htuOf(uri)).toBe(htu);
  });

  it('a backslash in a query or fragment → not in htu', async () => {
    expect(await htuOf('https://rs.example/a?\\#\\')).toBe('https://rs.example/a');
  });

  it.each(['http://rs.example/a', 'ftp://rs.example/a'])(
    '%s → uri_not_secure [DPOP-2-01]',
    async (uri) => {
      const error = await signerError(proofOf({ uri }));
      expect(error.code).toBe('uri_not_secure');
      expect(error.message).toMatch(/use https/);
    },
  );

  it('a relative URI → TypeError', async () => {
    await expect(proofOf({ uri: '/a' })).rejects.toThrow(TypeError);
  });

  it.each<[string, object, string]>([
    ['no method', { method: undefined }, 'method: must be a text'],
    ['a clock that gives no number', { clock: () => Number.NaN }, 'clock: must give a number'],
    ['a clock without end', { clock: () => Number.POSITIVE_INFINITY }, 'clock: must give a number'],
  ])('%s → TypeError, and no proof that no server takes', async (_name, options, message) => {
    const made = createProof(alice, {
      method: 'GET',
      uri: 'https://rs.example/r',
      ...options,
    } as ProofOptions);
    await expect(made).rejects.toThrow(message);
  });
});

it('opaque and malformed tokens → hashed, never parsed [ATJWT-6-01]', async () => {
  for (const accessToken of ['opaque', 'e30.e30.', 'x.y.z.w.v']) {
    expect((await proofOf({ accessToken })).payload.ath).toBe(sha256(accessToken));
  }
  const source = readFileSync(new URL('../src/proof/create-proof.ts', import.meta.url), 'utf8');
  expect(source).not.toMatch(/decodeBase64url|parseCompactJws|JSON\.parse/);
});
