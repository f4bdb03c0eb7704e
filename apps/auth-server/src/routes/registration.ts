import type {} from '@fastify/rate-limit';
import { isJsonObject, type JsonObject } from '@keybound/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type ClientMetadata, scopesOf } from '../clients/client.ts';
import { memberFault } from '../clients/metadata-members.ts';
import { parseClientMetadata } from '../clients/parse-client.ts';
import { registerClient } from '../clients/registered-clients.ts';
import type { ServerContext } from '../context.ts';
import { OauthError } from '../oauth-error.ts';
import { ENDPOINTS } from './endpoints.ts';

const MINUTE_MS = 60_000;

/** What the routes for registration work with. */
export type RegistrationContext = Pick<
  ServerContext,
  'audit' | 'clients' | 'clock' | 'db' | 'limits' | 'policy' | 'registration'
>;

/**
 * The client registration endpoint (RFC 7591), where strangers may register clients; nothing where
 * they may not. It takes JSON in a scope of its own, so that JSON stays no form elsewhere.
 */
export function registrationRoutes(app: FastifyInstance, context: RegistrationContext): void {
  if (context.registration !== 'open') return;
  app.register(async (scope) => {
    acceptJson(scope);
    const { requestsPerMinute } = context.limits;
    scope.post(
      ENDPOINTS.registration,
      { config: { rateLimit: { max: requestsPerMinute, timeWindow: MINUTE_MS } } },
      async (request, reply) => {
        const response = await register(context, request.body);
        return reply.code(201).header('cache-control', 'no-store').send(response);
      },
    );
  });
}

/** What is registered, and the secret, which is told this one time (RFC 7591 §3.2.1). */
async function register(context: RegistrationContext, body: unknown): Promise<JsonObject> {
  if (!isJsonObject(body)) throw bodyFault();
  const metadata = parseStranger(context, body);
  const now = Math.floor(context.clock());
  const { clientId, secret } = await registerClient(context.db, metadata, now);
  context.audit({ event: 'client_registered', clientId });
  const { introspects: _, ...shown } = metadata;
  return {
    client_id: clientId,
    client_id_issued_at: now,
    ...(secret !== undefined && { client_secret: secret, client_secret_expires_at: 0 }),
    ...shown,
    response_types: ['code'],
  };
}

/**
 * The metadata of a client for whom nobody vouches: it may ask people for consent and can do nothing
 * in its own name, so it has no client credentials and introspects nothing.
 */
function parseStranger({ clients, policy }: RegistrationContext, body: JsonObject): ClientMetadata {
  const metadata = parseClientMetadata(
    { ...body, scope: body.scope ?? clients.consentScopes.join(' '), introspects: [] },
    { policy, grantTypes: ['authorization_code', 'refresh_token'] },
  );
  if (!metadata.grant_types.includes('authorization_code')) {
    throw memberFault('grant_types', 'must have authorization_code');
  }
  if (!scopesOf(metadata).every((scope) => clients.consentScopes.includes(scope))) {
    throw memberFault('scope', 'has a value that is not offered here');
  }
  return metadata;
}

function acceptJson(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (_request: FastifyRequest, text: string) => {
      try {
        return JSON.parse(text);
      } catch {
        throw bodyFault();
      }
    },
  );
}

function bodyFault(): OauthError {
  return new OauthError('invalid_client_metadata', 'The request body must be a JSON object');
}
