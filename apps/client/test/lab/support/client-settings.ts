import { readSettings } from '@keybound/app-kit';
import { client, type Settings } from '../../../src/settings.ts';

/** The settings of the client with the defaults of the demonstration. */
export function readClientSettings(environment: NodeJS.ProcessEnv): Settings {
  const result = readSettings(client, [], environment);
  if ('settings' in result) return result.settings;
  throw new Error(result.message);
}
