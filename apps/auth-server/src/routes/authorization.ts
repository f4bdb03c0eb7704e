import type { FastifyInstance } from 'fastify';
import type { AuthorizationRequest } from '../authorization/authorization-request.ts';
import { errorResponseUrl } from '../authorization/authorization-response.ts';
import {
  parseAuthorizationRequest,
  resolveRedirectUri,
} from '../authorization/parse-authorization-request.ts';
import type { Client } from '../clients/client.ts';
import type { ServerContext } from '../context.ts';
import { type Form, parseForm, parseResources } from '../form.ts';
import { takePushedRequest } from '../grants/pushed-requests.ts';
import { OauthError } from '../oauth-error.ts';
import { ENDPOINTS } from './endpoints.ts';
import { beginInteraction } from './interaction.ts';

/**
 * The authorization endpoint (RFC 6749 §3.1). Until client and redirect URI are known, a fault is a
 * page for the person; from then on it goes back to the client.
 */
export function authorizationRoutes(app: FastifyInstance, context: ServerContext): void {
  // Each request keeps a row, so strangers may not send any number of them.
  const rateLimit = { max: context.limits.requestsPerMinute, timeWindow: '1 minute' };
  app.get(ENDPOINTS.authorization, { config: { rateLimit } }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const form = parseForm(request.query);
    const client = await knownClient(context, form);
    const outcome =
      form.request_uri === undefined
        ? plainRequest(context, client, form, parseResources(request.query))
        : await pushedRequest(context, client, form.request_uri);
    if (typeof outcome === 'string') return reply.redirect(outcome, 303);
    return beginInteraction(context, outcome, request, reply);
  });
}

async function knownClient({ clients }: ServerContext, form: Form): Promise<Client> {
  const client = form.client_id === undefined ? undefined : await clients.find(form.client_id);
  if (client === undefined) throw new OauthError('invalid_request', 'The client is not known');
  return client;
}

/** A request that came with the browser, or the address that takes its refusal to the client. */
function plainRequest(
  context: ServerContext,
  client: Client,
  form: Form,
  resources: readonly string[],
): AuthorizationRequest | string {
  const target = resolveRedirectUri(client, form);
  try {
    if (context.policy.requiresPushedRequests || client.require_pushed_authorization_requests) {
      // RFC 9126 §5
      throw new OauthError('invalid_request', 'The request must be pushed');
    }
    return parseAuthorizationRequest(context, client, target, form, resources);
  } catch (error) {
    if (!(error instanceof OauthError)) throw error;
    const { state } = form;
    const answerTo = { ...target, ...(state !== undefined && { state }) };
    return errorResponseUrl(context.issuer, answerTo, error);
  }
}

/** RFC 9126 §4: whatever else stands beside `request_uri` is ignored. */
async function pushedRequest(
  { db, clock }: ServerContext,
  client: Client,
  uri: string,
): Promise<AuthorizationRequest> {
  const request = await takePushedRequest(db, uri, client.client_id, clock());
  if (request === undefined) {
    throw new OauthError('invalid_request', 'The request has expired, was used or is not known');
  }
  return request;
}
