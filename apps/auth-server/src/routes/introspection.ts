import { protectedRequest } from '@keybound/fastify';
import type { FastifyInstance } from 'fastify';
import { isPublicClient } from '../clients/client.ts';
import type { ServerContext } from '../context.ts';
import { parseForm } from '../form.ts';
import { OauthError } from '../oauth-error.ts';
import { ENDPOINTS } from './endpoints.ts';

/**
 * The introspection endpoint (RFC 7662). A resource server learns of tokens made for it and nothing
 * of any other. A `DPoP` field is ignored: the resource server checks the binding (RFC 9449 §6.2).
 */
export function introspectionRoutes(app: FastifyInstance, context: ServerContext): void {
  app.post(ENDPOINTS.introspection, async (request, reply) => {
    const form = parseForm(request.body);
    const client = await context.authenticateClient(protectedRequest(request), form);
    // RFC 7662 §2.1: the caller must prove who it is; a name alone proves nothing.
    if (isPublicClient(client)) throw new OauthError('invalid_client');
    if (form.token === undefined) throw new OauthError('invalid_request', 'token is missing');
    const token = await context.tokens.find(context.db, form.token);
    reply.header('cache-control', 'no-store');
    if (token === undefined || !client.introspects.includes(String(token.claims.aud))) {
      return { active: false };
    }
    const tokenType = token.claims.cnf === undefined ? 'Bearer' : 'DPoP';
    return { active: true, token_type: tokenType, ...token.claims };
  });
}
