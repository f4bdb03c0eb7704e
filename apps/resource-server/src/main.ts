import { randomBytes } from 'node:crypto';
import { publicOrigin, serve, settingsOrExit } from '@keybound/app-kit';
import type { PresetName } from '@keybound/dpop';
import { buildResourceServer } from './app.ts';
import { resourceServer } from './settings.ts';

const settings = settingsOrExit(resourceServer);
const nonceSecrets =
  settings.NONCE_SECRETS.length > 0
    ? settings.NONCE_SECRETS
    : [randomBytes(32).toString('base64url')];

const app = await buildResourceServer({
  publicOrigin: publicOrigin.of(settings),
  issuer: settings.ISSUER,
  introspection: {
    clientId: settings.INTROSPECTION_CLIENT_ID,
    clientSecret: settings.INTROSPECTION_CLIENT_SECRET,
  },
  apiKey: settings.API_KEY,
  nonceSecrets,
  preset: settings.PRESET as PresetName,
  logLevel: settings.LOG_LEVEL,
});
await serve(app, { name: 'resource-server', host: settings.HOST, port: settings.PORT });
