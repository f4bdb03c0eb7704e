import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { CHROMIUM, PATIENCE_MS, signIn } from './actions.ts';
import { type LabServers, startLabServers } from './lab-servers.ts';

/** A page of the lab, and what it complained about. */
export interface LabPage {
  readonly page: Page;
  /** Errors of the console and of scripts, and violations of the policy. */
  readonly complaints: readonly string[];
}

/** Everything a test of the lab needs, for one file. */
export interface LabFixture {
  readonly servers: LabServers;
  /** A browser profile of its own, which ends with the test. */
  newContext(options?: Parameters<Browser['newContext']>[0]): Promise<BrowserContext>;
  /** Opens the lab and waits until it can be used. */
  openLab(context: BrowserContext): Promise<LabPage>;
  /** Opens the lab in a profile of its own and signs in. */
  openSignedIn(): Promise<LabPage & { readonly context: BrowserContext }>;
}

// That a server refuses is what the lab is about; the console of Chromium notes each refusal.
const REFUSAL = /^Failed to load resource: the server responded with a status of 40[01]/;

/** Starts servers and browser for the file it is called in. */
export function useLab(): LabFixture {
  let servers: LabServers;
  let browser: Browser;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    [servers, browser] = await Promise.all([
      startLabServers(),
      chromium.launch({
        executablePath: CHROMIUM ?? '',
        args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
      }),
    ]);
  }, PATIENCE_MS);
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
    await servers?.close();
  });

  const fixture: LabFixture = {
    get servers() {
      return servers;
    },
    async newContext(options): Promise<BrowserContext> {
      const context = await browser.newContext(options);
      context.setDefaultTimeout(PATIENCE_MS);
      contexts.push(context);
      return context;
    },
    async openLab(context): Promise<LabPage> {
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() !== 'error' || REFUSAL.test(message.text())) return;
        complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      await page.goto(servers.lab.origin);
      await page
        .locator('#sign-in-title ~ * button:enabled, #thumbprint, #fault')
        .first()
        .waitFor();
      return { page, complaints };
    },
    async openSignedIn() {
      const context = await fixture.newContext();
      const lab = await fixture.openLab(context);
      await signIn(lab.page);
      return { ...lab, context };
    },
  };
  return fixture;
}
