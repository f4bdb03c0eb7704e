import { describe, expect, it } from 'vitest';
import {
  CHROMIUM,
  cellsOf,
  PATIENCE_MS,
  passThroughPages,
  runStory,
  signIn,
} from './support/actions.ts';
import { useLab } from './support/browser.ts';

describe.runIf(CHROMIUM)('bad days of the lab in Chromium', { timeout: 2 * PATIENCE_MS }, () => {
  const lab = useLab();

  it('the authorization server is down when the lab opens → a sentence; when it is back, "Try again" opens the lab', async () => {
    lab.servers.authServer.isDown = true;
    const { page } = await lab.openLab(await lab.newContext());
    const fault = page.getByRole('alert');
    expect(await fault.textContent()).toContain('The authorization server does not answer.');
    lab.servers.authServer.isDown = false;
    await fault.getByRole('button', { name: 'Try again' }).click();
    await signIn(page);
    expect(await fault.count()).toBe(0);
  });

  it('the authorization server is down when somebody signs in → a sentence; then signing in works', async () => {
    const { page } = await lab.openLab(await lab.newContext());
    lab.servers.authServer.isDown = true;
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    const fault = page.getByRole('alert');
    await fault.waitFor();
    expect(await fault.textContent()).toContain('The authorization server does not answer.');
    lab.servers.authServer.isDown = false;
    await signIn(page);
    expect(await fault.count()).toBe(0);
  });

  it('the authorization server is down when a token has to be renewed → a sentence, still signed in; then it goes on', async () => {
    const { page } = await lab.openSignedIn();
    await runStory(page, 'honest');
    lab.servers.authServer.isDown = true;
    await page.locator('#story-honest .run').click();
    const fault = page.getByRole('alert');
    await fault.waitFor();
    expect(await fault.textContent()).toContain('The authorization server does not answer.');
    lab.servers.authServer.isDown = false;
    await fault.getByRole('button', { name: 'Try again' }).click();
    await runStory(page, 'replay');
    expect((await cellsOf(page, 'replay')).DPoP).toBe('401 proof_replayed');
  });

  it('the API is down → a sentence, still signed in; then it goes on', async () => {
    const { page } = await lab.openSignedIn();
    lab.servers.resourceServer.isDown = true;
    await page.locator('#story-honest .run').click();
    const fault = page.getByRole('alert');
    await fault.waitFor();
    expect(await fault.textContent()).toContain('The API does not answer.');
    lab.servers.resourceServer.isDown = false;
    await fault.getByRole('button', { name: 'Try again' }).click();
    await runStory(page, 'honest');
    expect((await cellsOf(page, 'honest')).DPoP).toBe('201 ok');
  });

  it('the person denies → a sentence, nothing kept; the next sign-in works', async () => {
    const { page } = await lab.openLab(await lab.newContext());
    const opening = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    const window = await opening;
    await window.fill('input[name=username]', 'alice');
    await window.fill('input[name=password]', 'demo-password-of-alice');
    await window.press('input[name=password]', 'Enter');
    await window.click('button[value=deny]');
    const fault = page.getByRole('alert');
    await fault.waitFor();
    expect(await fault.textContent()).toContain('You did not allow access');
    expect(window.isClosed()).toBe(true);
    await signIn(page);
  });

  it('the person closes the window → a sentence; the next sign-in works', async () => {
    const { page } = await lab.openLab(await lab.newContext());
    const opening = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    const window = await opening;
    await window.locator('input[name=username]').waitFor();
    await window.close();
    const fault = page.getByRole('alert');
    await fault.waitFor();
    expect(await fault.textContent()).toContain('window was closed before you were done');
    await signIn(page);
  });

  it('the browser opens no window → a sentence, and signing in on the page itself works', async () => {
    const context = await lab.newContext();
    await context.addInitScript('window.open = () => null');
    const { page, complaints } = await lab.openLab(context);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    const fault = page.getByRole('alert');
    await fault.waitFor();
    expect(await fault.textContent()).toContain('Your browser did not open a window');
    await fault.getByRole('button', { name: 'Sign in on this page' }).click();
    await passThroughPages(page, page.locator('#thumbprint').waitFor());
    // What the browser was sent back with is in no history.
    expect(page.url()).toBe(`${lab.servers.lab.origin}/`);
    await runStory(page, 'honest');
    expect((await cellsOf(page, 'honest'))['JWT bearer']).toBe('201 ok');
    expect(complaints).toEqual([]);
  });

  it('signed out in another tab → a sentence at the next story, and signing in again goes on', async () => {
    const { page, context } = await lab.openSignedIn();
    await runStory(page, 'honest');
    const other = await lab.openLab(context);
    await other.page.getByRole('button', { name: 'Sign out' }).click();
    await other.page.locator('.progress', { hasText: 'the tokens are revoked' }).waitFor();
    expect(
      lab.servers.authServer.log.filter((line) => line === 'POST /revoke 200').length,
    ).toBeGreaterThanOrEqual(3);
    await page.locator('#story-honest .run').click();
    const fault = page.getByRole('alert');
    await fault.waitFor();
    expect(await fault.textContent()).toContain('You are signed out: another tab signed out');
    await signIn(page);
    await runStory(page, 'log-line');
    expect((await cellsOf(page, 'log-line')).DPoP).toBe('401 key_mismatch');
  });

  it('the API is back but the person is not signed in → nothing can be run, and the page says why', async () => {
    const { page } = await lab.openLab(await lab.newContext());
    expect(await page.locator('.run:enabled').count()).toBe(0);
    expect(await page.locator('#lanes').textContent()).toContain('Sign in first');
  });
});
