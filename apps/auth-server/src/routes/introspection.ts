import { protectedRequest } from '@keybound/fastify';
import type { FastifyInstance } from 'fastify';
import { authenticateClient } from '../clients/authenticate-client.ts';
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
    const authorization = protectedRequest(request).headers('authorization');
    const client = authenticateClient(context.clients, authorization, form);
    if (form.token === undefined) throw new OauthError('invalid_request');
    const claims = await context.tokens.inspect(form.token, client.introspects);
    reply.header('cache-control', 'no-store');
    if (claims === undefined) return { active: false };
    return { active: true, token_type: claims.cnf === undefined ? 'Bearer' : 'DPoP', ...claims };
  });
}
