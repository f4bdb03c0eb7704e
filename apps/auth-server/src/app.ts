import cors from '@fastify/cors';
import { createService, type ServiceOptions } from '@keybound/app-kit';
import { DPOP_CORS } from '@keybound/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AuditEvent } from './audit.ts';
import { type ContextOptions, createContext } from './create-context.ts';
import { startMaintenance } from './maintenance.ts';
import { ENDPOINTS, METADATA_PATHS } from './routes/endpoints.ts';
import { metadataRoutes } from './routes/metadata.ts';
import { oauthEndpoints } from './routes/oauth-endpoints.ts';
import { pages } from './routes/pages.ts';

/** What the authorization server is made of. */
export interface AuthServerOptions extends ServiceOptions, Omit<ContextOptions, 'audit'> {
  /** Takes what is worth knowing afterwards. @defaultValue the log, whatever its level */
  readonly audit?: ContextOptions['audit'];
}

/** Where scripts of any origin may call: these answer to credentials in fields, never to cookies. */
const CORS_PATHS: ReadonlySet<string> = new Set([
  ENDPOINTS.token,
  ENDPOINTS.pushedAuthorization,
  ENDPOINTS.revocation,
  ENDPOINTS.registration,
  ENDPOINTS.jwks,
  ...METADATA_PATHS,
]);

/**
 * Builds the authorization server without listening. The database stays the caller's: close it after
 * the server.
 */
export async function buildAuthServer(options: AuthServerOptions): Promise<FastifyInstance> {
  const app = createService(options);
  const context = await createContext({ ...options, audit: options.audit ?? auditLog(app) });

  // RFC 9700 §2.6: none at the authorization endpoint and its pages.
  await app.register(cors, {
    delegator: (request, callback) => {
      const [path = ''] = request.url.split('?');
      callback(null, {
        origin: CORS_PATHS.has(path) ? '*' : false,
        methods: ['GET', 'POST'],
        ...DPOP_CORS,
      });
    },
  });
  metadataRoutes(app, context);
  await app.register(async (scope) => oauthEndpoints(scope, context));
  await app.register(async (scope) => pages(scope, context), {
    // Their paths name interactions; the log gets by without.
    logSerializers: {
      req: ({ method, routeOptions }: FastifyRequest) => `${method} ${routeOptions.url}`,
    },
  });
  startMaintenance(app, context);
  return app;
}

/** Audit events do not depend on the level of the log; only silence silences them. */
function auditLog(app: FastifyInstance): (event: AuditEvent) => void {
  if (app.log.level === 'silent') return () => {};
  const log = app.log.child({}, { level: 'info' });
  return (event) => log.info({ audit: event }, event.event);
}
