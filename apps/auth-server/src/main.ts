import { publicOrigin, serve, settingsOrExit } from '@keybound/app-kit';
import type { PresetName } from '@keybound/dpop';
import { buildAuthServer } from './app.ts';
import { type ClientRegistry, readClients } from './clients/client.ts';
import { demoClients } from './clients/demo-clients.ts';
import { authServer, type Settings } from './settings.ts';

const settings = settingsOrExit(authServer);
const app = await buildAuthServer({
  issuer: publicOrigin.of(settings),
  resources: settings.RESOURCES,
  clients: clientsOrExit(settings),
  nonceSecrets: settings.NONCE_SECRETS,
  preset: settings.PRESET as PresetName,
  accessTokenSeconds: settings.ACCESS_TOKEN_SECONDS,
  logLevel: settings.LOG_LEVEL,
});
if (settings.CLIENTS_FILE === '')
  app.log.warn('demonstration clients are in use: set CLIENTS_FILE');
await serve(app, { name: 'auth-server', host: settings.HOST, port: settings.PORT });

function clientsOrExit({ CLIENTS_FILE: file, RESOURCES: resources }: Settings): ClientRegistry {
  if (file === '') return demoClients(resources);
  try {
    return readClients(file);
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    process.stderr.write(`auth-server: CLIENTS_FILE: ${sentence}\n`);
    process.exit(2);
  }
}
