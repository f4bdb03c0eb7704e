import {
  type AuthReason,
  createJwtVerifier,
  createKeySet,
  type SignatureAlgorithm,
} from '@keybound/core';
import { createDpopAuthenticator, createMemoryReplayStore, PRESETS } from '@keybound/dpop';
import { createProof, createSigner } from '@keybound/signer';
import { createTestClock, ISSUER, NOW, RESOURCE, sha256, testRequest } from '@keybound/test-kit';
import * as jose from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestToken } from './support/client-credentials.ts';
import { useDatabase } from './support/database.ts';
import { type Deployment, startDeployment } from './support/deployment.ts';

const database = useDatabase();

/** Every algorithm we sign with. */
const SIGNING: readonly SignatureAlgorithm[] = [
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

describe('jose as an RFC 9068 resource server for our tokens', () => {
  let servers: Deployment;
  let keys: ReturnType<typeof jose.createRemoteJWKSet>;
  let expected: jose.JWTVerifyOptions;
  beforeAll(async () => {
    servers = await startDeployment(database);
    keys = jose.createRemoteJWKSet(new URL(`${servers.issuer}/jwks`));
    expected = {
      issuer: servers.issuer,
      audience: servers.api,
      typ: 'at+jwt',
      algorithms: ['ES256'],
      requiredClaims: ['exp', 'sub', 'client_id', 'iat', 'jti'],
    };
  });
  afterAll(() => servers.close());

  it('a bearer token → verifies with the published key [ATJWT-2.1-03, ATJWT-2.2-01, BEARER-5.3-01]', async () => {
    const { body } = await requestToken(servers.issuer, 'notes-jwt');
    const { payload } = await jose.jwtVerify(body.access_token, keys, expected);
    expect(payload).toMatchObject({
      sub: 'notes-jwt',
      client_id: 'notes-jwt',
      scope: 'notes:read notes:write',
    });
    expect(payload).not.toHaveProperty('cnf');
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
  });

  it('a bound token → cnf.jkt is the thumbprint jose computes [DPOP-6.1-01, THUMB-3-01]', async () => {
    const signer = await createSigner({ algorithm: 'PS256' });
    const proof = await createProof(signer, { method: 'POST', uri: `${servers.issuer}/token` });
    const { body } = await requestToken(servers.issuer, 'notes-dpop', proof);
    const { payload } = await jose.jwtVerify(body.access_token, keys, expected);
    expect(payload.cnf).toEqual({
      jkt: await jose.calculateJwkThumbprint({ ...signer.publicJwk }),
    });
  });

  it('the key set → public signing keys that their kid and alg select', async () => {
    const set = (await (await fetch(`${servers.issuer}/jwks`)).json()) as jose.JSONWebKeySet;
    for (const jwk of set.keys) {
      expect(jwk).toEqual({
        kty: 'EC',
        crv: 'P-256',
        x: expect.any(String),
        y: expect.any(String),
        kid: await jose.calculateJwkThumbprint(jwk),
        alg: 'ES256',
        use: 'sig',
      });
    }
    // The one that signs, and the next one, published ahead of use.
    const kids = set.keys.map(({ kid }) => kid);
    expect(new Set(kids).size).toBe(2);
    const { body } = await requestToken(servers.issuer, 'notes-jwt');
    expect(kids).toContain(jose.decodeProtectedHeader(body.access_token).kid);
  });

  it.each<{ name: string; change: jose.JWTVerifyOptions; code: string }>([
    {
      name: 'another audience',
      change: { audience: 'https://other.example' },
      code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    },
    {
      name: 'the typ of proofs',
      change: { typ: 'dpop+jwt' },
      code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    },
    {
      name: 'after its life',
      change: { currentDate: new Date('2100-01-01') },
      code: 'ERR_JWT_EXPIRED',
    },
  ])('jose expects $name → it refuses our token [JWTBCP-3.12-01]', async ({ change, code }) => {
    const { body } = await requestToken(servers.issuer, 'notes-jwt');
    await expect(
      jose.jwtVerify(body.access_token, keys, { ...expected, ...change }),
    ).rejects.toMatchObject({ code });
  });
});

describe('jose reading the proofs of our signer', () => {
  it.each(SIGNING)(
    '%s → verifies with the key in the header [DPOP-4.2-01, DPOP-4.2-02]',
    async (algorithm) => {
      const signer = await createSigner({ algorithm });
      const proof = await createProof(signer, {
        method: 'PATCH',
        uri: 'https://rs.example/r%7Es?q=1#f',
        accessToken: 'a token',
        nonce: 'a-nonce',
      });
      const { payload, protectedHeader } = await jose.jwtVerify(proof, jose.EmbeddedJWK, {
        typ: 'dpop+jwt',
        algorithms: [algorithm],
        maxTokenAge: 60,
      });
      expect(protectedHeader).toEqual({ typ: 'dpop+jwt', alg: algorithm, jwk: signer.publicJwk });
      expect(payload).toEqual({
        jti: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/),
        htm: 'PATCH',
        htu: 'https://rs.example/r%7Es',
        iat: expect.any(Number),
        ath: sha256('a token'),
        nonce: 'a-nonce',
      });
    },
  );

  it('one octet of the signature changed → jose refuses it too', async () => {
    const proof = await createProof(await createSigner(), { method: 'GET', uri: RESOURCE });
    const [header, payload, signature = ''] = proof.split('.');
    const octets = jose.base64url.decode(signature);
    octets[10] = (octets[10] ?? 0) ^ 1;
    await expect(
      jose.jwtVerify(`${header}.${payload}.${jose.base64url.encode(octets)}`, jose.EmbeddedJWK),
    ).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
  });
});

