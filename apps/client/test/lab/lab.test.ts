import { describe, expect, it } from 'vitest';
import { LANES } from '../../src/comparison/lanes.ts';
import { cellWords } from '../../src/report/words.ts';
import { CHROMIUM, cellsOf, PATIENCE_MS, runAll, runStory, signIn } from './support/actions.ts';
import { axeViolations } from './support/axe.ts';
import { useLab } from './support/browser.ts';

describe.runIf(CHROMIUM)('the lab in Chromium', { timeout: 3 * PATIENCE_MS }, () => {
  const lab = useLab();

  it('sign in, run all → the table is that of the command line; nothing on the console; no accessibility violation', async () => {
    const { page, complaints } = await lab.openSignedIn();
    await runAll(page);
    const report = await lab.servers.playFromProcess();
    const table = Object.fromEntries(
      report.rows.map((row) => [
        row.id,
        Object.fromEntries(
          LANES.flatMap(({ id, title }) => {
            const { text, mood } = cellWords(row, id);
            return mood === 'none' ? [] : [[title, text]];
          }),
        ),
      ]),
    );
    const seen: Record<string, unknown> = {};
    for (const { id } of report.rows) seen[id] = await cellsOf(page, id);
    expect(seen).toEqual(table);
    expect(Object.keys(table).length).toBeGreaterThanOrEqual(20);
    expect(await page.locator('.progress').textContent()).toBe(
      'Done. Every cell is as it must be.',
    );
    const costs = await page.locator('.costs tbody th').allTextContents();
    expect(costs).toEqual([
      'credential bytes a request',
      'µs to sign a request',
      'µs to check it at the API',
      'ms a request, median',
      'requests to the first answer',
    ]);
    expect(complaints).toEqual([]);
    expect(await axeViolations(page)).toEqual([]);

    // The frame of the thief, which is a page of its own.
    const desk = page.frames().find((frame) => frame.url().endsWith('/desk.html'));
    expect(await desk?.locator('.loot li').count()).toBeGreaterThan(10);
  });

  it('a cell opens its requests, with the check that failed marked, its reason and its section', async () => {
    const { page } = await lab.openSignedIn();
    await runStory(page, 'replay');
    await page.locator('#story-replay td[data-lane="DPoP"] button').click();
    const dialog = page.getByRole('dialog', { name: 'whole request replayed · DPoP' });
    await expect.poll(() => dialog.locator('.exchange-one').count()).toBe(2);
    const thief = dialog.locator('.exchange-one').last();
    expect(await thief.locator('h3').textContent()).toContain('The thief sends');
    expect(await thief.locator('pre').first().textContent()).toMatch(
      /authorization: DPoP ey.*dpop: ey/s,
    );
    expect(await thief.locator('.check.failed').textContent()).toMatch(
      /✗.*RFC 9449.*proof_replayed.*used before/s,
    );
    expect(await thief.locator('.check.passed').count()).toBeGreaterThan(15);
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog.count()).toBe(0);
  });

  it.each(['light', 'dark'] as const)(
    'at the width of a phone, %s → no horizontal scroll, no accessibility violation, keyboard reaches a story',
    async (colorScheme) => {
      const context = await lab.newContext({ viewport: { width: 320, height: 700 }, colorScheme });
      const { page } = await lab.openLab(context);
      await signIn(page);
      await runStory(page, 'log-line');
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBe(0);
      expect(await axeViolations(page)).toEqual([]);
      const run = page.locator('#story-honest .run');
      await run.focus();
      await page.keyboard.press('Enter');
      await page.locator('#story-honest td[data-lane="DPoP"] button').waitFor();
      expect((await cellsOf(page, 'honest')).DPoP).toBe('201 ok');
    },
  );

  it('the policy has no exceptions, nothing violates it, and the page loads under 150 kB', async () => {
    const context = await lab.newContext();
    const sizes: number[] = [];
    context.on('response', async (response) => {
      if (response.url().startsWith(lab.servers.lab.origin)) {
        sizes.push((await response.request().sizes()).responseBodySize);
      }
    });
    const { page, complaints } = await lab.openLab(context);
    await page.waitForLoadState('networkidle');
    const response = await fetch(lab.servers.lab.origin);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toMatch(/unsafe|nonce-|sha\d|data:|blob:|\*/);
    expect(complaints).toEqual([]);
    expect(sizes.length).toBeGreaterThan(4);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
  });

  it('an order to the desk that does not come from the lab → nothing is sent', async () => {
    const { page } = await lab.openSignedIn();
    const desk = page.frames().find((frame) => frame.url().endsWith('/desk.html'));
    const url = `${lab.servers.resourceServer.origin}/bearer/notes`;
    const request = { method: 'GET', url, headers: {} };
    const before = lab.servers.resourceServer.log.length;
    // Neither its origin nor its window is that of the lab.
    await desk?.evaluate((order) => window.postMessage(order, '*'), {
      kind: 'send',
      story: 'forged',
      request,
    });
    await runStory(page, 'log-line');
    expect(
      await desk?.locator('.loot li', { hasText: 'token from a log line' }).count(),
    ).toBeGreaterThan(0);
    expect(await desk?.locator('.loot li', { hasText: 'forged' }).count()).toBe(0);
    const calls = lab.servers.resourceServer.log.slice(before);
    expect(calls).not.toContain('GET /bearer/notes 401');
  });

  it('the inspector judges a request in the page: as made it passes, as of later it is too old, and nothing pasted leaves', async () => {
    const { page } = await lab.openSignedIn();
    await runStory(page, 'in-place');
    const sent: string[] = [];
    page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
    await page.getByRole('button', { name: 'Use the last request of the DPoP lane' }).click();
    await page.getByLabel('as of when the proof was made').check();
    await page.getByRole('button', { name: 'Inspect' }).click();
    const verdict = page.locator('#inspection .verdict');
    await expect.poll(() => verdict.textContent()).toBe('Our verifier lets this in');
    await page.getByLabel('Method', { exact: true }).fill('DELETE');
    await page.getByRole('button', { name: 'Inspect' }).click();
    await expect.poll(() => verdict.textContent()).toContain('htm_mismatch');
    expect(await page.locator('#inspection .check.failed').count()).toBe(1);
    await page.getByLabel('Header fields or a curl line').fill('curl https://api.example/');
    await page.getByRole('button', { name: 'Inspect' }).click();
    await expect
      .poll(() => page.locator('#inspection .bad').textContent())
      .toContain('neither an Authorization field nor a DPoP field');
    expect(sent.filter((line) => !line.endsWith('/jwks '))).toEqual([]);
  });
});
