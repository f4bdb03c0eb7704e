import { serve, settingsOrExit } from '@keybound/app-kit';
import { buildClient } from './app.ts';
import { labOptions } from './node/lab-options.ts';
import { playComparison } from './node/play-comparison.ts';
import { processSettings } from './process-settings.ts';
import { client } from './settings.ts';

const settings = settingsOrExit(client);
const app = await buildClient({
  lab: await labOptions(settings),
  play: () => playComparison(processSettings(settings), (sentence) => app.log.info(sentence)),
  logLevel: settings.LOG_LEVEL,
});
await serve(app, { name: 'client', host: settings.HOST, port: settings.PORT });
