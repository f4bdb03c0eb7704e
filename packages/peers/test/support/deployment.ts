import {
  type AuthServerOptions,
  buildAuthServer,
  type Client,
  type Database,
  DEMO_USERS,
  demoClients,
} from '@keybound/auth-server';
import { createNonces, type Nonces } from '@keybound/dpop';
import { buildResourceServer } from '@keybound/resource-server';
import type { FastifyInstance } from 'fastify';
import { type Listener, takeFreePort } from './listener.ts';

/** One row per way an authorization server may treat nonces. */
export const NONCE_TABLE: readonly { readonly nonces: 'on' | 'off' }[] = [
  { nonces: 'off' },
  { nonces: 'on' },
];

/** A second audience, which no server of the tests is. */
export const OTHER_RESOURCE = 'https://second-api.example';

/** What the deployments of the tests differ in. */
export interface DeploymentOptions {
  /** @defaultValue off */
  readonly nonces?: 'on' | 'off';
  /** @defaultValue default */
  readonly preset?: AuthServerOptions['preset'];
  /** @defaultValue off */
  readonly registration?: AuthServerOptions['registration'];
  /** Clients beside those of the demonstration. */
  readonly clients?: readonly Client[];
}

/** Our two servers, listening. */
export interface Deployment {
  /** The origin of the authorization server. */
  readonly issuer: string;
  /** The origin of the resource server: the audience of tokens. */
  readonly api: string;
  close(): Promise<void>;
}

/** The resource server alone, for another vendor's authorization server. */
export interface ResourceServer {
  readonly api: string;
  close(): Promise<void>;
}

/** The secrets of the published demonstration clients. */
export function secretOf(clientId: string): string {
  return `demo-secret-of-${clientId}`;
}

/** Starts our authorization server on a database of the tests, and our resource server. */
export async function startDeployment(
  database: Database,
  options: DeploymentOptions = {},
): Promise<Deployment> {
  const { nonces = 'off', preset = 'default', registration = 'off', clients = [] } = options;
  const asPort = await takeFreePort();
  const apiPort = await takeFreePort();
  const authServer = await buildAuthServer({
    issuer: asPort.origin,
    resources: [apiPort.origin, OTHER_RESOURCE],
    database,
    clients: [...demoClients([apiPort.origin]), ...clients],
    demoUsers: DEMO_USERS,
    passwordCost: { logN: 4, r: 8, p: 1 },
    nonces: nonces === 'on' ? noncesOf(asPort.origin) : undefined,
    preset,
    registration,
    lifetimes: { accessTokenSeconds: 300, refreshTokenSeconds: 86_400, grantSeconds: 10 * 86_400 },
    limits: { loginsPerMinute: 1000, requestsPerMinute: 100_000 },
    signing: {
      algorithm: 'ES256',
      rotationSeconds: 30 * 86_400,
      encryptionSecrets: ['an encryption secret of the tests, long'],
    },
    logLevel: 'silent',
  });
  const closeAs = await serve(authServer, asPort);
  const { api, close } = await startResourceServer(asPort.origin, { port: apiPort, preset });
  return {
    issuer: asPort.origin,
    api,
    async close(): Promise<void> {
      await Promise.all([closeAs(), close()]);
    },
  };
}

/** Starts our resource server for tokens of an issuer. `/dpop-nonce` always demands nonces. */
export async function startResourceServer(
  issuer: string,
  options: {
    readonly port?: Listener;
    readonly preset?: AuthServerOptions['preset'];
  } = {},
): Promise<ResourceServer> {
  const { port: taken = await takeFreePort(), preset = 'default' } = options;
  const app = await buildResourceServer({
    publicOrigin: taken.origin,
    issuer,
    introspection: { clientId: 'notes-api', clientSecret: secretOf('notes-api') },
    apiKey: 'not used in these tests',
    nonces: noncesOf(taken.origin),
    preset,
    logLevel: 'silent',
  });
  return { api: taken.origin, close: await serve(app, taken) };
}

function noncesOf(server: string): Nonces {
  return createNonces({ secrets: () => ['a secret of all servers of the tests'], server });
}

async function serve(app: FastifyInstance, port: Listener): Promise<() => Promise<void>> {
  await app.ready();
  port.serve((request, response) => app.routing(request, response));
  return async () => {
    await app.close();
    await port.close();
  };
}
