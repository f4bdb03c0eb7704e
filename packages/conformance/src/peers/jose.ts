import { createHash } from 'node:crypto';
import type { RsConfig, TokenConfig } from '@keybound/dpop-vectors';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  EmbeddedJWK,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  jwtVerify,
} from 'jose';
import { fetchRequest, isInexpressible } from './forms.ts';
import { createPeer, decisionOf, type Peer } from './peer.ts';

/** Of what `jose` has, the names of the vectors. */
const KNOWN: readonly string[] = [
  ...['ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'],
  ...['Ed25519', 'EdDSA'],
];

/**
 * What a careful developer writes with `jose` for a protected resource. It is no package that anybody
 * publishes: it shows what the building block does by itself.
 */
export function createJosePeer(): Peer {
  return createPeer({
    package: 'jose',
    name: 'jose, used straightforwardly',
    builtOn: 'nothing else',
    configuration:
      'jwtVerify for the token (typ, issuer, audience, algorithms, required claims) and with EmbeddedJWK for the proof (typ, algorithms, required claims, maxTokenAge, clockTolerance), then comparisons of htm, htu, ath and the thumbprint, about 40 lines in all; no memory of proofs, no nonces.',
    limits: {
      challenges: 'It makes no challenges.',
      nonces: 'It has no nonces.',
      replay: 'It has no memory of proofs.',
      introspection: 'It takes JWTs alone.',
      scopes: 'Scopes are left to the application.',
      proxies: 'The target URI is found by the application.',
      mountPrefix: 'The target URI is found by the application.',
      targets: 'It is given a URL; whether the request target is proper is left to the server.',
      otherPlaces: 'It looks for tokens in the Authorization field alone.',
      // jose grants the tolerance at both ends.
      window: ({ maxAgeSeconds, maxFutureSeconds }) => ({
        back: maxAgeSeconds + maxFutureSeconds,
        ahead: maxFutureSeconds,
        leeway: maxFutureSeconds,
      }),
      algorithms: ({ tokenAlgorithms, proofAlgorithms = [] }) => ({
        tokenAlgorithms: tokenAlgorithms.filter((alg) => KNOWN.includes(alg)),
        proofAlgorithms: proofAlgorithms.filter((alg) => KNOWN.includes(alg)),
      }),
    },
    open: () => undefined,
    async decide({ config, request: vector }) {
      const request = fetchRequest(config, vector);
      if (isInexpressible(request)) return request;
      return await decisionOf(() => verifyRequest(request, config));
    },
    decideToken: ({ config, token }) => decisionOf(() => verifyToken(token, config)),
    async computeThumbprint({ input }) {
      if (input.operation === 'ath') return { skip: 'It offers no function for this hash.' };
      try {
        return { output: await calculateJwkThumbprint(input.jwk as JWK) };
      } catch (error) {
        return { decision: 'reject', detail: String(error) };
      }
    },
  });
}

async function verifyRequest({ headers, method, url }: Request, config: RsConfig): Promise<void> {
  const [, scheme = '', token = ''] =
    /^(DPoP|Bearer) +(\S+)$/i.exec(headers.get('authorization') ?? '') ?? [];
  if (!config.schemes.some((one) => one.toLowerCase() === scheme.toLowerCase())) {
    throw new Error('no token under a scheme of this resource');
  }
  const { cnf } = await verifyToken(token, config);
  if (scheme.toLowerCase() === 'bearer') {
    if (cnf !== undefined) throw new Error('bound token');
    return;
  }
  const { payload, protectedHeader } = await jwtVerify(headers.get('dpop') ?? '', EmbeddedJWK, {
    typ: 'dpop+jwt',
    algorithms: [...config.proofAlgorithms],
    maxTokenAge: config.maxAgeSeconds,
    clockTolerance: config.maxFutureSeconds,
    requiredClaims: ['jti', 'htm', 'htu', 'ath', 'iat'],
  });
  if (typeof payload.jti !== 'string') throw new Error('jti is no string');
  if (payload.htm !== method) throw new Error('htm mismatch');
  if (typeof payload.htu !== 'string') throw new Error('htu is no string');
  if (withoutQuery(payload.htu) !== withoutQuery(url)) throw new Error('htu mismatch');
  const ath = createHash('sha256').update(token).digest('base64url');
  if (payload.ath !== ath) throw new Error('ath mismatch');
  const jkt = await calculateJwkThumbprint(protectedHeader.jwk as JWK);
  if ((cnf as { jkt?: unknown } | undefined)?.jkt !== jkt) throw new Error('key mismatch');
}

async function verifyToken(
  token: string,
  { issuer, audience, jwks, tokenAlgorithms }: Omit<TokenConfig, 'server'>,
): Promise<JWTPayload> {
  const keys = createLocalJWKSet(jwks as unknown as JSONWebKeySet);
  const { payload } = await jwtVerify(token, keys, {
    issuer,
    audience,
    typ: 'at+jwt',
    algorithms: [...tokenAlgorithms],
    requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'jti'],
  });
  return payload;
}

function withoutQuery(uri: string): string {
  const { origin, pathname } = new URL(uri);
  return `${origin}${pathname}`;
}
