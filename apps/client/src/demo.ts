import { randomBytes } from 'node:crypto';
import { EXIT_BAD_SETTINGS, onStop, readSettings } from '@keybound/app-kit';
import { buildClient } from './app.ts';
import type { Report } from './comparison/compare.ts';
import { type DemoOptions, parseOptions, USAGE } from './demo/options.ts';
import { busyServers, type ServerProcess, startServer, stoppable } from './demo/server-process.ts';
import { labOptions } from './node/lab-options.ts';
import { playComparison } from './node/play-comparison.ts';
import { processSettings } from './process-settings.ts';
import { formatTable } from './report/table.ts';
import { client } from './settings.ts';

/** Short, so that the demo can wait for the end of a token; long enough for any one story. */
const TOKEN_SECONDS = 4;
/** Clients, thieves and the API all call from one address here. */
const REQUESTS_PER_MINUTE = 10_000;

const options = parseOptions(process.argv.slice(2));
if (options === 'help') {
  process.stdout.write(`${USAGE}\n`);
} else if ('fault' in options) {
  process.stderr.write(`${options.fault}\n\n${USAGE}\n`);
  process.exitCode = EXIT_BAD_SETTINGS;
} else {
  await runDemo(options);
}

/** Progress goes to standard error, so that standard output is the report alone. */
function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

async function runDemo({ once, json, portBase }: DemoOptions): Promise<void> {
  const authServer = { name: 'auth-server', port: portBase };
  const resourceServer = { name: 'resource-server', port: portBase + 1 };
  const clientServer = { name: 'client', port: portBase + 2 };
  const origin = ({ port }: { port: number }): string => `http://localhost:${port}`;

  const busy = await busyServers([authServer, resourceServer, clientServer]);
  for (const { name, port } of busy) say(`port ${port} for ${name} is in use`);
  if (busy.length > 0) {
    say('Free it, or choose other ports with --port-base N.');
    process.exitCode = 1;
    return;
  }

  const running: ServerProcess[] = [];
  let stopping: Promise<void> | undefined;
  const stopAll = (): Promise<void> => {
    stopping ??= Promise.all(running.map((server) => server.stop())).then(() => undefined);
    return stopping;
  };
  onStop(() => stopAll().then(() => process.exit()));

  try {
    const environment = {
      LOG_LEVEL: 'warn',
      ISSUER: origin(authServer),
      RESOURCES: origin(resourceServer),
      NONCE_SECRETS: randomBytes(32).toString('base64url'),
      ACCESS_TOKEN_SECONDS: String(TOKEN_SECONDS),
      REQUESTS_PER_MINUTE: String(REQUESTS_PER_MINUTE),
    };
    for (const plan of [authServer, resourceServer]) {
      say(`starting ${plan.name}`);
      running.push(await startServer(plan, { ...environment, PUBLIC_ORIGIN: origin(plan) }));
      say(`${plan.name} is up at ${origin(plan)}`);
    }
    const settings = readSettings(client, [], {
      ISSUER: origin(authServer),
      RESOURCE: origin(resourceServer),
      PORT: String(clientServer.port),
    });
    if (!('settings' in settings)) throw new Error(settings.message);
    const lanes = processSettings(settings.settings);
    const lab = labOptions(settings.settings);
    // It is awaited later; a failure before that must not end the process.
    lab.catch(() => {});

    const report = await playComparison(lanes, say);
    const page = await buildClient({
      play: () => playComparison(lanes, say),
      report,
      lab: await lab,
      logLevel: 'warn',
    });
    await page.listen({ host: '127.0.0.1', port: clientServer.port });
    running.push(stoppable(page));
    say(`client is up at ${origin(clientServer)}`);
    print(report, json);

    if (!report.asExpected) process.exitCode = 1;
    if (!once) {
      say(
        `\nThe servers stay up. Steal tokens yourself: ${origin(clientServer)} · the same table as a page: ${origin(clientServer)}/report · Ctrl-C ends them.`,
      );
      await new Promise(() => {});
    }
  } catch (error) {
    // Requests fail when the servers are told to stop in the middle; that is no news.
    if (stopping === undefined) {
      say(error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    }
  } finally {
    await stopAll();
  }
}

function print(report: Report, json: boolean): void {
  const { isTTY, columns } = process.stdout;
  const colour = isTTY === true && process.env.NO_COLOR === undefined;
  const text = json
    ? JSON.stringify(report, undefined, 2)
    : `\n${formatTable(report, { colour, columns })}\n`;
  process.stdout.write(`${text}\n`);
}
