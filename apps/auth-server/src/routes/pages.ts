import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import rateLimit from '@fastify/rate-limit';
import type { FastifyError, FastifyInstance } from 'fastify';
import type { ServerContext } from '../context.ts';
import { outageOf } from '../database/outage.ts';
import { withoutQuery } from '../database/query-fault.ts';
import { OauthError } from '../oauth-error.ts';
import { sendErrorPage } from '../pages/error-page.ts';
import { PageError } from '../pages/page-error.ts';
import { authorizationRoutes } from './authorization.ts';
import { interactionRoutes } from './interaction.ts';
import { RETRY_AFTER_SECONDS } from './oauth-endpoints.ts';

const SENTENCES: Readonly<Record<number, string>> = {
  413: 'The form is too large.',
  429: 'Too many requests. Wait a minute, then try again.',
};

/** What people see: the authorization endpoint and the pages it leads to. Faults are pages as well. */
export async function pages(app: FastifyInstance, context: ServerContext): Promise<void> {
  app.removeAllContentTypeParsers();
  await app.register(formbody);
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof OauthError) {
      context.audit({
        event: 'request_refused',
        path: request.routeOptions.url ?? '',
        error: error.code,
      });
      return sendErrorPage(reply, { status: error.status, sentence: error.message });
    }
    if (error instanceof PageError)
      return sendErrorPage(reply, { status: error.status, sentence: error.message });
    const outage = outageOf(error);
    if (outage !== undefined) {
      request.log.error({ err: outage }, 'the database is not available');
      reply.header('retry-after', String(RETRY_AFTER_SECONDS));
      return sendErrorPage(reply, {
        status: 503,
        sentence: 'The service cannot answer at the moment. Try again soon.',
      });
    }
    const status = error.statusCode ?? 500;
    if (status >= 400 && status < 500) {
      request.log.info({ code: error.code, status }, 'request refused');
      return sendErrorPage(reply, {
        status,
        sentence: SENTENCES[status] ?? 'The request is malformed.',
      });
    }
    request.log.error({ err: withoutQuery(error) }, 'request failed');
    return sendErrorPage(reply, { status: 500, sentence: 'Something went wrong on this server.' });
  });
  authorizationRoutes(app, context);
  interactionRoutes(app, context);
}
