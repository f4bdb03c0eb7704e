import { protectedRequest } from '@keybound/fastify';
import type { FastifyInstance } from 'fastify';
import type { AuthorizationRequest } from '../authorization/authorization-request.ts';
import {
  parseAuthorizationRequest,
  resolveRedirectUri,
} from '../authorization/parse-authorization-request.ts';
import type { ServerContext } from '../context.ts';
import { parseForm, parseResources } from '../form.ts';
import { PUSHED_REQUEST_SECONDS, pushRequest } from '../grants/pushed-requests.ts';
import { OauthError } from '../oauth-error.ts';
import { ENDPOINTS } from './endpoints.ts';

/**
 * The pushed authorization request endpoint (RFC 9126): the checks of an authorization request, made
 * before any browser is involved, for an authenticated client. A proof binds the code (RFC 9449 §10.1).
 */
export function pushedAuthorizationRoutes(app: FastifyInstance, context: ServerContext): void {
  app.post(ENDPOINTS.pushedAuthorization, async (request, reply) => {
    const form = parseForm(request.body);
    const received = protectedRequest(request);
    const client = await context.authenticateClient(received, form);
    if (form.request_uri !== undefined) {
      throw new OauthError('invalid_request', 'request_uri must not be pushed'); // RFC 9126 §2.1
    }
    const authorizationRequest = parseAuthorizationRequest(
      context,
      client,
      resolveRedirectUri(context, client, form),
      form,
      parseResources(request.body),
    );
    const proof = await context.proofs.verify(received);
    const uri = await pushRequest(
      context.db,
      boundTo(authorizationRequest, proof?.jkt),
      context.clock(),
    );
    reply.code(201).header('cache-control', 'no-store');
    for (const [name, value] of proof?.headers ?? []) reply.header(name, value);
    return { request_uri: uri, expires_in: PUSHED_REQUEST_SECONDS };
  });
}

/** RFC 9449 §10.1: a proof says the same as `dpop_jkt`, and both may not disagree. */
function boundTo(request: AuthorizationRequest, jkt: string | undefined): AuthorizationRequest {
  if (jkt === undefined) return request;
  if (request.dpopJkt !== undefined && request.dpopJkt !== jkt) {
    throw new OauthError('invalid_request', 'dpop_jkt is not the key of the proof');
  }
  return { ...request, dpopJkt: jkt };
}
