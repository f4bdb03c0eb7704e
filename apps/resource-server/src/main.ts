import { EXIT_BAD_SETTINGS, publicOrigin, serve, settingsOrExit } from '@keybound/app-kit';
import { createNonces, type PresetName } from '@keybound/dpop';
import { buildResourceServer } from './app.ts';
import { createNonceSecrets } from './nonce-secrets.ts';
import { resourceServer } from './settings.ts';

const settings = settingsOrExit(resourceServer);

const app = await buildResourceServer({
  publicOrigin: publicOrigin.of(settings),
  issuer: settings.ISSUER,
  introspection: {
    clientId: settings.INTROSPECTION_CLIENT_ID,
    clientSecret: settings.INTROSPECTION_CLIENT_SECRET,
  },
  apiKey: settings.API_KEY,
  nonces: createNonces({
    secrets: nonceSecretsOrExit(),
    server: publicOrigin.of(settings),
    stepSeconds: settings.NONCE_STEP_SECONDS,
  }),
  redisUrl: settings.REDIS_URL || undefined,
  furtherOrigins: settings.FURTHER_ORIGINS,
  mountPrefix: settings.MOUNT_PREFIX,
  trustedProxies: settings.TRUSTED_PROXIES,
  forwarded: settings.FORWARDED as 'x-forwarded' | 'forwarded',
  forwardAuth: settings.FORWARD_AUTH as 'off' | 'x-original' | 'x-forwarded',
  explainsTargets: process.env.NODE_ENV !== 'production',
  preset: settings.PRESET as PresetName,
  logLevel: settings.LOG_LEVEL,
});
await serve(app, { name: 'resource-server', host: settings.HOST, port: settings.PORT });

function nonceSecretsOrExit(): () => readonly string[] {
  try {
    return createNonceSecrets({
      listed: settings.NONCE_SECRETS,
      file: settings.NONCE_SECRETS_FILE || undefined,
      onFault: (error) =>
        app.log.error({ err: error }, 'NONCE_SECRETS_FILE cannot be used; the secrets stay'),
    });
  } catch (error) {
    const { message } = error as Error;
    process.stderr.write(`resource-server: NONCE_SECRETS_FILE: ${message}\n`);
    process.exit(EXIT_BAD_SETTINGS);
  }
}
