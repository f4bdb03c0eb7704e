import { createProof, createSigner, type Signer } from '@keybound/signer';
import { decodeJws } from '@keybound/test-kit';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestToken } from './support/client-credentials.ts';
import { useDatabase } from './support/database.ts';
import { type Deployment, NONCE_TABLE, secretOf, startDeployment } from './support/deployment.ts';
import {
  call,
  discover,
  INSECURE,
  introspect,
  newHandle,
  withNonce,
} from './support/oauth4webapi.ts';

const database = useDatabase();

/** One token request, without any retry. */
async function grant(
  as: oauth.AuthorizationServer,
  clientId: string,
  DPoP?: oauth.DPoPHandle,
): Promise<oauth.TokenEndpointResponse> {
  const client = { client_id: clientId };
  const authentication = oauth.ClientSecretBasic(secretOf(clientId));
  const response = await oauth.clientCredentialsGrantRequest(
    as,
    client,
    authentication,
    {},
    {
      ...INSECURE,
      ...(DPoP && { DPoP }),
    },
  );
  return oauth.processClientCredentialsResponse(as, client, response);
}

describe.each(NONCE_TABLE)(
  'a client step by step, nonces of the authorization server $nonces',
  ({ nonces }) => {
    let servers: Deployment;
    let as: oauth.AuthorizationServer;
    beforeAll(async () => {
      servers = await startDeployment(database, { nonces });
      as = await discover(servers.issuer);
    });
    afterAll(() => servers.close());

    it('metadata by RFC 8414 → processed without complaint [META-3.2-01, META-3.3-01]', () => {
      const confidential = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'];
      const proofs = ['ES256', 'ES384', 'ES512', 'PS256', 'Ed25519', 'EdDSA'];
      const assertions = [...proofs, 'RS256'];
      expect(as).toEqual({
        issuer: servers.issuer,
        authorization_endpoint: `${servers.issuer}/authorize`,
        token_endpoint: `${servers.issuer}/token`,
        pushed_authorization_request_endpoint: `${servers.issuer}/par`,
        introspection_endpoint: `${servers.issuer}/introspect`,
        revocation_endpoint: `${servers.issuer}/revoke`,
        jwks_uri: `${servers.issuer}/jwks`,
        scopes_supported: ['notes:read', 'notes:write'],
        response_types_supported: ['code'],
        response_modes_supported: ['query'],
        grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
        code_challenge_methods_supported: ['S256'],
        token_endpoint_auth_methods_supported: [...confidential, 'none'],
        token_endpoint_auth_signing_alg_values_supported: assertions,
        introspection_endpoint_auth_methods_supported: confidential,
        introspection_endpoint_auth_signing_alg_values_supported: assertions,
        revocation_endpoint_auth_methods_supported: [...confidential, 'none'],
        revocation_endpoint_auth_signing_alg_values_supported: assertions,
        require_pushed_authorization_requests: false,
        authorization_response_iss_parameter_supported: true,
        dpop_signing_alg_values_supported: proofs,
        acr_values_supported: ['urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'],
        prompt_values_supported: ['login', 'consent'],
      });
    });

    it('the first token request with a proof → use_dpop_nonce where nonces are on, a token where off [DPOP-8-01, DPOP-5-03]', async () => {
      const DPoP = await newHandle();
      const first = grant(as, 'notes-dpop', DPoP);
      if (nonces === 'on') {
        const error = await first.catch((cause: unknown) => cause);
        expect(oauth.isDPoPNonceError(error)).toBe(true);
        expect(error).toMatchObject({ status: 400, error: 'use_dpop_nonce' });
        expect((await grant(as, 'notes-dpop', DPoP)).token_type).toBe('dpop');
      } else {
        expect((await first).token_type).toBe('dpop');
      }
    });

    it.each(['ES256', 'ES384', 'ES512', 'PS256', 'Ed25519'])(
      'a key for %s → bound token, and the API accepts its proofs [DPOP-4.3-05, DPOP-6.1-01]',
      async (alg) => {
        const DPoP = await newHandle(alg);
        const { access_token } = await withNonce(() => grant(as, 'notes-dpop', DPoP));
        expect(decodeJws(access_token).payload.cnf).toEqual({
          jkt: await DPoP.calculateThumbprint(),
        });
        const response = await call(servers.api, '/dpop/notes', access_token, DPoP);
        expect(response.status).toBe(200);
      },
    );

    it('a key for RS256, which is not listed → invalid_dpop_proof [DPOP-4.3-05, DPOP-5.1-01]', async () => {
      const DPoP = await newHandle('RS256');
      await expect(withNonce(() => grant(as, 'notes-dpop', DPoP))).rejects.toMatchObject({
        status: 400,
        error: 'invalid_dpop_proof',
      });
    });

    it('the first request at /dpop-nonce → a nonce challenge, the second → 200, the third needs none [DPOP-9-01, DPOP-8.2-01]', async () => {
      const DPoP = await newHandle();
      const { access_token } = await withNonce(() => grant(as, 'notes-dpop', DPoP));
      const error = await call(servers.api, '/dpop-nonce/notes', access_token, DPoP).catch(
        (cause: unknown) => cause,
      );
      expect(oauth.isDPoPNonceError(error)).toBe(true);
      expect(error).toMatchObject({ status: 401 });
      for (const _ of [2, 3]) {
        const response = await call(servers.api, '/dpop-nonce/notes', access_token, DPoP);
        expect(response.status).toBe(200);
      }
    });

    it.each([
      { clientId: 'notes-jwt', path: '/bearer/notes' },
      { clientId: 'notes-opaque', path: '/opaque/notes' },
    ])('a bearer token of $clientId at $path → 200', async ({ clientId, path }) => {
      const { access_token, token_type } = await grant(as, clientId);
      expect(token_type).toBe('bearer');
      expect((await call(servers.api, path, access_token)).status).toBe(200);
    });

    it('an opaque bound token → 200 at /opaque with its key, invalid_token with another [DPOP-4.3-13]', async () => {
      const DPoP = await newHandle();
      const { access_token } = await withNonce(() => grant(as, 'notes-dpop-opaque', DPoP));
      expect((await call(servers.api, '/opaque/notes', access_token, DPoP)).status).toBe(200);
      const thief = await newHandle();
      await expect(call(servers.api, '/opaque/notes', access_token, thief)).rejects.toMatchObject({
        status: 401,
        cause: [
          { scheme: 'bearer', parameters: { realm: 'notes' } },
          { scheme: 'dpop', parameters: { error: 'invalid_token' } },
        ],
      });
    });

    it.each(['notes-dpop', 'notes-dpop-opaque'])(
      'introspecting a bound token of %s → the whole answer [DPOP-6.2-01, INTRO-2.2-01]',
      async (clientId) => {
        const DPoP = await newHandle();
        const { access_token } = await withNonce(() => grant(as, clientId, DPoP));
        const answer = await introspect(as, access_token);
        expect(answer).toEqual({
          active: true,
          token_type: 'DPoP',
          iss: servers.issuer,
          sub: clientId,
          client_id: clientId,
          aud: servers.api,
          scope: 'notes:read notes:write',
          cnf: { jkt: await DPoP.calculateThumbprint() },
          iat: expect.any(Number),
          exp: Number(answer.iat) + 300,
          jti: expect.any(String),
        });
      },
    );

    it.each(['notes-jwt', 'notes-opaque'])(
      'introspecting a token of %s → active, Bearer, no cnf [INTRO-2.2-01]',
      async (clientId) => {
        const { access_token } = await grant(as, clientId);
        const answer = await introspect(as, access_token);
        expect(answer).toMatchObject({ active: true, token_type: 'Bearer', aud: servers.api });
        expect(answer).not.toHaveProperty('cnf');
      },
    );

    it('introspecting a guess → not active and nothing else [INTRO-2.2-01]', async () => {
      expect(await introspect(as, 'guess')).toEqual({ active: false });
    });
  },
);

