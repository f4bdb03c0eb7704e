import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { REPORT_MARK, type SuiteReport } from './engine/report.ts';
import { COMPATIBILITY_DATE, type Engine } from './engines.ts';

const PATIENCE_MS = 900_000;

/** Runs programs on one engine. */
export interface ProgramRunner {
  /** @throws Error when the program ends without a report. */
  run(program: string): Promise<SuiteReport>;
}

/** The way to run a program on an engine that is installed at a place. */
export function programRunner(kind: Engine['kind'], place: string): ProgramRunner {
  switch (kind) {
    case 'node':
      return processRunner(place, []);
    case 'bun':
      return processRunner(place, ['run']);
    case 'deno':
      return processRunner(place, [
        'run',
        '--allow-all',
        '--no-check',
        '--cached-only',
        '--node-modules-dir=manual',
      ]);
    case 'workerd':
      return { run: (program) => inTime((patience) => runInWorkerd(place, program, patience)) };
    case 'chromium':
      return { run: (program) => inTime((patience) => runInChromium(place, program, patience)) };
  }
}

function processRunner(command: string, options: readonly string[]): ProgramRunner {
  return {
    run: (program) =>
      new Promise((done, fail) => {
        execFile(
          command,
          [...options, program],
          { timeout: PATIENCE_MS, killSignal: 'SIGKILL', maxBuffer: 2 ** 28 },
          (error, stdout, stderr) => {
            const line = stdout.split('\n').findLast((one) => one.startsWith(REPORT_MARK));
            if (line !== undefined) done(JSON.parse(line.slice(REPORT_MARK.length)));
            else
              fail(
                new Error(`no report: ${error?.message.split('\n')[0]}\n${stderr.slice(-2000)}`),
              );
          },
        );
      }),
  };
}

/** Runs with a promise that fails when patience is at its end. */
async function inTime(
  run: (patience: Promise<never>) => Promise<SuiteReport>,
): Promise<SuiteReport> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, fail) => {
    const end = (): void => fail(new Error(`no report in ${PATIENCE_MS / 1000} s`));
    timer = setTimeout(end, PATIENCE_MS);
  });
  try {
    return await run(patience);
  } finally {
    clearTimeout(timer);
  }
}

/** The parts of miniflare that are used; it is installed when the matrix runs. */
interface Miniflare {
  dispatchFetch(url: string): Promise<Response>;
  dispose(): Promise<void>;
}

async function runInWorkerd(
  folder: string,
  program: string,
  patience: Promise<never>,
): Promise<SuiteReport> {
  const { Miniflare } = await importFrom(folder, 'miniflare');
  const miniflare: Miniflare = new Miniflare({
    modules: [{ type: 'ESModule', path: 'program.mjs', contents: readFileSync(program, 'utf8') }],
    compatibilityDate: COMPATIBILITY_DATE,
    compatibilityFlags: ['nodejs_compat'],
    host: '127.0.0.1',
    // Else it asks the network where it is.
    cf: false,
  });
  try {
    const response = await Promise.race([miniflare.dispatchFetch('http://localhost/'), patience]);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`no report: ${text.slice(0, 2000)}`);
    return JSON.parse(text);
  } finally {
    await miniflare.dispose();
  }
}

/** The parts of Playwright that are used; the client is the workspace that has it. */
interface Chromium {
  launch(options: object): Promise<{
    newPage(): Promise<{
      goto(url: string): Promise<unknown>;
      evaluate(script: string): Promise<unknown>;
    }>;
    close(): Promise<void>;
  }>;
}

/** In a page of a loopback origin, where pages may use WebCrypto and keep things. */
async function runInChromium(
  executablePath: string,
  program: string,
  patience: Promise<never>,
): Promise<SuiteReport> {
  const playwright = await importFrom('apps/client', 'playwright-core');
  const { chromium }: { chromium: Chromium } = playwright.default;
  const server = createServer((request, response) => {
    const isProgram = request.url === '/program.mjs';
    response.setHeader('content-type', isProgram ? 'text/javascript' : 'text/html; charset=utf-8');
    // Only so there is memory to share.
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-embedder-policy', 'require-corp');
    response.end(isProgram ? readFileSync(program) : '<!doctype html><title>tests</title>');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${port}/`);
    const report = page.evaluate(`import('/program.mjs').then(() => globalThis.main())`);
    return (await Promise.race([report, patience])) as SuiteReport;
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

/** A package as the project in a folder has it. */
function importFrom(folder: string, name: string) {
  const entry = createRequire(resolve(folder, 'package.json')).resolve(name);
  return import(pathToFileURL(entry).href);
}
