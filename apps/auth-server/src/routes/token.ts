import { AuthError, type TokenContents } from '@keybound/core';
import { protectedRequest } from '@keybound/fastify';
import type { FastifyInstance } from 'fastify';
import { authenticateClient } from '../clients/authenticate-client.ts';
import type { Client } from '../clients/client.ts';
import type { ServerContext } from '../context.ts';
import { type Form, parseForm } from '../form.ts';
import { OauthError } from '../oauth-error.ts';
import { ENDPOINTS } from './endpoints.ts';

/** The grants of the token endpoint. */
export const GRANTS: readonly string[] = ['client_credentials'];

/** A token response (RFC 6749 §5.1, RFC 9449 §5). */
interface TokenResponse {
  readonly access_token: string;
  readonly token_type: 'Bearer' | 'DPoP';
  readonly expires_in: number;
  readonly scope?: string;
}

type GrantedContents = Omit<TokenContents, 'jkt'>;

/**
 * The token endpoint, in order: client → grant → resource and scope → proof → token. The proof comes
 * last of the checks, so that only authenticated clients make the replay store grow, and before
 * anything is spent.
 */
export function tokenRoutes(app: FastifyInstance, context: ServerContext): void {
  app.post(ENDPOINTS.token, async (request, reply): Promise<TokenResponse> => {
    const form = parseForm(request.body);
    const received = protectedRequest(request);
    const client = authenticateClient(context.clients, received.headers('authorization'), form);
    const contents = grantedContents(context, client, form);
    const proof = await context.proofs.verify(received);
    if (proof === undefined && client.dpop_bound_access_tokens) {
      throw new AuthError('proof_missing');
    }
    reply.header('cache-control', 'no-store');
    for (const [name, value] of proof?.headers ?? []) reply.header(name, value);
    return {
      access_token: await context.tokens.issue(client.access_token_format, {
        ...contents,
        ...(proof && { jkt: proof.jkt }),
      }),
      token_type: proof === undefined ? 'Bearer' : 'DPoP',
      expires_in: context.tokens.lifetimeSeconds,
      ...(contents.scope.length > 0 && { scope: contents.scope.join(' ') }),
    };
  });
}

/** What the client may have of what it asks for: one resource and a scope within its own. */
function grantedContents(context: ServerContext, client: Client, form: Form): GrantedContents {
  const { grant_type: grant } = form;
  if (grant === undefined) throw new OauthError('invalid_request');
  if (!GRANTS.includes(grant)) throw new OauthError('unsupported_grant_type');
  if (!client.grant_types.includes(grant)) throw new OauthError('unauthorized_client');

  const audience = form.resource ?? context.resources[0];
  if (audience === undefined || !context.resources.includes(audience)) {
    throw new OauthError('invalid_target');
  }
  const allowed = client.scope.split(' ').filter((value) => value !== '');
  const scope = form.scope === undefined ? allowed : [...new Set(form.scope.split(' '))];
  if (!scope.every((value) => allowed.includes(value))) throw new OauthError('invalid_scope');
  // No user is involved, so the client is the subject (RFC 9068 §2.2).
  return { subject: client.client_id, clientId: client.client_id, audience, scope };
}
