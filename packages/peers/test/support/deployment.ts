import { buildAuthServer, demoClients } from '@keybound/auth-server';
import { buildResourceServer } from '@keybound/resource-server';
import type { FastifyInstance } from 'fastify';
import { type Listener, takeFreePort } from './listener.ts';

/** One row per way an authorization server may treat nonces. */
export const NONCE_TABLE: readonly { readonly nonces: 'on' | 'off' }[] = [
  { nonces: 'off' },
  { nonces: 'on' },
];

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

/** Starts our authorization server, with its nonces on or off, and our resource server. */
export async function startDeployment(nonces: 'on' | 'off' = 'off'): Promise<Deployment> {
  const asPort = await takeFreePort();
  const apiPort = await takeFreePort();
  const resources = [apiPort.origin];
  const authServer = await buildAuthServer({
    issuer: asPort.origin,
    resources,
    clients: demoClients(resources),
    nonceSecrets: nonces === 'on' ? ['a secret of the authorization server'] : [],
    preset: 'default',
    accessTokenSeconds: 300,
    logLevel: 'silent',
  });
  const closeAs = await serve(authServer, asPort);
  const { api, close } = await startResourceServer(asPort.origin, apiPort);
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
  port?: Listener,
): Promise<ResourceServer> {
  const taken = port ?? (await takeFreePort());
  const app = await buildResourceServer({
    publicOrigin: taken.origin,
    issuer,
    introspection: { clientId: 'notes-api', clientSecret: secretOf('notes-api') },
    apiKey: 'not used in these tests',
    nonceSecrets: ['a secret of the resource server!'],
    preset: 'default',
    logLevel: 'silent',
  });
  return { api: taken.origin, close: await serve(app, taken) };
}

async function serve(app: FastifyInstance, port: Listener): Promise<() => Promise<void>> {
  await app.ready();
  port.serve((request, response) => app.routing(request, response));
  return async () => {
    await app.close();
    await port.close();
  };
}
