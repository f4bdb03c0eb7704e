import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildAuthServer, DEMO_USERS, demoClients, openDatabase } from '@keybound/auth-server';
import { createNonces } from '@keybound/dpop';
import { buildResourceServer } from '@keybound/resource-server';
import type { FastifyInstance } from 'fastify';
import { buildClient } from '../../../src/app.ts';
import { labOptions } from '../../../src/node/lab-options.ts';
import { playComparison } from '../../../src/node/play-comparison.ts';
import { processSettings } from '../../../src/process-settings.ts';
import { readClientSettings } from './client-settings.ts';

/** One of the three servers; it can be made not to answer for a while. */
export interface LabServer {
  readonly origin: string;
  /** Every request so far, as method, path and status. */
  readonly log: readonly string[];
  isDown: boolean;
}

/** The three apps, listening. */
export interface LabServers {
  readonly authServer: LabServer;
  readonly resourceServer: LabServer;
  readonly lab: LabServer;
  /** The nonces of the API and of the authorization server are new ones from now on. */
  rotateNonces(): void;
  /** The comparison as the command line plays it against the same servers. */
  playFromProcess(): ReturnType<typeof playComparison>;
  close(): Promise<void>;
}

/** Short, as in the demo, so that the end of a token can be waited for. */
const TOKEN_SECONDS = 4;

/** Starts the three apps on free ports, with everything as in the demo. */
export async function startLabServers(): Promise<LabServers> {
  const ports = [await openPort(), await openPort(), await openPort()] as const;
  const [as, api, client] = ports;
  const database = await openDatabase();
  let secret = 'the first secret of these tests, long enough';
  const nonces = (server: string) => createNonces({ secrets: () => [secret], server });

  const authServer = await buildAuthServer({
    issuer: as.origin,
    resources: [api.origin],
    database,
    clients: demoClients([api.origin]),
    demoUsers: DEMO_USERS,
    nonces: nonces(as.origin),
    preset: 'default',
    registration: 'off',
    lifetimes: {
      accessTokenSeconds: TOKEN_SECONDS,
      refreshTokenSeconds: 86_400,
      grantSeconds: 864_000,
    },
    limits: { loginsPerMinute: 1000, requestsPerMinute: 100_000 },
    signing: {
      algorithm: 'ES256',
      rotationSeconds: 2_592_000,
      encryptionSecrets: ['an encryption secret of these tests, long'],
    },
    logLevel: 'silent',
  });
  const settings = readClientSettings({
    ISSUER: as.origin,
    RESOURCE: api.origin,
    PORT: new URL(client.origin).port,
  });
  const resourceServer = await buildResourceServer({
    publicOrigin: api.origin,
    issuer: as.origin,
    introspection: { clientId: 'notes-api', clientSecret: 'demo-secret-of-notes-api' },
    apiKey: settings.API_KEY,
    nonces: nonces(api.origin),
    preset: 'default',
    logLevel: 'silent',
  });
  const playFromProcess = () => playComparison(processSettings(settings), () => {});
  const lab = await buildClient({
    lab: await labOptions(settings),
    play: playFromProcess,
    logLevel: 'silent',
  });
  await Promise.all([as.serve(authServer), api.serve(resourceServer), client.serve(lab)]);
  return {
    authServer: as,
    resourceServer: api,
    lab: client,
    rotateNonces(): void {
      secret = `${secret} and once more`;
    },
    playFromProcess,
    async close(): Promise<void> {
      await Promise.all(ports.map((port) => port.close()));
      await database.close();
    },
  };
}

interface OpenPort extends LabServer {
  serve(app: FastifyInstance): Promise<void>;
  close(): Promise<void>;
}

/** Takes a free port before there is anything to answer there, since the servers must know all three. */
async function openPort(): Promise<OpenPort> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  let served: FastifyInstance | undefined;
  const log: string[] = [];
  const port: OpenPort = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    log,
    isDown: false,
    async serve(app): Promise<void> {
      await app.ready();
      served = app;
      server.on('request', (request, response) => {
        if (port.isDown) {
          request.socket.destroy();
          return;
        }
        response.once('finish', () => {
          const path = request.url?.replace(/\?.*/, '');
          log.push(`${request.method} ${path} ${response.statusCode}`);
        });
        app.routing(request, response);
      });
    },
    async close(): Promise<void> {
      await served?.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return port;
}
