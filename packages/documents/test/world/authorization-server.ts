import { buildAuthServer, DEMO_USERS, openDatabase } from '@keybound/auth-server';
import { clientsOfDocuments } from './clients.ts';
import { type Listener, listen } from './listener.ts';

/** Starts the demo's authorization server as an issuer, on the embedded database. */
export async function startAuthorizationServer(
  issuer: string,
  resources: readonly string[],
): Promise<Listener> {
  const database = await openDatabase();
  const app = await buildAuthServer({
    issuer,
    resources,
    database,
    clients: clientsOfDocuments(resources),
    demoUsers: DEMO_USERS,
    preset: 'default',
    registration: 'off',
    lifetimes: { accessTokenSeconds: 300, refreshTokenSeconds: 86_400, grantSeconds: 10 * 86_400 },
    limits: { loginsPerMinute: 1000, requestsPerMinute: 100_000 },
    signing: {
      algorithm: 'ES256',
      rotationSeconds: 30 * 86_400,
      encryptionSecrets: ['an encryption secret of the documents'],
    },
    logLevel: 'silent',
  });
  await app.ready();
  const listener = await listen((request, response) => app.routing(request, response));
  return {
    port: listener.port,
    async close(): Promise<void> {
      await Promise.all([app.close(), listener.close()]);
      await database.close();
    },
  };
}
