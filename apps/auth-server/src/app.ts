import cors from '@fastify/cors';
import formbody from '@fastify/formbody';
import { createService, type ServiceOptions, sendFault } from '@keybound/app-kit';
import {
  type Clock,
  type Denial,
  isAuthError,
  isUnavailableError,
  systemClock,
} from '@keybound/core';
import {
  createMemoryReplayStore,
  createNonces,
  createProofVerifier,
  type PresetName,
} from '@keybound/dpop';
import { DPOP_CORS } from '@keybound/fastify';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import type { ClientRegistry } from './clients/client.ts';
import type { ServerContext } from './context.ts';
import { createSigningKeys } from './keys/signing-keys.ts';
import { OauthError } from './oauth-error.ts';
import { ENDPOINTS } from './routes/endpoints.ts';
import { introspectionRoutes } from './routes/introspection.ts';
import { metadataRoutes } from './routes/metadata.ts';
import { tokenRoutes } from './routes/token.ts';
import { createAccessTokens } from './tokens/access-tokens.ts';

/** What the authorization server is made of. */
export interface AuthServerOptions extends ServiceOptions {
  /** The issuer identifier: an origin. */
  readonly issuer: string;
  /** The audiences tokens may be issued for; the first one is the default. */
  readonly resources: readonly string[];
  readonly clients: ClientRegistry;
  /** Secrets of DPoP nonces, newest first; empty: no nonce is demanded. */
  readonly nonceSecrets: readonly string[];
  readonly preset: PresetName;
  readonly accessTokenSeconds: number;
  /** @defaultValue the system clock */
  readonly clock?: Clock;
}

/** Builds the authorization server without listening. */
export async function buildAuthServer(options: AuthServerOptions): Promise<FastifyInstance> {
  const context = await createContext(options);
  const app = createService(options);
  // Any origin: these endpoints answer to credentials in fields, never to cookies (RFC 9700 §2.6).
  await app.register(cors, { origin: '*', methods: ['GET', 'POST'], ...DPOP_CORS });
  metadataRoutes(app, context);
  await app.register(async (scope) => oauthEndpoints(scope, context));
  return app;
}

/** The endpoints that take forms and answer errors as RFC 6749 §5.2 says. */
async function oauthEndpoints(app: FastifyInstance, context: ServerContext): Promise<void> {
  // Forms only: a JSON body must not pass for one.
  app.removeAllContentTypeParsers();
  await app.register(formbody);
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    if (error instanceof OauthError) {
      request.log.info({ code: error.code }, 'request refused');
      return sendOauthError(reply, error, request.headers.authorization !== undefined);
    }
    if (isAuthError(error)) {
      const { reason, code, facts } = error;
      request.log.info({ reason, code, facts }, `proof refused: ${error.message}`);
      return sendDenial(reply, await context.proofs.deny(error));
    }
    if (isUnavailableError(error)) {
      request.log.error({ err: error, component: error.component }, 'proof could not be checked');
      return sendDenial(reply, await context.proofs.deny(error));
    }
    if (error.statusCode === 415) return sendFault(reply, 400);
    throw error; // to the handler of the service
  });

  tokenRoutes(app, context);
  introspectionRoutes(app, context);
  for (const url of [ENDPOINTS.token, ENDPOINTS.introspection]) {
    // Parameters in a query would end in logs, so GET is no alternative (RFC 6749 §3.2).
    app.route({
      method: ['GET', 'PUT', 'PATCH', 'DELETE'],
      url,
      handler: async (_request, reply) => sendFault(reply.header('allow', 'POST'), 405),
    });
  }
}

async function createContext(options: AuthServerOptions): Promise<ServerContext> {
  const { issuer, resources, clients, nonceSecrets, preset, clock = systemClock } = options;
  const keys = await createSigningKeys();
  return {
    issuer,
    resources,
    clients,
    keys,
    tokens: createAccessTokens({
      issuer,
      keys,
      lifetimeSeconds: options.accessTokenSeconds,
      clock,
    }),
    proofs: createProofVerifier({
      publicOrigin: issuer,
      replay: createMemoryReplayStore({ clock }),
      preset,
      clock,
      ...(nonceSecrets.length > 0 && {
        nonces: createNonces({ secrets: () => nonceSecrets, server: issuer, clock }),
      }),
    }),
  };
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
