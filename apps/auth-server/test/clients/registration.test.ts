import { createTestClock, KEYS, keySet, NOW } from '@keybound/test-kit';
import Fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuditEvent } from '../../src/audit.ts';
import { createClientRegistry } from '../../src/clients/client-registry.ts';
import { demoClients } from '../../src/clients/demo-clients.ts';
import { registeredClients } from '../../src/database/schema.ts';
import { OauthError } from '../../src/oauth-error.ts';
import { POLICIES } from '../../src/policy.ts';
import { type RegistrationContext, registrationRoutes } from '../../src/routes/registration.ts';
import { hashSecret } from '../../src/secrets.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const CLIENT_ID = /^dcr-[A-Za-z0-9_-]{43}$/;
const SECRET = /^[A-Za-z0-9_-]{43}$/;
const WEB = { redirect_uris: ['https://app.example/callback'] };

interface Registration {
  readonly app: FastifyInstance;
  readonly context: RegistrationContext;
  readonly events: AuditEvent[];
}

async function startRegistration(
  options: Partial<RegistrationContext> = {},
): Promise<Registration> {
  const events: AuditEvent[] = [];
  const context: RegistrationContext = {
    audit: (event) => events.push(event),
    clients: createClientRegistry({ configured: demoClients([]), db: database.db }),
    clock: createTestClock(NOW + 0.5),
    db: database.db,
    limits: { loginsPerMinute: 5, requestsPerMinute: 42 },
    policy: POLICIES.default,
    registration: 'open',
    ...options,
  };
  const app = Fastify();
  onTestFinished(() => app.close());
  app.setErrorHandler(async (error, _request, reply) => {
    if (!(error instanceof OauthError)) throw error;
    return reply.code(error.status).send({ error: error.code, error_description: error.message });
  });
  await app.register(async (scope) => registrationRoutes(scope, context));
  return { app, context, events };
}

function register(
  app: FastifyInstance,
  metadata: unknown,
  type = 'application/json',
): Promise<LightMyRequestResponse> {
  const payload = typeof metadata === 'string' ? metadata : JSON.stringify(metadata);
  return app.inject({
    method: 'POST',
    url: '/register',
    headers: { 'content-type': type },
    payload,
  });
}

