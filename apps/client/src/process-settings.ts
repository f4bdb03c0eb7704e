import type { ProcessSettings } from './node/play-comparison.ts';
import type { Settings } from './settings.ts';

/** The part of the settings that the comparison works with. */
export function processSettings(settings: Settings): ProcessSettings {
  return {
    issuer: settings.ISSUER,
    resource: settings.RESOURCE,
    apiKey: settings.API_KEY,
    clients: {
      opaque: { id: settings.OPAQUE_CLIENT_ID, secret: settings.OPAQUE_CLIENT_SECRET },
      jwt: { id: settings.JWT_CLIENT_ID, secret: settings.JWT_CLIENT_SECRET },
      dpop: { id: settings.DPOP_CLIENT_ID, secret: settings.DPOP_CLIENT_SECRET },
    },
    apps: {
      opaque: settings.OPAQUE_APP_ID,
      jwt: settings.JWT_APP_ID,
      dpop: settings.DPOP_APP_ID,
    },
    web: { id: settings.WEB_CLIENT_ID, secret: settings.WEB_CLIENT_SECRET },
    account: { username: settings.ACCOUNT_NAME, password: settings.ACCOUNT_PASSWORD },
  };
}
