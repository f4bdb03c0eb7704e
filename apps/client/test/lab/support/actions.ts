import { PROGRAMS, programOrSkip } from '@keybound/test-kit';
import type { Page } from 'playwright-core';

/** Where Chromium is; without it, tests are skipped loudly, and in CI fail. */
export const CHROMIUM: string | undefined = programOrSkip(PROGRAMS.chromium);

/** How long something may take in a browser on a machine that is busy. */
export const PATIENCE_MS = 60_000;

/** Signs in as the demonstration's person, in the window that the lab opens. */
export async function signIn(page: Page): Promise<void> {
  const opening = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await passThroughPages(await opening, page.locator('#thumbprint').waitFor());
}

/** Answers whatever the authorization server asks, until something else has happened. */
export async function passThroughPages(window: Page, done: Promise<unknown>): Promise<void> {
  let isDone = false;
  const end = done.then(() => {
    isDone = true;
  });
  while (!isDone) {
    const form = window.locator('input[name=password], button[value=allow]').first();
    const shown = form.waitFor().then(
      () => true,
      () => false,
    );
    if (!(await Promise.race([shown, end.then(() => false)]))) break;
    const before = window.url();
    if (
      await window
        .locator('input[name=password]')
        .isVisible()
        .catch(() => false)
    ) {
      await window.fill('input[name=username]', 'alice');
      await window.fill('input[name=password]', 'demo-password-of-alice');
      await window.press('input[name=password]', 'Enter');
      await window.locator('button[value=allow]').waitFor();
    } else {
      await window.click('button[value=allow]').catch(() => undefined);
      const left = window.waitForURL((url) => url.href !== before).catch(() => undefined);
      await Promise.race([left, end]);
    }
  }
  await end;
}

/** Runs all stories and waits for the end. */
export async function runAll(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Run all/ }).click();
  await page.locator('.progress', { hasText: /^Done/ }).waitFor();
}

/** Runs one story and waits for the end. */
export async function runStory(page: Page, id: string): Promise<void> {
  await page.locator(`#story-${id} .run`).click();
  await page.locator('.progress', { hasText: /^Done/ }).or(page.locator('#fault')).waitFor();
}

/** What the cells of a story say, by lane; stories that do not apply say nothing. */
export async function cellsOf(page: Page, id: string): Promise<Record<string, string>> {
  const cells = await page.locator(`#story-${id} td:has(button)`).all();
  const entries = await Promise.all(
    cells.map(async (cell) => [
      (await cell.getAttribute('data-lane')) ?? '',
      (await cell.locator('button').textContent()) ?? '',
    ]),
  );
  return Object.fromEntries(entries);
}