interface JoseKey {
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly jwk: jose.JWK;
}

async function joseKey(alg: string): Promise<JoseKey> {
  const { privateKey, publicKey } = await jose.generateKeyPair(alg, { extractable: true });
  return { alg, privateKey, jwk: await jose.exportJWK(publicKey) };
}

/** A good access token for {@link RESOURCE}; claims and header may be overridden. */
function joseToken(
  { alg, privateKey }: JoseKey,
  claims: jose.JWTPayload = {},
  header: Partial<jose.JWTHeaderParameters> = {},
): Promise<string> {
  return new jose.SignJWT({ client_id: 'notes-client', scope: 'notes:read', ...claims })
    .setIssuer(claims.iss ?? ISSUER)
    .setSubject('alice')
    .setAudience(claims.aud ?? RESOURCE)
    .setIssuedAt(NOW)
    .setExpirationTime(claims.exp ?? NOW + 300)
    .setJti('one')
    .setProtectedHeader({ alg, typ: 'at+jwt', kid: 'k', ...header })
    .sign(privateKey);
}

function verifierOf({ alg, jwk }: JoseKey) {
  const keys = createKeySet({ keys: [{ ...jwk, kid: 'k', alg, use: 'sig' }] });
  return createJwtVerifier({ issuer: ISSUER, audience: RESOURCE, keys, clock: createTestClock() });
}

