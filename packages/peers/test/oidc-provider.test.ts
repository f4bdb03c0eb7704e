import { fetchIssuerMetadata } from '@keybound/core';
import {
  createBearerFetch,
  createClientCredentialsTokens,
  createDpopFetch,
  createSigner,
  type Signer,
} from '@keybound/signer';
import { decodeJws, thumbprint } from '@keybound/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { challengeOf } from './support/challenge.ts';
import { type ResourceServer, secretOf, startResourceServer } from './support/deployment.ts';
import { createRecorder, type Recorder } from './support/recorder.ts';
import { startVendorAs, type VendorAs } from './support/vendor-as.ts';

const NOTES = { notes: [{ id: expect.any(Number), text: expect.any(String) }] };

/** The server, our API that trusts it, and what our signer makes of both. */
async function startAll(dpop: 'nonces-on' | 'nonces-off' | 'not-supported') {
  const as: VendorAs = await startVendorAs({ dpop });
  const rs: ResourceServer = await startResourceServer(as.issuer);
  as.allowAudience(rs.api);

  /** Our token source for a client of that server, and what it sent. */
  function tokensOf(
    clientId: string,
    { format = 'jwt', signer }: { format?: 'jwt' | 'opaque'; signer?: Signer } = {},
  ) {
    const recorder: Recorder = createRecorder();
    const accessToken = createClientCredentialsTokens({
      tokenEndpoint: as.tokenEndpoint,
      clientId,
      clientSecret: secretOf(clientId),
      scope: 'notes:read notes:write',
      resource: format === 'jwt' ? rs.api : `${rs.api}/opaque`,
      fetch: recorder.fetch,
      ...(signer && { signer }),
    });
    return { accessToken, exchanges: recorder.exchanges };
  }

  return {
    issuer: as.issuer,
    api: rs.api,
    tokensOf,
    async close(): Promise<void> {
      await Promise.all([rs.close(), as.close()]);
    },
  };
}

