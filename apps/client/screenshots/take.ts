/**
 * `npm run screenshots`: the pictures of the README and of docs/, taken from the running lab. Starts the
 * three apps on free ports, signs in, runs every story, and ends them again.
 */
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM, runAll, runStory, signIn } from '../test/lab/support/actions.ts';
import { startLabServers } from '../test/lab/support/lab-servers.ts';

const FOLDER = fileURLToPath(new URL('../../../docs/images/', import.meta.url));

if (CHROMIUM === undefined) process.exit(1);
const servers = await startLabServers();
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  await openSignedIn(page);
  await runAll(page);
  // Where a visitor looks: the table, and what stands beside it.
  await scrollTo(page, '#lanes');
  await page.screenshot({ path: `${FOLDER}lab.png` });
  await page.emulateMedia({ colorScheme: 'dark' });
  await scrollTo(page, '#limits');
  await page.screenshot({ path: `${FOLDER}lab-limits-dark.png` });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.locator('#story-replay td[data-lane="DPoP"] button').click();
  await page.locator('dialog .check.failed').first().waitFor();
  await page
    .locator('dialog .exchange-one')
    .last()
    .evaluate((element) => element.scrollIntoView({ behavior: 'instant' }));
  await page.screenshot({ path: `${FOLDER}lab-checks.png` });

  const phone = await browser.newPage({ viewport: { width: 360, height: 740 } });
  await openSignedIn(phone);
  await runStory(phone, 'log-line');
  await scrollTo(phone, '#story-log-line');
  await phone.screenshot({ path: `${FOLDER}lab-phone.png` });
  process.stdout.write(`pictures are in docs/images\n`);
} finally {
  await browser.close();
  await servers.close();
}

async function openSignedIn(page: Page): Promise<void> {
  await page.goto(servers.lab.origin);
  await page.locator('#sign-in-title ~ * button:enabled').first().waitFor();
  await signIn(page);
}

async function scrollTo(page: Page, selector: string): Promise<void> {
  await page
    .locator(selector)
    .evaluate((element) => element.scrollIntoView({ behavior: 'instant', block: 'start' }));
}