describe('our verifier of tokens made by jose', () => {
  it.each(['ES256', 'ES384', 'ES512', 'PS256', 'Ed25519', 'EdDSA', 'RS256'])(
    '%s → accepted [ATJWT-2.1-02, JOSE-9864-01]',
    async (alg) => {
      const key = await joseKey(alg);
      const { claims, scope, confirmation, expiresAt } = await verifierOf(key).verify(
        await joseToken(key),
      );
      expect(claims).toMatchObject({ sub: 'alice', jti: 'one' });
      expect([scope, confirmation, expiresAt]).toEqual([['notes:read'], undefined, NOW + 300]);
    },
  );

  it.each<{
    name: string;
    claims?: jose.JWTPayload;
    header?: Partial<jose.JWTHeaderParameters>;
    reason: AuthReason;
  }>([
    { name: 'typ JWT', header: { typ: 'JWT' }, reason: 'token_type_mismatch' },
    { name: 'a kid nobody published', header: { kid: 'x' }, reason: 'token_key_unknown' },
    { name: 'another issuer', claims: { iss: `${ISSUER}/` }, reason: 'token_issuer_mismatch' },
    { name: 'another audience', claims: { aud: [] }, reason: 'token_audience_mismatch' },
    { name: 'expired', claims: { exp: NOW - 5 }, reason: 'token_expired' },
    { name: 'cnf null', claims: { cnf: null }, reason: 'confirmation_unsupported' },
    { name: 'no client_id', claims: { client_id: undefined }, reason: 'token_claims_invalid' },
  ])(
    '$name → $reason [ATJWT-4-01, ATJWT-4-02, ATJWT-4-03, ATJWT-4-05]',
    async ({ claims, header, reason }) => {
      const key = await joseKey('ES256');
      const verifying = verifierOf(key).verify(await joseToken(key, claims, header));
      await expect(verifying).rejects.toMatchObject({ name: 'AuthError', reason });
    },
  );

  it('a key of another issuer under the published kid → token_signature_invalid [ATJWT-4-04]', async () => {
    const verifier = verifierOf(await joseKey('ES256'));
    const token = await joseToken(await joseKey('ES256'));
    await expect(verifier.verify(token)).rejects.toMatchObject({
      reason: 'token_signature_invalid',
    });
  });

  it('HS256 with the public key as secret → token_algorithm_refused [JWTBCP-3.1-01]', async () => {
    const key = await joseKey('ES256');
    const secret = new TextEncoder().encode(JSON.stringify(key.jwk));
    const token = await new jose.SignJWT({ iss: ISSUER, aud: RESOURCE })
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'k' })
      .sign(secret);
    await expect(verifierOf(key).verify(token)).rejects.toMatchObject({
      reason: 'token_algorithm_refused',
    });
  });
});

describe('our verifier of proofs made by jose', () => {
  /** An authenticator, a token bound to a key of jose, and requests with a proof by it. */
  async function setUp(alg: string) {
    const issuer = await joseKey('ES256');
    const key = await joseKey(alg);
    const token = await joseToken(issuer, {
      cnf: { jkt: await jose.calculateJwkThumbprint(key.jwk) },
    });
    const clock = createTestClock();
    const authenticator = createDpopAuthenticator({
      tokens: verifierOf(issuer),
      publicOrigin: RESOURCE,
      replay: createMemoryReplayStore({ clock }),
      clock,
    });
    async function present(header: Partial<jose.JWTHeaderParameters> = {}) {
      const proof = await new jose.SignJWT({
        htm: 'GET',
        htu: `${RESOURCE}/r`,
        ath: sha256(token),
      })
        .setJti(crypto.randomUUID())
        .setIssuedAt(NOW)
        .setProtectedHeader({ alg, typ: 'dpop+jwt', jwk: key.jwk, ...header })
        .sign(key.privateKey);
      return authenticator.authenticate(testRequest({ dpop: proof }), token);
    }
    return { key, present };
  }

  it.each([...PRESETS.default.algorithms])(
    '%s → accepted [DPOP-4.3-06, DPOP-4.3-13, JOSE-9864-01]',
    async (alg) => {
      const { key, present } = await setUp(alg);
      const { context } = await present();
      expect(context).toMatchObject({
        scheme: 'DPoP',
        jkt: await jose.calculateJwkThumbprint(key.jwk),
      });
    },
  );

  it('typ with its media type prefix and further header members → accepted [JOSE-7515-4.1.9-01, DPOP-4.2-09]', async () => {
    const { present } = await setUp('ES256');
    const { context } = await present({ typ: 'application/dpop+jwt', kid: 'mine' });
    expect(context.scheme).toBe('DPoP');
  });

  it('the private key in the header → jwk_private [DPOP-4.3-07]', async () => {
    const { key, present } = await setUp('ES256');
    const jwk = await jose.exportJWK(key.privateKey);
    await expect(present({ jwk })).rejects.toMatchObject({ reason: 'jwk_private' });
  });

  it('the header key of somebody else → key_mismatch before any signature work [DPOP-4.3-13]', async () => {
    const { present } = await setUp('ES256');
    const { jwk } = await joseKey('ES256');
    await expect(present({ jwk })).rejects.toMatchObject({ reason: 'key_mismatch' });
  });
});