describe('its resource-server side', () => {
  let servers: Deployment;
  let as: oauth.AuthorizationServer;
  let signer: Signer;
  let token: string;
  beforeAll(async () => {
    servers = await startDeployment(database);
    as = await discover(servers.issuer);
    signer = await createSigner();
    const uri = `${servers.issuer}/token`;
    const proof = await createProof(signer, { method: 'POST', uri });
    token = (await requestToken(servers.issuer, 'notes-dpop', proof)).body.access_token;
  });
  afterAll(() => servers.close());

  /** A request as our signer would send it, and what the library says about it. */
  async function validate(
    proofFor: { method?: string; uri?: string; accessToken?: string; signer?: Signer } = {},
    scheme = 'DPoP',
  ): Promise<oauth.JWTAccessTokenClaims> {
    const { method = 'GET', uri = `${servers.api}/dpop/notes`, accessToken = token } = proofFor;
    const proof = await createProof(proofFor.signer ?? signer, { method, uri, accessToken });
    const request = new Request(`${servers.api}/dpop/notes?all=1`, {
      headers: { authorization: `${scheme} ${token}`, dpop: proof },
    });
    return oauth.validateJwtAccessToken(as, request, servers.api, INSECURE);
  }

  it('RFC 9728 metadata of our API → processed without complaint [PRM-2-01, PRM-3.3-01]', async () => {
    const url = new URL(servers.api);
    const response = await oauth.resourceDiscoveryRequest(url, INSECURE);
    expect(await oauth.processResourceDiscoveryResponse(url, response)).toMatchObject({
      resource: servers.api,
      authorization_servers: [servers.issuer],
      bearer_methods_supported: ['header'],
    });
  });

  it('a token of our server with a proof of our signer → accepted [ATJWT-2.2-01, DPOP-4.2-01, DPOP-4.2-05, DPOP-4.2-07]', async () => {
    expect(await validate()).toMatchObject({
      client_id: 'notes-dpop',
      scope: 'notes:read notes:write',
      cnf: { jkt: expect.any(String) },
    });
  });

  it('a bearer token of our server → accepted [ATJWT-2.2-01]', async () => {
    const bearer = (await requestToken(servers.issuer, 'notes-jwt')).body.access_token;
    const request = new Request(`${servers.api}/bearer/notes`, {
      headers: { authorization: `Bearer ${bearer}` },
    });
    const claims = await oauth.validateJwtAccessToken(as, request, servers.api, INSECURE);
    expect(claims.client_id).toBe('notes-jwt');
  });

  it.each([
    { name: 'a proof for another method', proofFor: { method: 'POST' }, says: 'htm mismatch' },
    {
      name: 'a proof for another URI',
      proofFor: { uri: 'https://other.example/dpop/notes' },
      says: 'htu mismatch',
    },
    { name: 'a proof for another token', proofFor: { accessToken: 'other' }, says: 'ath mismatch' },
  ])('$name → refused: $says', async ({ proofFor, says }) => {
    await expect(validate(proofFor)).rejects.toThrow(says);
  });

  it('a proof by another key → refused: confirmation mismatch', async () => {
    const proof = validate({ signer: await createSigner() });
    await expect(proof).rejects.toThrow('confirmation mismatch');
  });

  it('the bound token as Bearer with its proof → refused', async () => {
    await expect(validate({}, 'Bearer')).rejects.toThrow('scheme is not DPoP');
  });
});
