import { AuthError } from '@keybound/core';
import { protectedRequest } from '@keybound/fastify';
import type { FastifyInstance } from 'fastify';
import type { ServerContext } from '../context.ts';
import { parseForm, parseResources } from '../form.ts';
import { authorizationCode } from '../grant-types/authorization-code.ts';
import { clientCredentials } from '../grant-types/client-credentials.ts';
import type { GrantType, TokenResponse } from '../grant-types/grant-type.ts';
import { refreshToken } from '../grant-types/refresh-token.ts';
import { OauthError } from '../oauth-error.ts';
import { ENDPOINTS } from './endpoints.ts';

/** The grants of the token endpoint. */
export const GRANT_TYPES: Readonly<Record<string, GrantType>> = {
  authorization_code: authorizationCode,
  refresh_token: refreshToken,
  client_credentials: clientCredentials,
};

/**
 * The token endpoint, in order: client → grant → proof → spend and issue. The proof comes last of the
 * checks, so that only somebody with a good grant makes the memory of used proofs grow, and before
 * anything is spent.
 */
export function tokenRoutes(app: FastifyInstance, context: ServerContext): void {
  app.post(ENDPOINTS.token, async (request, reply): Promise<TokenResponse> => {
    const form = parseForm(request.body);
    const resources = parseResources(request.body);
    const received = protectedRequest(request);
    const client = await context.authenticateClient(received, form);
    const prepared = await grantTypeOf(client.grant_types, form.grant_type).prepare(context, {
      client,
      form,
      resources,
    });
    const proof = await context.proofs.verify(received);
    const mustBind = client.dpop_bound_access_tokens || context.policy.requiresProof;
    if (proof === undefined && mustBind) throw new AuthError('proof_missing');
    const response = await prepared.redeem(proof?.jkt);
    reply.header('cache-control', 'no-store');
    for (const [name, value] of proof?.headers ?? []) reply.header(name, value);
    return response;
  });
}

function grantTypeOf(allowed: readonly string[], name: string | undefined): GrantType {
  if (name === undefined) throw new OauthError('invalid_request', 'grant_type is missing');
  const grantType = Object.hasOwn(GRANT_TYPES, name) ? GRANT_TYPES[name] : undefined;
  if (grantType === undefined) throw new OauthError('unsupported_grant_type');
  if (!allowed.includes(name)) throw new OauthError('unauthorized_client');
  return grantType;
}
