import { createBearerAuthenticator } from '@keybound/bearer';
import {
  type Authenticator,
  createGuard,
  createIntrospectionVerifier,
  createJwtVerifier,
  createKeySet,
  type Guard,
  isAuthError,
  type ProtectedRequest,
  refuseTokenInForm,
  type SignatureAlgorithm,
  type TokenVerifier,
} from '@keybound/core';
import { createDpopAuthenticator } from '@keybound/dpop';
import type { Decision, RequestVector, RsConfig, TokenConfig } from '@keybound/dpop-vectors';
import { createTrustedProxies } from '@keybound/fastify';
import { challengeError } from './answers.ts';
import { issuerFetch } from './issuer.ts';
import { clockOf, type Moment, noncesOf } from './moment.ts';
import { replayOf } from './replay.ts';

/** Decides about requests to one protected resource, whose memory lasts. */
export interface ProtectedResource {
  readonly moment: Moment;
  decide(request: RequestVector): Promise<Decision>;
}

/** A protected resource made of our packages, without a server around it. */
export function createProtectedResource(config: RsConfig): ProtectedResource {
  const moment: Moment = { now: config.clock, nonce: config.nonce };
  const guard = createGuard({
    authenticators: config.schemes.map(authenticators(config, moment)),
    realm: config.realm,
    ...(config.resourceMetadata && { resourceMetadata: config.resourceMetadata }),
  });
  const requirement = { scopes: config.requiredScope ?? [] };
  return {
    moment,
    async decide(vector) {
      const request = protectedRequest(vector);
      const outcome = await guard.decide(request, requirement);
      const refusal = outcome.granted ? await refuseForm(guard, vector) : outcome;
      if (outcome.granted && refusal === undefined) {
        return { decision: 'accept', status: 200, fields: outcome.headers, error: null };
      }
      if (refusal === undefined || refusal.granted) throw new Error('a refusal is expected');
      const { denial, error } = refusal;
      return {
        decision: 'reject',
        status: denial.status,
        fields: denial.headers,
        error: challengeError(denial.headers),
        ...(isAuthError(error) && { detail: error.reason }),
      };
    },
  };
}

/** The verifier of JWT access tokens of a configuration. */
export function createTokens(
  { issuer, audience, jwks, tokenAlgorithms }: TokenConfig | RsConfig,
  moment: Pick<Moment, 'now'>,
): TokenVerifier {
  return createJwtVerifier({
    issuer,
    audience,
    keys: createKeySet(jwks),
    algorithms: tokenAlgorithms as readonly SignatureAlgorithm[],
    clock: () => moment.now,
  });
}

function authenticators(
  config: RsConfig,
  moment: Moment,
): (scheme: RsConfig['schemes'][number]) => Authenticator {
  const clock = clockOf(moment);
  const tokens = config.introspection
    ? createIntrospectionVerifier({
        issuer: config.issuer,
        audience: config.audience,
        clientId: 'api',
        clientSecret: 'secret',
        fetch: issuerFetch(config),
        clock,
      })
    : createTokens(config, moment);
  const { trustedProxies = [] } = config;
  return (scheme) => {
    if (scheme === 'Bearer') return createBearerAuthenticator({ tokens });
    return createDpopAuthenticator({
      tokens,
      publicOrigin: config.origin,
      furtherOrigins: config.furtherOrigins ?? [],
      mountPrefix: config.mountPrefix ?? '',
      ...(trustedProxies.length > 0 && {
        proxies: { trusts: createTrustedProxies(trustedProxies), fields: 'x-forwarded' },
      }),
      replay: replayOf(config, clock),
      ...(config.nonce && { nonces: noncesOf(moment) }),
      preset: config.preset,
      algorithms: config.proofAlgorithms as readonly SignatureAlgorithm[],
      maxAgeSeconds: config.maxAgeSeconds,
      maxFutureSeconds: config.maxFutureSeconds,
      clock,
    });
  };
}

function protectedRequest({
  method,
  target,
  fields,
  peerAddress,
}: RequestVector): ProtectedRequest {
  return {
    method,
    target,
    headers: (name) =>
      fields.filter(([own]) => own.toLowerCase() === name).map(([, value]) => trimmed(value)),
    peerAddress,
  };
}

/** A parser of HTTP strips the whitespace around a field value (RFC 9110 §5.5). */
function trimmed(value: string): string {
  return value.replace(/^[ \t]+|[ \t]+$/g, '');
}

/** What the Fastify plugin does once the body is parsed. */
async function refuseForm(
  guard: Guard,
  { body, fields }: RequestVector,
): Promise<Awaited<ReturnType<Guard['refuse']>> | undefined> {
  const isForm = fields.some(
    ([name, value]) =>
      name.toLowerCase() === 'content-type' && value === 'application/x-www-form-urlencoded',
  );
  if (body === undefined || !isForm) return undefined;
  try {
    refuseTokenInForm(Object.fromEntries(new URLSearchParams(body)));
    return undefined;
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return guard.refuse(error);
  }
}
