import { serve, settingsOrExit } from '@keybound/app-kit';
import { buildClient } from './app.ts';
import { compare } from './comparison/compare.ts';
import { laneSettings } from './lane-settings.ts';
import { client } from './settings.ts';

const settings = settingsOrExit(client);
const app = await buildClient({
  play: () => compare(laneSettings(settings), (sentence) => app.log.info(sentence)),
  logLevel: settings.LOG_LEVEL,
});
await serve(app, { name: 'client', host: settings.HOST, port: settings.PORT });
