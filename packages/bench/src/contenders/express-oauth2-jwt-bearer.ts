import { auth } from 'express-oauth2-jwt-bearer';
import { DEPLOYMENT, METHOD, type PresentedRequest, TARGET } from '../requests.ts';
import type { Suite } from '../suite.ts';
import type { Contender } from '../table.ts';
import { versionOf } from '../versions.ts';

/** What the middleware reads of an Express request. */
interface ExpressRequest {
  readonly method: string;
  readonly protocol: string;
  readonly originalUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  get(name: string): string | undefined;
  is(type: string): boolean;
}

type Middleware = (
  request: ExpressRequest,
  response: object,
  next: (error?: unknown) => void,
) => Promise<void>;

/**
 * Its middleware with RFC 9068 checks on, called with a request object instead of through Express.
 * The key set comes over loopback and stays in its cache for ten minutes.
 */
export function createExpressOauth2(
  { algorithm, jwksUri }: Suite,
  scheme: 'Bearer' | 'DPoP',
): Contender<PresentedRequest> {
  // Its types refer to those of Express, which the package does not bring along.
  const middleware = auth({
    ...DEPLOYMENT,
    jwksUri,
    strict: true,
    tokenSigningAlg: algorithm,
    dpop: scheme === 'DPoP' ? { enabled: true, required: true } : { enabled: false },
  }) as unknown as Middleware;

  return {
    name: 'express-oauth2-jwt-bearer',
    version: versionOf('express-oauth2-jwt-bearer'),
    prepare(one) {
      const request = expressRequest(one);
      return async () => {
        await middleware(request, {}, (error) => {
          if (error !== undefined) throw error;
        });
      };
    },
  };
}

function expressRequest({ scheme, token, proof }: PresentedRequest): ExpressRequest {
  const { protocol, host } = new URL(DEPLOYMENT.audience);
  const headers: Readonly<Record<string, string>> = {
    host,
    authorization: `${scheme} ${token}`,
    ...(proof !== undefined && { dpop: proof }),
  };
  return {
    method: METHOD,
    protocol: protocol.slice(0, -1),
    originalUrl: TARGET,
    headers,
    get: (name) => headers[name.toLowerCase()],
    is: () => false,
  };
}
