import { createBearerAuthenticator } from '@keybound/bearer';
import { createJwtVerifier } from '@keybound/core';
import { createDpopAuthenticator, createMemoryReplayStore } from '@keybound/dpop';
import keybound from '@keybound/fastify';
import { createTestClock, NOW, sha256, startServer, type TestServer } from '@keybound/test-kit';
import Fastify, { type FastifyInstance } from 'fastify';
import * as jose from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Listener, takeFreePort } from './support/listener.ts';

interface IssuerKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly published: jose.JWK;
}

async function issuerKey(kid: string, alg: string): Promise<IssuerKey> {
  const { privateKey, publicKey } = await jose.generateKeyPair(alg);
  const published = { ...(await jose.exportJWK(publicKey)), kid, alg, use: 'sig' };
  return { kid, alg, privateKey, published };
}

describe('an API of our parts, an issuer made of jose and a web server', () => {
  const clock = createTestClock();
  let issuer: TestServer;
  let port: Listener;
  let app: FastifyInstance;
  let es256: IssuerKey;
  let rs256: IssuerKey;

  beforeEach(async () => {
    clock.set(NOW);
    issuer = await startServer();
    es256 = await issuerKey('one', 'ES256');
    rs256 = await issuerKey('two', 'RS256');
    issuer.routes.set('/.well-known/oauth-authorization-server', {
      body: { issuer: issuer.origin, jwks_uri: `${issuer.origin}/jwks` },
    });
    const { publicKey } = await jose.generateKeyPair('RSA-OAEP-256');
    const encryption = { ...(await jose.exportJWK(publicKey)), kid: 'enc', use: 'enc' };
    publish(encryption, es256.published, rs256.published);

    port = await takeFreePort();
    const tokens = createJwtVerifier({ issuer: issuer.origin, audience: port.origin, clock });
    app = Fastify();
    await app.register(keybound, {
      authenticators: [
        createBearerAuthenticator({ tokens }),
        createDpopAuthenticator({
          tokens,
          publicOrigin: port.origin,
          replay: createMemoryReplayStore({ clock }),
          clock,
        }),
      ],
    });
    app.get('/me', async ({ auth }) => ({ scheme: auth.scheme, sub: auth.claims.sub }));
    await app.ready();
    port.serve((request, response) => app.routing(request, response));
  });
  afterEach(async () => {
    await app.close();
    await Promise.all([port.close(), issuer.close()]);
  });

  function publish(...keys: jose.JWK[]): void {
    issuer.routes.set('/jwks', { body: { keys } });
  }

  function tokenBy({ alg, kid, privateKey }: IssuerKey, claims: jose.JWTPayload = {}) {
    return new jose.SignJWT({ client_id: 'c', ...claims })
      .setIssuer(issuer.origin)
      .setAudience(port.origin)
      .setSubject('alice')
      .setJti(crypto.randomUUID())
      .setIssuedAt(NOW)
      .setExpirationTime(NOW + 3600)
      .setProtectedHeader({ alg, kid, typ: 'at+jwt' })
      .sign(privateKey);
  }

  function me(scheme: string, token: string, proof?: string): Promise<Response> {
    const authorization = `${scheme} ${token}`;
    return fetch(`${port.origin}/me`, {
      headers: { authorization, ...(proof !== undefined && { dpop: proof }) },
    });
  }

  it('bearer tokens by two published keys beside one for encryption → 200, the key set fetched once [ATJWT-4-04, BEARER-2.1-01]', async () => {
    for (const key of [es256, rs256]) {
      const response = await me('Bearer', await tokenBy(key));
      expect(await response.json()).toEqual({ scheme: 'Bearer', sub: 'alice' });
    }
    expect(issuer.count('/jwks')).toBe(1);
  });

  it('a token bound to a key of jose with a proof by it → 200, and as Bearer → 401 [DPOP-6.1-01, DPOP-7.2-01]', async () => {
    const { privateKey, publicKey } = await jose.generateKeyPair('ES384');
    const jwk = await jose.exportJWK(publicKey);
    const token = await tokenBy(es256, { cnf: { jkt: await jose.calculateJwkThumbprint(jwk) } });
    const proof = await new jose.SignJWT({
      htm: 'GET',
      htu: `${port.origin}/me`,
      ath: sha256(token),
    })
      .setJti(crypto.randomUUID())
      .setIssuedAt(NOW)
      .setProtectedHeader({ alg: 'ES384', typ: 'dpop+jwt', jwk })
      .sign(privateKey);
    const response = await me('DPoP', token, proof);
    expect(await response.json()).toEqual({ scheme: 'DPoP', sub: 'alice' });
    expect((await me('Bearer', token)).status).toBe(401);
  });

  it('a key published later → unknown during the cooldown, fetched and accepted after it [ATJWT-JWKS-P1]', async () => {
    await me('Bearer', await tokenBy(es256));
    const next = await issuerKey('three', 'ES256');
    publish(es256.published, next.published);
    const token = await tokenBy(next);
    expect((await me('Bearer', token)).status).toBe(401);
    clock.advance(31);
    expect((await me('Bearer', token)).status).toBe(200);
    expect(issuer.count('/jwks')).toBe(2);
  });

  it('twenty tokens with invented key names at once → refused, one fetch for all of them [ATJWT-JWKS-P1]', async () => {
    await me('Bearer', await tokenBy(es256));
    clock.advance(31);
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, i) => tokenBy({ ...es256, kid: `invented-${i}` })),
    );
    const responses = await Promise.all(tokens.map(async (token) => me('Bearer', token)));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([401]));
    expect(issuer.count('/jwks')).toBe(2);
  });

  it('a key taken out of the set → refused once the cache is old [ATJWT-4-04]', async () => {
    const token = await tokenBy(rs256);
    expect((await me('Bearer', token)).status).toBe(200);
    publish(es256.published);
    clock.advance(601);
    expect((await me('Bearer', token)).status).toBe(401);
  });
});
