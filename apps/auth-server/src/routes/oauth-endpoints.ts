import formbody from '@fastify/formbody';
import rateLimit from '@fastify/rate-limit';
import { sendFault } from '@keybound/app-kit';
import { type Denial, isAuthError, isUnavailableError } from '@keybound/core';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServerContext } from '../context.ts';
import { outageOf } from '../database/outage.ts';
import { withoutQuery } from '../database/query-fault.ts';
import { OauthError } from '../oauth-error.ts';
import { ENDPOINTS } from './endpoints.ts';
import { introspectionRoutes } from './introspection.ts';
import { pushedAuthorizationRoutes } from './pushed-authorization.ts';
import { registrationRoutes } from './registration.ts';
import { revocationRoutes } from './revocation.ts';
import { tokenRoutes } from './token.ts';

/** What a client waits before it tries again when the database is away. */
export const RETRY_AFTER_SECONDS = 1;

/** The endpoints that take forms of clients and answer errors as RFC 6749 §5.2 says. */
export async function oauthEndpoints(app: FastifyInstance, context: ServerContext): Promise<void> {
  // Forms only: a JSON body must not pass for one.
  app.removeAllContentTypeParsers();
  await app.register(formbody);
  app.setErrorHandler((error: FastifyError, request, reply) =>
    sendError(context, error, request, reply),
  );
  // One count an address for all of these endpoints together.
  await app.register(rateLimit, {
    max: context.limits.requestsPerMinute,
    timeWindow: '1 minute',
  });

  tokenRoutes(app, context);
  pushedAuthorizationRoutes(app, context);
  introspectionRoutes(app, context);
  revocationRoutes(app, context);
  registrationRoutes(app, context);

  const { token, pushedAuthorization, introspection, revocation, registration } = ENDPOINTS;
  const registrations = context.registration === 'open' ? [registration] : [];
  for (const url of [token, pushedAuthorization, introspection, revocation, ...registrations]) {
    // Parameters in a query would end in logs, so GET is no alternative (RFC 6749 §3.2).
    app.route({
      method: ['GET', 'PUT', 'PATCH', 'DELETE'],
      url,
      handler: async (_request, reply) => sendFault(reply.header('allow', 'POST'), 405),
    });
  }
}

async function sendError(
  { audit, proofs }: ServerContext,
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const path = request.routeOptions.url ?? '';
  if (error instanceof OauthError) {
    audit({ event: 'request_refused', path, error: error.code });
    return sendOauthError(reply, error, request.headers.authorization !== undefined);
  }
  if (isAuthError(error)) {
    const { reason, code, facts } = error;
    request.log.info({ reason, code, facts }, `proof refused: ${error.message}`);
    audit({ event: 'proof_refused', path, reason });
    return sendDenial(reply, await proofs.deny(error));
  }
  if (isUnavailableError(error)) {
    request.log.error({ err: error, component: error.component }, 'proof could not be checked');
    return sendDenial(reply, await proofs.deny(error));
  }
  if (error.statusCode === 415) return sendFault(reply, 400);
  return sendOutage(error, request, reply);
}

/** Answers an outage of the database; leaves every other error to the handler of the service. */
export function sendOutage(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const outage = outageOf(error);
  if (outage === undefined) throw withoutQuery(error);
  request.log.error({ err: outage }, 'the database is not available');
  return sendFault(reply.header('retry-after', String(RETRY_AFTER_SECONDS)), 503);
}

function sendOauthError(reply: FastifyReply, error: OauthError, usedHeader: boolean): FastifyReply {
  // RFC 6749 §5.2: a client that used the Authorization field is told the scheme.
  if (error.code === 'invalid_client' && usedHeader) {
    reply.header('www-authenticate', 'Basic realm="auth-server"');
  }
  return reply
    .code(error.status)
    .header('cache-control', 'no-store')
    .send({ error: error.code, error_description: error.message });
}

function sendDenial(reply: FastifyReply, { status, headers, body }: Denial): FastifyReply {
  for (const [name, value] of headers) reply.header(name, value);
  return reply.code(status).send(body);
}
