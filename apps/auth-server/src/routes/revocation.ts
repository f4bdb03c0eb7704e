import { protectedRequest } from '@keybound/fastify';
import type { FastifyInstance } from 'fastify';
import type { Client } from '../clients/client.ts';
import type { ServerContext } from '../context.ts';
import { parseForm } from '../form.ts';
import { endGrant } from '../grants/grants.ts';
import { findRefreshToken } from '../grants/refresh-tokens.ts';
import { OauthError } from '../oauth-error.ts';
import { hashSecret } from '../secrets.ts';
import { ENDPOINTS } from './endpoints.ts';

/**
 * The revocation endpoint (RFC 7009). A token of either kind ends the whole grant: a client that gives
 * one up is done. `token_type_hint` is not needed and ignored.
 */
export function revocationRoutes(app: FastifyInstance, context: ServerContext): void {
  app.post(ENDPOINTS.revocation, async (request, reply) => {
    const form = parseForm(request.body);
    const client = await context.authenticateClient(protectedRequest(request), form);
    if (form.token === undefined) throw new OauthError('invalid_request', 'token is missing');
    await revoke(context, client, form.token);
    // RFC 7009 §2.2: a token nobody knows is as good as revoked.
    return reply.code(200).header('cache-control', 'no-store').send();
  });
}

async function revoke(context: ServerContext, client: Client, token: string): Promise<void> {
  const { db, tokens, clock, audit } = context;
  const refresh = await findRefreshToken(db, hashSecret(token));
  const access = refresh === undefined ? await tokens.find(db, token) : undefined;
  const clientId = refresh?.grant.clientId ?? access?.clientId;
  if (clientId === undefined) return;
  // RFC 7009 §2.1: only the client it was issued to.
  if (clientId !== client.client_id) {
    throw new OauthError('invalid_grant', 'The token was issued to another client');
  }
  const grantId = refresh?.grant.id ?? access?.grantId;
  const jti = access?.claims.jti;
  if (grantId !== undefined) await endGrant(db, grantId, clock());
  else if (access !== undefined) await tokens.remove(db, access.tokenHash);
  audit({ event: 'token_revoked', clientId, grantId, jti: jti === undefined ? jti : String(jti) });
}
