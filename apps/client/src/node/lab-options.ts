import { publicOrigin } from '@keybound/app-kit';
import { processSettings } from '../process-settings.ts';
import { PUBLISHED_ACCOUNT, type Settings } from '../settings.ts';
import { buildLabFiles } from './lab-files.ts';
import type { LabOptions } from './lab-routes.ts';
import { playScenario } from './play-comparison.ts';
import { createScriptedPerson } from './scripted-person.ts';

/** Builds the lab for the settings of the client. */
export async function labOptions(settings: Settings): Promise<LabOptions> {
  const played = processSettings(settings);
  const { issuer, resource, apiKey, account } = played;
  const isPublished =
    account.username === PUBLISHED_ACCOUNT.username &&
    account.password === PUBLISHED_ACCOUNT.password;
  return {
    config: {
      issuer,
      resource,
      apiKey,
      apps: {
        opaque: settings.LAB_OPAQUE_APP_ID,
        jwt: settings.LAB_JWT_APP_ID,
        dpop: settings.LAB_DPOP_APP_ID,
      },
      labOrigin: publicOrigin.of(settings),
      deskOrigin: settings.DESK_ORIGIN || `http://127.0.0.1:${settings.PORT}`,
      account: isPublished ? account : undefined,
    },
    files: await buildLabFiles(),
    // It gives codes to whoever may ask, so it is nobody whose password means anything.
    person: isPublished ? createScriptedPerson(account) : undefined,
    playWithSecret: (scenario) => playScenario(played, scenario),
  };
}
