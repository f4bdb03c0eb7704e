import { createNonces } from '@keybound/dpop';
import {
  createTestClock,
  mintProof,
  type ProofOverrides,
  type TestClock,
} from '@keybound/test-kit';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { onTestFinished } from 'vitest';
import { type AuthServerOptions, buildAuthServer } from '../../src/app.ts';
import type { AuditEvent } from '../../src/audit.ts';
import type { Client } from '../../src/clients/client.ts';
import { demoClients } from '../../src/clients/demo-clients.ts';
import type { ContextOptions } from '../../src/create-context.ts';
import type { Queryable } from '../../src/database/database.ts';
import { DEMO_USERS } from '../../src/users/demo-users.ts';

export const ISSUER = 'https://as.example';
export const RESOURCE = 'https://rs.example';
export const OTHER_RESOURCE = 'https://other.example';
export const NONCE_SECRET = 'a secret of the tests, 32 or more chars';
/** For servers that demand nonces; time stands still for them. */
export const NONCES = createNonces({
  secrets: () => [NONCE_SECRET],
  server: ISSUER,
  clock: createTestClock(),
});

/** A server under test, its clock and what it has told its audit log. */
export interface TestServer {
  readonly app: FastifyInstance;
  readonly clock: TestClock;
  readonly events: readonly AuditEvent[];
}

/** What the servers of the tests are made with. */
export function contextOptions(db: Queryable): Omit<ContextOptions, 'audit'> {
  return {
    issuer: ISSUER,
    resources: [RESOURCE, OTHER_RESOURCE],
    database: { db, close: async () => {} },
    clients: demoClients([RESOURCE]),
    demoUsers: DEMO_USERS,
    // Signing in costs as little as it can: what it costs in earnest is tested with the passwords.
    passwordCost: { logN: 4, r: 8, p: 1 },
    preset: 'default',
    registration: 'off',
    lifetimes: { accessTokenSeconds: 300, refreshTokenSeconds: 86_400, grantSeconds: 10 * 86_400 },
    limits: { loginsPerMinute: 1000, requestsPerMinute: 100_000 },
    signing: {
      algorithm: 'ES256',
      rotationSeconds: 30 * 86_400,
      encryptionSecrets: ['an encryption secret of the tests, long'],
    },
  };
}

/** Starts a server on a database of the tests; it ends with the test. */
export async function startServer(
  { db }: { readonly db: Queryable },
  options: Partial<AuthServerOptions> & { readonly logs?: string[] } = {},
): Promise<TestServer> {
  const { logs, ...overrides } = options;
  const clock = createTestClock();
  const events: AuditEvent[] = [];
  const app = await buildAuthServer({
    ...contextOptions(db),
    logLevel: logs ? 'trace' : 'silent',
    ...(logs && { logStream: { write: (line: string) => void logs.push(line) } }),
    audit: (event) => events.push(event),
    clock,
    ...overrides,
  });
  onTestFinished(() => app.close());
  return { app, clock, events };
}

/** A demonstration client with other members. */
export function demoClient(id: string, members: Partial<Client> = {}): Client {
  const client = demoClients([RESOURCE]).find(({ client_id }) => client_id === id);
  if (client === undefined) throw new Error(`no demonstration client ${id}`);
  return { ...client, ...members };
}

/** The Authorization field of a demonstration client. */
export function basic(id: string, secret = `demo-secret-of-${id}`): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

/** Parameters of a request; a list for a repeated one, undefined for one that is left out. */
export type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The text of a form. */
export function formText(parameters: Parameters): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one): [string, string] => [name, one]),
  );
  return new URLSearchParams(pairs).toString();
}

/** Posts a form. */
export function post(
  app: FastifyInstance,
  url: string,
  form: Parameters | string,
  headers: InjectOptions['headers'] = {},
): Promise<LightMyRequestResponse> {
  return app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: typeof form === 'string' ? form : formText(form),
  });
}

/** Asks for a token by client credentials. */
export function requestToken(
  app: FastifyInstance,
  client: string,
  headers: InjectOptions['headers'] = {},
  form: Parameters = {},
): Promise<LightMyRequestResponse> {
  return post(
    app,
    '/token',
    { grant_type: 'client_credentials', ...form },
    { authorization: basic(client), ...headers },
  );
}

/** A proof for an endpoint of the server, the token endpoint unless another one is named. */
export function proofFor(overrides: ProofOverrides = {}, endpoint = '/token'): string {
  return mintProof({
    ...overrides,
    claims: { htm: 'POST', htu: `${ISSUER}${endpoint}`, ...overrides.claims },
  });
}