describe('the registration endpoint', () => {
  it('a web client → 201 with all that is registered, and its secret once', async () => {
    const { app, context, events } = await startRegistration();
    const response = await register(app, { ...WEB, client_name: 'Stranger', contacts: ['me'] });
    expect(response.statusCode).toBe(201);
    expect(response.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
    });
    const answer = response.json();
    expect(answer).toEqual({
      ...WEB,
      client_id: expect.stringMatching(CLIENT_ID),
      client_id_issued_at: NOW,
      client_secret: expect.stringMatching(SECRET),
      client_secret_expires_at: 0,
      client_name: 'Stranger',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      scope: 'notes:read notes:write',
      application_type: 'web',
      dpop_bound_access_tokens: false,
      require_pushed_authorization_requests: false,
      access_token_format: 'jwt',
    });
    expect(events).toEqual([{ event: 'client_registered', clientId: answer.client_id }]);
    expect(await context.clients.find(answer.client_id)).toMatchObject({
      ...WEB,
      client_id: answer.client_id,
      secretHash: hashSecret(answer.client_secret),
      introspects: [],
    });
    const rows = await database.db.select().from(registeredClients);
    expect(JSON.stringify(rows)).not.toContain(answer.client_secret);
  });

  it.each([
    ['a public client', { token_endpoint_auth_method: 'none', application_type: 'native' }],
    [
      'a client with keys',
      { token_endpoint_auth_method: 'private_key_jwt', jwks: keySet(KEYS.alice) },
    ],
  ])('%s → 201 without a secret', async (_name, more) => {
    const { app } = await startRegistration();
    const response = await register(app, { ...WEB, ...more });
    expect(response.statusCode).toBe(201);
    expect(response.json()).toHaveProperty('client_id');
    expect(response.json()).not.toHaveProperty('client_secret');
    expect(response.json()).not.toHaveProperty('client_secret_expires_at');
  });

  it.each([
    ['rights', ['https://rs.example']],
    ['rights in a wrong form', 'https://rs.example'],
  ])(
    'an identifier, a secret and %s that the client chose → ignored [ATJWT-5-01]',
    async (_name, introspects) => {
      const { app, context } = await startRegistration();
      const chosen = { client_id: 'notes-jwt', client_secret: 'chosen-by-the-client', introspects };
      const response = await register(app, { ...WEB, ...chosen });
      expect(response.statusCode).toBe(201);
      const answer = response.json();
      expect(answer.client_id).toMatch(CLIENT_ID);
      expect(answer.client_secret).toMatch(SECRET);
      expect(answer).not.toHaveProperty('introspects');
      expect(await context.clients.find(answer.client_id)).toMatchObject({ introspects: [] });
    },
  );

  it('the same client twice → two clients', async () => {
    const { app } = await startRegistration();
    const [one, two] = [await register(app, WEB), await register(app, WEB)];
    expect(one.json().client_id).not.toBe(two.json().client_id);
    expect(one.json().client_secret).not.toBe(two.json().client_secret);
  });

  it('a scope within what configured clients may have → that scope', async () => {
    const { app } = await startRegistration();
    const response = await register(app, { ...WEB, scope: 'notes:read' });
    expect(response.json().scope).toBe('notes:read');
  });

  it.each([
    [
      'a scope beyond',
      { ...WEB, scope: 'notes:read admin' },
      'scope has a value that is not offered here',
    ],
    [
      'client_credentials',
      { ...WEB, grant_types: ['authorization_code', 'client_credentials'] },
      'grant_types may be authorization_code, refresh_token',
    ],
    [
      'client_credentials alone',
      { grant_types: ['client_credentials'] },
      'grant_types may be authorization_code, refresh_token',
    ],
    ['no grant', { grant_types: [] }, 'grant_types must have authorization_code'],
    ['a name that deceives', { ...WEB, client_name: 'a\u202eb' }, /^client_name must have/],
    ['no object', [WEB], 'The request body must be a JSON object'],
    ['null', null, 'The request body must be a JSON object'],
    ['no JSON', '{"redirect_uris":', 'The request body must be a JSON object'],
  ])('%s → 400 invalid_client_metadata, and no client', async (_name, metadata, sentence) => {
    const { app, events } = await startRegistration();
    const response = await register(app, metadata);
    expect(response.statusCode).toBe(400);
    expect(response.json().error).toBe('invalid_client_metadata');
    if (typeof sentence === 'string') expect(response.json().error_description).toBe(sentence);
    else expect(response.json().error_description).toMatch(sentence);
    expect(events).toEqual([]);
    expect(await database.db.select().from(registeredClients)).toEqual([]);
  });

  it.each([
    ['plain http', { redirect_uris: ['http://app.example/'] }],
    ['a script', { redirect_uris: ['javascript:alert(1)'], application_type: 'native' }],
    ['none', {}],
  ])('%s as redirect URI → 400 invalid_redirect_uri [BCP-2.1-02]', async (_name, metadata) => {
    const { app } = await startRegistration();
    const response = await register(app, metadata);
    expect(response.statusCode).toBe(400);
    expect(response.json().error).toBe('invalid_redirect_uri');
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'application/jsonx'])(
    '%s → 415: JSON alone is read',
    async (type) => {
      const { app } = await startRegistration();
      expect((await register(app, WEB, type)).statusCode).toBe(415);
    },
  );

  it('a public client under FAPI 2.0 → 400 invalid_client_metadata [FAPI-5.3.2.1-01]', async () => {
    const { app } = await startRegistration({ policy: POLICIES.fapi });
    const response = await register(app, { ...WEB, token_endpoint_auth_method: 'none' });
    expect(response.statusCode).toBe(400);
    expect(response.json().error).toBe('invalid_client_metadata');
  });

  it('registration off → 404', async () => {
    const { app } = await startRegistration({ registration: 'off' });
    expect((await register(app, WEB)).statusCode).toBe(404);
  });

  it('the route tells the limiter how many requests an address may send', async () => {
    const events: unknown[] = [];
    const { context } = await startRegistration();
    const app = Fastify();
    onTestFinished(() => app.close());
    app.addHook('onRoute', ({ method, config }) => {
      if (method === 'POST') events.push(config?.rateLimit);
    });
    await app.register(async (scope) => registrationRoutes(scope, context));
    expect(events).toEqual([{ max: 42, timeWindow: 60_000 }]);
  });
});