describe.each([
  { dpop: 'nonces-off', exchanges: ['POST /token → 200'] },
  { dpop: 'nonces-on', exchanges: ['POST /token → 400', 'POST /token → 200'] },
] as const)('oidc-provider, $dpop', ({ dpop, exchanges: expectedExchanges }) => {
  let servers: Awaited<ReturnType<typeof startAll>>;
  let signer: Signer;
  beforeAll(async () => {
    servers = await startAll(dpop);
    signer = await createSigner();
  });
  afterAll(() => servers.close());

  it('its metadata → found and believed [META-3-01, META-3.3-01]', async () => {
    expect(await fetchIssuerMetadata(servers.issuer)).toMatchObject({
      issuer: servers.issuer,
      token_endpoint: `${servers.issuer}/token`,
      dpop_signing_alg_values_supported: ['ES256', 'Ed25519', 'EdDSA'],
    });
  });

  it('our client → a token bound to our key, after one challenge where nonces are on [DPOP-5-01, DPOP-8-06, DPOP-6.1-01]', async () => {
    const { accessToken, exchanges } = servers.tokensOf('bound-service', { signer });
    const { header, payload } = decodeJws(await accessToken());
    expect(header).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: 'issuer' });
    expect(payload).toMatchObject({
      iss: servers.issuer,
      aud: servers.api,
      client_id: 'bound-service',
      cnf: { jkt: thumbprint({ ...signer.publicJwk }) },
    });
    expect(exchanges).toEqual(expectedExchanges);
  });

  it('a second token → the nonce of the first answer serves, no challenge [DPOP-8.2-01]', async () => {
    const { accessToken, exchanges } = servers.tokensOf('bound-service', { signer });
    const first = await accessToken();
    expect(await accessToken(first)).not.toBe(first);
    expect(exchanges).toEqual([...expectedExchanges, 'POST /token → 200']);
  });

  it('Ed25519, which it lists → a bound token our API accepts [JOSE-9864-01]', async () => {
    const ed25519 = await createSigner({ algorithm: 'Ed25519' });
    const { accessToken } = servers.tokensOf('bound-service', { signer: ed25519 });
    const call = createDpopFetch({ signer: ed25519, accessToken, origins: [servers.api] });
    expect((await call(`${servers.api}/dpop/notes`)).status).toBe(200);
  });

  it('PS256, which it does not list → a typed error that names its answer [DPOP-5.1-02]', async () => {
    const ps256 = await createSigner({ algorithm: 'PS256' });
    const { accessToken } = servers.tokensOf('bound-service', { signer: ps256 });
    await expect(accessToken()).rejects.toMatchObject({
      code: 'token_request_failed',
      status: 400,
      oauthError: 'invalid_dpop_proof',
    });
  });

  it.each([
    { path: '/dpop/notes', format: 'jwt' },
    { path: '/dpop-nonce/notes', format: 'jwt' },
    { path: '/either/notes', format: 'jwt' },
    { path: '/opaque/notes', format: 'opaque' },
  ] as const)(
    'the bound $format token with our fetch at $path → 200 [DPOP-7.1-01, DPOP-4.3-13, DPOP-6.2-01]',
    async ({ path, format }) => {
      const { accessToken } = servers.tokensOf('bound-service', { format, signer });
      const call = createDpopFetch({ signer, accessToken, origins: [servers.api] });
      const response = await call(`${servers.api}${path}`);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual(NOTES);
    },
  );

  it('a POST at /dpop-nonce, where both servers have nonces of their own → 201 [DPOP-9-02]', async () => {
    const { accessToken } = servers.tokensOf('bound-service', { signer });
    const call = createDpopFetch({ signer, accessToken, origins: [servers.api] });
    const response = await call(`${servers.api}/dpop-nonce/notes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'from another vendor' }),
    });
    expect(response.status).toBe(201);
  });

  it.each([
    { path: '/bearer/notes', format: 'jwt', schemes: ['Bearer'] },
    { path: '/either/notes', format: 'jwt', schemes: ['Bearer', 'DPoP'] },
    { path: '/opaque/notes', format: 'opaque', schemes: ['Bearer', 'DPoP'] },
  ] as const)(
    'the bound $format token as Bearer at $path → 401 token_bound [DPOP-7.2-01, DPOP-6-01]',
    async ({ path, format, schemes }) => {
      const { accessToken } = servers.tokensOf('bound-service', { format, signer });
      const authorization = `Bearer ${await accessToken()}`;
      const response = await fetch(`${servers.api}${path}`, { headers: { authorization } });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe(
        schemes
          .map((scheme) =>
            challengeOf(servers.api, scheme, scheme === 'Bearer' ? 'token_bound' : undefined),
          )
          .join(', '),
      );
    },
  );

  it.each([
    { path: '/dpop/notes', format: 'jwt', schemes: ['DPoP'] },
    { path: '/opaque/notes', format: 'opaque', schemes: ['Bearer', 'DPoP'] },
  ] as const)(
    'the bound $format token with a proof by another key at $path → 401 key_mismatch [DPOP-4.3-13, DPOP-7.1-12]',
    async ({ path, format, schemes }) => {
      const { accessToken } = servers.tokensOf('bound-service', { format, signer });
      const token = await accessToken();
      const thief = createDpopFetch({
        signer: await createSigner(),
        accessToken: () => token,
        origins: [servers.api],
      });
      const response = await thief(`${servers.api}${path}`);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe(
        schemes
          .map((scheme) =>
            challengeOf(servers.api, scheme, scheme === 'DPoP' ? 'key_mismatch' : undefined),
          )
          .join(', '),
      );
    },
  );

  it.each([
    { path: '/bearer/notes', format: 'jwt' },
    { path: '/either/notes', format: 'jwt' },
    { path: '/opaque/notes', format: 'opaque' },
  ] as const)(
    'a bearer $format token with our fetch at $path → 200 [BEARER-2.1-01, INTRO-2.2-03]',
    async ({ path, format }) => {
      const { accessToken } = servers.tokensOf('service', { format });
      const call = createBearerFetch({ accessToken, origins: [servers.api] });
      const response = await call(`${servers.api}${path}`);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual(NOTES);
    },
  );

  it('a bearer token under DPoP → 401 token_not_bound [DPOP-7.2-P1]', async () => {
    const { accessToken } = servers.tokensOf('service');
    const call = createDpopFetch({ signer, accessToken, origins: [servers.api] });
    const response = await call(`${servers.api}/dpop/notes`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      challengeOf(servers.api, 'DPoP', 'token_not_bound'),
    );
  });

  it('a guess at /opaque → 401 token_inactive [INTRO-2.2-03]', async () => {
    const response = await fetch(`${servers.api}/opaque/notes`, {
      headers: { authorization: 'Bearer guess' },
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      [challengeOf(servers.api, 'Bearer', 'token_inactive'), challengeOf(servers.api, 'DPoP')].join(
        ', ',
      ),
    );
  });

  // It refuses by design to introspect JWT tokens (400 unsupported_token_type), where RFC 7662 §2.2
  // has it say `active: false`; here both mean the same.
  it('one of its JWT tokens at /opaque → 401 token_inactive [INTRO-2.2-03]', async () => {
    const { accessToken } = servers.tokensOf('service');
    const response = await fetch(`${servers.api}/opaque/notes`, {
      headers: { authorization: `Bearer ${await accessToken()}` },
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      [challengeOf(servers.api, 'Bearer', 'token_inactive'), challengeOf(servers.api, 'DPoP')].join(
        ', ',
      ),
    );
  });

  it('no signer for a client that must bind → a typed error [DPOP-5.2-01]', async () => {
    const { accessToken } = servers.tokensOf('bound-service');
    await expect(accessToken()).rejects.toMatchObject({
      code: 'token_request_failed',
      status: 400,
      oauthError: 'invalid_grant',
    });
  });
});

describe('oidc-provider without DPoP', () => {
  let servers: Awaited<ReturnType<typeof startAll>>;
  beforeAll(async () => {
    servers = await startAll('not-supported');
  });
  afterAll(() => servers.close());

  it('it ignores our proof and answers Bearer → the token is thrown away [DPOP-5-09]', async () => {
    const { accessToken, exchanges } = servers.tokensOf('service', {
      signer: await createSigner(),
    });
    await expect(accessToken()).rejects.toMatchObject({ code: 'token_type_downgraded' });
    expect(exchanges).toEqual(['POST /token → 200']);
  });

  it('no signer → its bearer tokens work as before', async () => {
    const { accessToken } = servers.tokensOf('service');
    const call = createBearerFetch({ accessToken, origins: [servers.api] });
    expect((await call(`${servers.api}/bearer/notes`)).status).toBe(200);
  });
});
