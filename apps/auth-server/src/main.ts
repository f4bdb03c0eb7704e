import { publicOrigin, serve, settingsOrExit } from '@keybound/app-kit';
import { createNonces, type Nonces, type PresetName } from '@keybound/dpop';
import type { FastifyInstance } from 'fastify';
import { type AuthServerOptions, buildAuthServer } from './app.ts';
import type { Client } from './clients/client.ts';
import { readClients } from './clients/client-file.ts';
import { demoClients } from './clients/demo-clients.ts';
import { faultSentence } from './database/fault-sentence.ts';
import type { SigningAlgorithm } from './keys/key-pair.ts';
import { openDatabaseOrExit } from './open-database-or-exit.ts';
import { POLICIES } from './policy.ts';
import { authServer, type Settings } from './settings.ts';
import { DEMO_USERS } from './users/demo-users.ts';

const settings = settingsOrExit(authServer);
const isDemo = settings.CLIENTS_FILE === '';
const clients = clientsOrExit(settings);
const { database, encryption } = await openDatabaseOrExit(settings);
const app = await buildAuthServerOrExit({
  issuer: publicOrigin.of(settings),
  resources: settings.RESOURCES,
  database,
  clients,
  demoUsers: isDemo ? DEMO_USERS : [],
  nonces: noncesOf(settings),
  preset: settings.PRESET as PresetName,
  registration: settings.REGISTRATION as 'open' | 'off',
  lifetimes: {
    accessTokenSeconds: settings.ACCESS_TOKEN_SECONDS,
    refreshTokenSeconds: settings.REFRESH_TOKEN_SECONDS,
    grantSeconds: settings.GRANT_SECONDS,
  },
  limits: {
    loginsPerMinute: settings.LOGINS_PER_MINUTE,
    requestsPerMinute: settings.REQUESTS_PER_MINUTE,
  },
  signing: {
    algorithm: settings.SIGNING_ALGORITHM as SigningAlgorithm,
    rotationSeconds: settings.KEY_ROTATION_DAYS * 24 * 3600,
    encryptionSecrets: encryption.secrets,
  },
  logLevel: settings.LOG_LEVEL,
  trustedProxies: settings.TRUSTED_PROXIES.split(',').filter((proxy) => proxy !== ''),
});
app.addHook('onClose', () => database.close());
if (isDemo) app.log.warn('demonstration clients and users are in use: set CLIENTS_FILE');
if (encryption.origin !== 'configured') {
  app.log.warn(
    `signing keys are encrypted with a generated key (${encryption.origin}): set KEY_ENCRYPTION_KEY`,
  );
}
await serve(app, { name: 'auth-server', host: settings.HOST, port: settings.PORT });

/** Without secrets no nonce is demanded. */
function noncesOf(settings: Settings): Nonces | undefined {
  const secrets = settings.NONCE_SECRETS;
  if (secrets.length === 0) return undefined;
  return createNonces({ secrets: () => secrets, server: publicOrigin.of(settings) });
}

/** The first keys are made, or opened with the operator's secret, before anything listens. */
async function buildAuthServerOrExit(options: AuthServerOptions): Promise<FastifyInstance> {
  try {
    return await buildAuthServer(options);
  } catch (error) {
    await database.close();
    process.stderr.write(`auth-server: ${faultSentence(error)}\n`);
    process.exit(1);
  }
}

function clientsOrExit({ CLIENTS_FILE: file, RESOURCES, PRESET }: Settings): Iterable<Client> {
  if (file === '') return demoClients(RESOURCES);
  try {
    return readClients(file, POLICIES[PRESET as PresetName]);
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    process.stderr.write(`auth-server: CLIENTS_FILE: ${sentence}\n`);
    process.exit(2);
  }
}
