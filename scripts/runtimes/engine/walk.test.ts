import { createBearerAuthenticator } from '@keybound/bearer';
import {
  ALGORITHMS,
  createGuard,
  createJwtVerifier,
  createKeySet,
  createTokenIssuer,
  generateKeyPair,
  importVerifyKey,
  type PublicJwk,
  type SignatureAlgorithm,
} from '@keybound/core';
import {
  createDpopAuthenticator,
  createMemoryReplayStore,
  createNonces,
  createProofVerifier,
} from '@keybound/dpop';
import {
  createBearerFetch,
  createDpopFetch,
  createProof,
  createSigner,
  type Signer,
} from '@keybound/signer';
import { beforeAll, describe, expect, it } from 'vitest';

/** What `#crypto` must be on the engine that this is built for. */
declare const EXPECTED_CRYPTO: 'node' | 'web';

const ISSUER = 'https://as.example';
const API = 'https://rs.example';
const ALL = Object.keys(ALGORITHMS) as SignatureAlgorithm[];

/** An issuer and an API that are functions, with the real clock and the keys of this engine. */
async function createDeployment() {
  const { publicKey, privateKey } = await generateKeyPair('ES256', true);
  const publicJwk = await crypto.subtle.exportKey('jwk', publicKey);
  const keys = createKeySet({ keys: [{ ...publicJwk, kid: 'k1' }] });
  const tokens = createJwtVerifier({ issuer: ISSUER, audience: API, keys });
  const issuer = createTokenIssuer({
    issuer: ISSUER,
    signingKey: () => ({ kid: 'k1', algorithm: 'ES256', privateKey }),
  });
  const proofs = createProofVerifier({
    publicOrigin: ISSUER,
    replay: createMemoryReplayStore(),
    algorithms: ALL,
  });
  const guard = createGuard({
    authenticators: [
      createBearerAuthenticator({ tokens }),
      createDpopAuthenticator({
        tokens,
        publicOrigin: API,
        algorithms: ALL,
        replay: createMemoryReplayStore(),
        nonces: createNonces({ secrets: () => ['w'.repeat(32)], server: API }),
      }),
    ],
  });
  return {
    /** What a token endpoint does with a proof, if there is one. */
    async issueTo(signer: Signer | undefined): Promise<string> {
      const proof =
        signer && (await createProof(signer, { method: 'POST', uri: `${ISSUER}/token` }));
      const presented = await proofs.verify({
        method: 'POST',
        target: '/token',
        headers: (name) => (name === 'dpop' && proof ? [proof] : []),
      });
      const { token } = await issuer.issue({
        subject: 'alice',
        clientId: 'walk',
        audience: API,
        scope: ['read'],
        ...(presented && { jkt: presented.jkt }),
      });
      return token;
    },
    /** The API, in place of the network. */
    async fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
      const request = new Request(input, init);
      const { host, pathname, search } = new URL(request.url);
      // Not `Headers.get`, which takes no ':authority'.
      const fields = new Map([...request.headers, ['host', host]]);
      const outcome = await guard.decide(
        {
          method: request.method,
          target: pathname + search,
          headers: (name) => {
            const value = fields.get(name);
            return value === undefined ? [] : [value];
          },
        },
        { scopes: ['read'] },
      );
      if (outcome.granted)
        return new Response(outcome.auth.scheme, {
          headers: [...outcome.headers] as [string, string][],
        });
      const { status, headers, body } = outcome.denial;
      return new Response(body === undefined ? null : JSON.stringify(body), {
        status,
        headers: headers.map(([name, value]): [string, string] => [name, value]),
      });
    },
  };
}

describe('a walk', () => {
  let deployment: Awaited<ReturnType<typeof createDeployment>>;
  beforeAll(async () => {
    deployment = await createDeployment();
  });

  function callAs(signer: Signer, token: string, send: typeof fetch = deployment.fetch) {
    return createDpopFetch({ signer, origins: [API], accessToken: () => token, fetch: send });
  }

  it('core → the cryptography meant for this engine', () => {
    // A key is there at once with the cryptography of Node, promised with that of the Web.
    const key = importVerifyKey(P256 as PublicJwk, 'ES256');
    expect(key instanceof Promise ? 'web' : 'node').toBe(EXPECTED_CRYPTO);
  });

  it.each(ALL)('a key for %s: its token is taken, and from nobody else', async (algorithm) => {
    const signer = await createSigner({ algorithm });
    const token = await deployment.issueTo(signer);
    const sent: Request[] = [];
    const own = callAs(signer, token, (input, init) => {
      sent.push(new Request(input, init));
      return deployment.fetch(input, init);
    });
    const response = await own(`${API}/notes`);
    expect([response.status, await response.text()]).toEqual([200, 'DPoP']);

    const thief = callAs(await createSigner(), token);
    expect(await refusalOf(thief(`${API}/notes`))).toMatch(/^401 .*DPoP .*error="invalid_token"/);
    const asBearer = createBearerFetch({
      origins: [API],
      accessToken: () => token,
      fetch: deployment.fetch,
    });
    expect(await refusalOf(asBearer(`${API}/notes`))).toMatch(/^401 /);
    const replayed = sent.at(-1);
    expect(replayed && (await refusalOf(deployment.fetch(replayed)))).toMatch(
      /^401 .*error="invalid_dpop_proof"/,
    );
    const moved = new Request(`${API}/others`, { headers: replayed?.headers ?? {} });
    expect(await refusalOf(deployment.fetch(moved))).toMatch(/^401 .*error="invalid_dpop_proof"/);
  });

  it('a bearer token → taken; no credentials → 401', async () => {
    const token = await deployment.issueTo(undefined);
    const send = createBearerFetch({
      origins: [API],
      accessToken: () => token,
      fetch: deployment.fetch,
    });
    const response = await send(`${API}/notes`);
    expect([response.status, await response.text()]).toEqual([200, 'Bearer']);
    expect((await deployment.fetch(`${API}/notes`)).status).toBe(401);
  });
});

async function refusalOf(response: Response | Promise<Response>): Promise<string> {
  const { status, headers } = await response;
  return `${status} ${headers.get('www-authenticate')}`;
}

/** The generator of the curve, which is a good public key. */
const P256 = {
  kty: 'EC',
  crv: 'P-256',
  x: 'axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY',
  y: 'T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
};
