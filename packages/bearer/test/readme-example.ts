import { createBearerAuthenticator } from '@keybound/bearer';
import { createGuard, createJwtVerifier } from '@keybound/core';

/** Answers requests for notes on every runtime that has Request and Response. */
export function createHandler(issuer: string, audience: string) {
  const tokens = createJwtVerifier({ issuer, audience });
  const guard = createGuard({ authenticators: [createBearerAuthenticator({ tokens })] });

  return async ({ method, url, headers }: Request): Promise<Response> => {
    const lines = (name: string) => (headers.has(name) ? [headers.get(name) ?? ''] : []);
    const request = { method, target: url, headers: lines };
    const decision = await guard.decide(request, { scopes: ['notes:read'] });
    if (decision.granted) return Response.json({ owner: decision.auth.claims.sub });

    const { body, status, headers: fields } = decision.denial;
    const response = Response.json(body, { status });
    for (const [name, value] of fields) response.headers.append(name, value);
    return response;
  };
}
