import { describe, expect, it } from 'vitest';
import { useDatabase } from './support/database.ts';
import { ISSUER, NONCES, proofFor, requestToken, startServer } from './support/server.ts';

const database = useDatabase();

describe('metadata', () => {
  it('lists what is enforced, with the issuer it is published under [META-2-01, DPOP-5.1-01]', async () => {
    const { app } = await startServer(database);
    const response = await app.inject('/.well-known/oauth-authorization-server');
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    const all = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'];
    const assertions = ['ES256', 'ES384', 'ES512', 'PS256', 'Ed25519', 'EdDSA', 'RS256'];
    expect(response.json()).toEqual({
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/authorize`,
      token_endpoint: `${ISSUER}/token`,
      pushed_authorization_request_endpoint: `${ISSUER}/par`,
      introspection_endpoint: `${ISSUER}/introspect`,
      revocation_endpoint: `${ISSUER}/revoke`,
      jwks_uri: `${ISSUER}/jwks`,
      scopes_supported: ['notes:read', 'notes:write'],
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: all,
      token_endpoint_auth_signing_alg_values_supported: assertions,
      introspection_endpoint_auth_methods_supported: all.slice(0, 3),
      introspection_endpoint_auth_signing_alg_values_supported: assertions,
      revocation_endpoint_auth_methods_supported: all,
      revocation_endpoint_auth_signing_alg_values_supported: assertions,
      require_pushed_authorization_requests: false,
      authorization_response_iss_parameter_supported: true,
      dpop_signing_alg_values_supported: ['ES256', 'ES384', 'ES512', 'PS256', 'Ed25519', 'EdDSA'],
      acr_values_supported: ['urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport'],
      prompt_values_supported: ['login', 'consent'],
    });
  });

  it('the path of OpenID Connect → the same document [META-2-02]', async () => {
    const { app } = await startServer(database);
    const [rfc8414, oidc] = await Promise.all(
      ['oauth-authorization-server', 'openid-configuration'].map((name) =>
        app.inject(`/.well-known/${name}`),
      ),
    );
    expect(oidc?.json()).toEqual(rfc8414?.json());
  });

  it('registration open → its endpoint is listed', async () => {
    const { app } = await startServer(database, { registration: 'open' });
    const response = await app.inject('/.well-known/oauth-authorization-server');
    expect(response.json().registration_endpoint).toBe(`${ISSUER}/register`);
  });

  it('preset fapi → what FAPI forbids is not listed [FAPI-5.3.2.1-01, FAPI-5.3.2.1-02, FAPI-5.4-01]', async () => {
    const { app } = await startServer(database, { preset: 'fapi', clients: [] });
    const metadata = (await app.inject('/.well-known/oauth-authorization-server')).json();
    expect(metadata).toMatchObject({
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['PS256', 'ES256', 'Ed25519', 'EdDSA'],
      require_pushed_authorization_requests: true,
      dpop_signing_alg_values_supported: ['PS256', 'ES256', 'Ed25519', 'EdDSA'],
    });
    expect(metadata).not.toHaveProperty('scopes_supported');
  });

  it('the key set has no private member', async () => {
    const { app } = await startServer(database);
    for (const key of (await app.inject('/jwks')).json().keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    }
  });

  it('a browser may send proofs and read nonces, on refusals too [DPOP-7.1-10]', async () => {
    const { app } = await startServer(database, { nonces: NONCES });
    const origin = 'https://app.example';
    const refused = await requestToken(app, 'notes-dpop', { dpop: proofFor(), origin });
    expect(refused.statusCode).toBe(400);
    expect(refused.headers['access-control-expose-headers']).toBe(
      'WWW-Authenticate, DPoP-Nonce, Date',
    );
    expect(refused.headers['access-control-allow-origin']).toBe('*');
  });

  it.each(['/authorize', '/interaction/x', '/introspect'])(
    'a preflight request of another site to %s → no permission [BCP-2.6-01]',
    async (url) => {
      const { app } = await startServer(database);
      const response = await app.inject({
        method: 'OPTIONS',
        url,
        headers: { origin: 'https://app.example', 'access-control-request-method': 'GET' },
      });
      expect(response.headers).not.toHaveProperty('access-control-allow-origin');
    },
  );

  it.each(['/token', '/par', '/revoke', '/jwks', '/.well-known/openid-configuration'])(
    'a preflight request of another site to %s → may send proofs [DPOP-7.1-10]',
    async (url) => {
      const { app } = await startServer(database);
      const response = await app.inject({
        method: 'OPTIONS',
        url,
        headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
      });
      expect(response.headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-headers': 'Authorization, DPoP, Content-Type',
      });
    },
  );
});
