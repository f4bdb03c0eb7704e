import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AuthorizationRequest } from '../authorization/authorization-request.ts';
import {
  destinationOf,
  errorResponseUrl,
  type ResponseTarget,
} from '../authorization/authorization-response.ts';
import {
  parseAuthorizationRequest,
  resolveRedirectUri,
} from '../authorization/parse-authorization-request.ts';
import type { Client } from '../clients/client.ts';
import { isRegisteredClientId } from '../clients/registered-clients.ts';
import type { ServerContext } from '../context.ts';
import { type Form, parseForm, parseResources } from '../form.ts';
import { takePushedRequest } from '../grants/pushed-requests.ts';
import { OauthError } from '../oauth-error.ts';
import { sendErrorPage } from '../pages/error-page.ts';
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
    return 'refusal' in outcome
      ? sendRefusal(context, client, outcome, reply)
      : beginInteraction(context, outcome, request, reply);
  });
}

/** A request that is not good, from a client that can be told so. */
interface RefusedRequest extends ResponseTarget {
  readonly refusal: OauthError;
}

/**
 * Takes a refusal to the client. Where anybody may register, that would make this server send people to
 * any address (RFC 9700 §4.11.2), so for those clients a page asks the person first.
 */
function sendRefusal(
  { issuer }: ServerContext,
  client: Client,
  refused: RefusedRequest,
  reply: FastifyReply,
): FastifyReply {
  const url = errorResponseUrl(issuer, refused, refused.refusal);
  if (!isRegisteredClientId(client.client_id)) return reply.redirect(url, 303);
  return sendErrorPage(reply, {
    status: 400,
    sentence: refused.refusal.message,
    link: { url, name: destinationOf(refused.redirectUri) },
  });
}

async function knownClient({ clients }: ServerContext, form: Form): Promise<Client> {
  const client = form.client_id === undefined ? undefined : await clients.find(form.client_id);
  if (client === undefined) throw new OauthError('invalid_request', 'The client is not known');
  return client;
}

/** A request that came with the browser. */
function plainRequest(
  context: ServerContext,
  client: Client,
  form: Form,
  resources: readonly string[],
): AuthorizationRequest | RefusedRequest {
  const target = resolveRedirectUri(context, client, form);
  try {
    if (context.policy.requiresPushedRequests || client.require_pushed_authorization_requests) {
      // RFC 9126 §5
      throw new OauthError('invalid_request', 'The request must be pushed');
    }
    return parseAuthorizationRequest(context, client, target, form, resources);
  } catch (error) {
    if (!(error instanceof OauthError)) throw error;
    const { redirectUri } = target;
    const { state } = form;
    return { refusal: error, redirectUri, ...(state !== undefined && { state }) };
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
